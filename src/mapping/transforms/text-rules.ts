import { normaliseEmail } from '../../domain/caller.ts';
import { parseNumber } from '../../domain/phone.ts';
import type { PlainTransform } from '../document/transform-schema.ts';
import { words } from '../plain-description.ts';
import { firstSentence, htmlLines, truncate } from '../text.ts';
import { plainText } from './plain-text.ts';
import { checkedTextRule, ofType, onText, TEXT_LIKE, textRule, type TransformRule } from './rule.ts';

type Options<U extends PlainTransform['use']> = Extract<PlainTransform, { use: U }>;

/** `+`, a country code and a number: fifteen digits at most (ITU-T E.164). */
const E164_LENGTH = 16;
/** What a server should be able to take (RFC 9110, 4.1); half of a link is none. */
const URL_LENGTH = 8_000;
/** An escaped quotation mark, `&quot;`, is the longest that one character becomes. */
const ESCAPED = 6;
/** A few letters become three when their case changes. */
const CASED = 3;

/** Numbers without a country code are read as ones of this country where nobody said which. */
const DEFAULT_COUNTRY = 'US';

/** Takes white space off both ends. */
export const trimRule: TransformRule = textRule((text) => text.trim());
/** A code as words. */
export const wordsRule: TransformRule = textRule((text) => words(text) ?? '');
/** The first sentence or line. */
export const firstSentenceRule: TransformRule = textRule(firstSentence);
/** HTML as the text a person sees. */
export const plainTextRule: TransformRule = { ...textRule(plainText), accepts: [...TEXT_LIKE, 'html'] };

/** Another case of letters. */
export function caseRule({ to }: Options<'case'>): TransformRule {
  switch (to) {
    case 'lower':
      return textRule((text) => text.toLowerCase(), CASED);
    case 'upper':
      return textRule((text) => text.toUpperCase(), CASED);
    case 'capitals':
      return textRule(
        (text) => text.toLowerCase().replace(/(?<=^|[\s-])\p{L}/gu, (letter) => letter.toUpperCase()),
        CASED,
      );
  }
}

/** A phone number in one form. */
export function phoneRule({ as, country }: Options<'phone'>): TransformRule {
  return checkedTextRule(
    ofType('text', E164_LENGTH),
    (text, { source }) => {
      const parsed = parseNumber(text, country ?? source.context?.defaultCountry ?? DEFAULT_COUNTRY);
      if (parsed.kind !== 'number') return undefined;
      return as === 'e164' ? parsed.e164 : parsed.national;
    },
    'no phone number',
  );
}

/** A normalised e-mail address. */
export function emailRule({ maxLength }: Options<'email'>): TransformRule {
  return checkedTextRule(
    ofType('text', maxLength),
    (text) => {
      const email = normaliseEmail(text);
      return email === undefined || email.length > maxLength ? undefined : email;
    },
    'no e-mail address, or one that is too long',
  );
}

/** A link; what is none is left out without a remark. */
export function urlRule({ https }: Options<'url'>): TransformRule {
  const link = https ? /^https:\/\/\S+$/ : /^https?:\/\/\S+$/;
  return {
    accepts: TEXT_LIKE,
    gives: ({ maxLength = URL_LENGTH }) => ofType('text', Math.min(maxLength, URL_LENGTH)),
    step: (value, run) =>
      onText(value, run, (text) => (text.length <= URL_LENGTH && link.test(text) ? text : undefined)),
  };
}

/** Cuts between characters. */
export function truncateRule({ max, marker }: Options<'truncate'>): TransformRule {
  return {
    accepts: TEXT_LIKE,
    gives: ({ maxLength = max, always }) => ({ ...ofType('text', Math.min(max, maxLength)), always }),
    step: (value, run) => onText(value, run, (text) => truncate(text, max, marker)),
  };
}

/** Text as HTML without markup of its own. */
export function htmlRule({ paragraph }: Options<'html'>): TransformRule {
  const around = paragraph ? '<p></p>'.length : 0;
  return {
    accepts: TEXT_LIKE,
    gives: ({ maxLength, always }) => ({
      ...ofType('html', maxLength === undefined ? undefined : maxLength * ESCAPED + around),
      always,
    }),
    step: (value, run) => onText(value, run, (text) => (paragraph ? `<p>${htmlLines(text)}</p>` : htmlLines(text))),
  };
}
