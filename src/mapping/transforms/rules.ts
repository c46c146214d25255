import type { PlainTransform } from '../document/transform-schema.ts';
import { defaultRule, joinRule, pickRule, splitRule } from './list-rules.ts';
import { booleanRule, durationRule, numberRule, valueMapRule } from './number-rules.ts';
import type { TransformRule } from './rule.ts';
import {
  caseRule,
  emailRule,
  firstSentenceRule,
  htmlRule,
  phoneRule,
  plainTextRule,
  trimRule,
  truncateRule,
  urlRule,
  wordsRule,
} from './text-rules.ts';
import { addTimeRule, dateRule, dateTimeRule } from './time-rules.ts';

/** What a transform of the document does. */
export function ruleOf(transform: PlainTransform): TransformRule {
  switch (transform.use) {
    case 'trim':
      return trimRule;
    case 'case':
      return caseRule(transform);
    case 'words':
      return wordsRule;
    case 'first_sentence':
      return firstSentenceRule;
    case 'phone':
      return phoneRule(transform);
    case 'email':
      return emailRule(transform);
    case 'url':
      return urlRule(transform);
    case 'date':
      return dateRule(transform);
    case 'date_time':
      return dateTimeRule(transform);
    case 'add_time':
      return addTimeRule(transform);
    case 'number':
      return numberRule(transform);
    case 'boolean':
      return booleanRule(transform);
    case 'duration':
      return durationRule(transform);
    case 'value_map':
      return valueMapRule(transform);
    case 'split':
      return splitRule(transform);
    case 'join':
      return joinRule(transform);
    case 'pick':
      return pickRule(transform);
    case 'default':
      return defaultRule(transform);
    case 'truncate':
      return truncateRule(transform);
    case 'plain_text':
      return plainTextRule;
    case 'html':
      return htmlRule(transform);
  }
}
