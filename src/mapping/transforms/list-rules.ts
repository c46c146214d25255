import type { PlainTransform } from '../document/transform-schema.ts';
import { isList } from '../source/value.ts';
import { ofType, onText, TEXT_LIKE, type TransformRule } from './rule.ts';

type Options<U extends PlainTransform['use']> = Extract<PlainTransform, { use: U }>;

/** A list longer than this is no list of values any more. */
const MOST_ENTRIES = 1_000;

/** Cuts a text into a list, without empty parts. */
export function splitRule({ by }: Options<'split'>): TransformRule {
  return {
    accepts: TEXT_LIKE,
    gives: () => ofType('list'),
    step: (value, run) =>
      onText(value, run, (text) =>
        text
          .split(by, MOST_ENTRIES)
          .map((part) => part.trim())
          .filter((part) => part !== ''),
      ),
  };
}

/** A list as one text. */
export function joinRule(options: Options<'join'>): TransformRule {
  return {
    accepts: ['list'],
    gives: ({ always }) => ({ ...ofType('text'), always }),
    step: (value) => (isList(value) ? value.join(options.with) : value),
  };
}

/** One entry of a list. */
export function pickRule({ position }: Options<'pick'>): TransformRule {
  return {
    accepts: ['list'],
    gives: () => ofType('text'),
    step: (value) => (isList(value) ? value.at(position > 0 ? position - 1 : position) : value),
  };
}

/** What stands in for no value. */
export function defaultRule({ value: standIn }: Options<'default'>): TransformRule {
  return {
    accepts: [...TEXT_LIKE, 'number', 'boolean'],
    gives: ({ type, maxLength, values, always }) => ({
      type: type === 'any' ? 'any' : 'text',
      maxLength: maxLength === undefined ? undefined : Math.max(maxLength, standIn.length),
      values: values === undefined || always ? values : [...values, standIn],
      always: always || standIn !== '',
    }),
    step: (value) => value,
    absent: () => standIn,
  };
}
