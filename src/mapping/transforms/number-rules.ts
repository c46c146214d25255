import type { PlainTransform, Unit } from '../document/transform-schema.ts';
import { isList, type Value } from '../source/value.ts';
import { checkedTextRule, ofType, onText, TEXT_LIKE, type Run, type Shape, type TransformRule } from './rule.ts';

type Options<U extends PlainTransform['use']> = Extract<PlainTransform, { use: U }>;

/** Milliseconds of each unit. */
export const MILLISECONDS: Readonly<Record<Unit, number>> = {
  milliseconds: 1,
  seconds: 1_000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
};

/** Reads a number, and rounds it where that is asked for. */
export function numberRule({ decimals }: Options<'number'>): TransformRule {
  return {
    accepts: [...TEXT_LIKE, 'number'],
    gives: numeric,
    step: (value, run) => usable(round(toNumber(value), decimals), run),
  };
}

/** A length of time in another unit. */
export function durationRule({ from, to, decimals }: Options<'duration'>): TransformRule {
  const factor = MILLISECONDS[from] / MILLISECONDS[to];
  return {
    accepts: ['number'],
    gives: numeric,
    step: (value, run) => usable(round(toNumber(value) * factor, decimals), run),
  };
}

/** Reads yes or no by words, whatever their case. */
export function booleanRule({ yes, no }: Options<'boolean'>): TransformRule {
  const meanings = new Map([
    ...yes.map((word) => [word.toLowerCase(), true] as const),
    ...no.map((word) => [word.toLowerCase(), false] as const),
  ]);
  const rule = checkedTextRule(
    ofType('boolean', 5),
    (text) => meanings.get(text.trim().toLowerCase()),
    'neither yes nor no',
  );
  return { ...rule, accepts: [...TEXT_LIKE, 'number', 'boolean'] };
}

/** One value for another, looked up as text. */
export function valueMapRule({ values, otherwise, warn }: Options<'value_map'>): TransformRule {
  const written = [...Object.values(values), ...(otherwise === undefined ? [] : [otherwise])].filter(
    (text) => text !== '',
  );
  const map = new Map(Object.entries(values));
  return {
    accepts: [...TEXT_LIKE, 'number', 'boolean'],
    gives: ({ always }) => ({
      type: 'text',
      maxLength: Math.max(0, ...written.map((text) => text.length)),
      values: [...new Set(written)],
      always: always && otherwise !== undefined && otherwise !== '',
    }),
    step: (value, run) =>
      onText(value, run, (text) => {
        const found = map.get(text);
        if (found === undefined && warn) run.warn(notListed(text, otherwise));
        return found ?? otherwise;
      }),
  };
}

/** A code that nobody has listed is worth showing; a longer text may be anything, and is not. */
function notListed(text: string, otherwise: string | undefined): string {
  const what = /^[\w.-]{1,40}$/.test(text) ? `'${text}'` : 'a value';
  return `${what} is not in the value map; ${otherwise === undefined ? 'nothing' : `'${otherwise}'`} was written`;
}

/** Long enough for every number that JavaScript writes. */
const NUMBER_LENGTH = 25;

function numeric({ always }: Shape): Shape {
  return { ...ofType('number', NUMBER_LENGTH), always };
}

/** A blank text is no number, whatever JavaScript says. */
function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  if (isList(value) || typeof value === 'boolean' || value.trim() === '') return Number.NaN;
  return Number(value);
}

function round(value: number, decimals: number | undefined): number {
  if (decimals === undefined) return value;
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale;
}

function usable(value: number, run: Run): number | undefined {
  if (Number.isFinite(value)) return value;
  run.warn('no number');
  return undefined;
}
