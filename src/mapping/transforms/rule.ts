import type { MappingSource } from '../mapping.ts';
import { isList, type Value, type ValueType } from '../source/value.ts';

/** What is known of a value before there is one. */
export interface Shape {
  readonly type: ValueType;
  /** The most characters it may have as text; undefined where nothing bounds it. */
  readonly maxLength: number | undefined;
  /** All it may be, where that is known: a constant, the right side of a value map. */
  readonly values: readonly string[] | undefined;
  /** True when there is a value for every conversation. */
  readonly always: boolean;
}

/** One evaluation of one row. */
export interface Run {
  readonly source: MappingSource;
  /** Takes a remark on a value that could not be used. Free of what people said. */
  readonly warn: (remark: string) => void;
}

/** One step of a row. Total: what it cannot work with is no value, and a remark. */
export interface TransformRule {
  /** What it takes, beside `any`. */
  readonly accepts: readonly ValueType[];
  readonly gives: (input: Shape) => Shape;
  readonly step: (value: Value, run: Run) => Value | undefined;
  /** What stands in for no value; most steps leave it at that. */
  readonly absent?: ((run: Run) => Value | undefined) | undefined;
}

/** Everything that is read as text; HTML is not, since half of it is no HTML. */
export const TEXT_LIKE: readonly ValueType[] = ['text', 'instant', 'day'];

/** A step from text to text. `widest` is how many characters one character may become. */
export function textRule(change: (text: string) => string, widest = 1): TransformRule {
  return {
    accepts: TEXT_LIKE,
    gives: ({ maxLength, always }) => ({
      ...ofType('text', maxLength === undefined ? undefined : maxLength * widest),
      always,
    }),
    step: (value, run) => onText(value, run, change),
  };
}

/** A step that takes text and may find that it is none of the kind. */
export function checkedTextRule(
  given: Shape,
  read: (text: string, run: Run) => Value | undefined,
  problem: string,
): TransformRule {
  return {
    accepts: TEXT_LIKE,
    gives: () => given,
    step: (value, run) => {
      const result = onText(value, run, (text) => read(text, run));
      if (result === undefined) run.warn(problem);
      return result;
    },
  };
}

/** Something of a type, of which nothing else is certain. */
export function ofType(type: ValueType, maxLength?: number): Shape {
  return { type, maxLength, values: undefined, always: false };
}

/** Hands a value over as text; numbers and yes/no of fields without a name are written out. */
export function onText<T>(value: Value, run: Run, use: (text: string) => T): T | undefined {
  if (!isList(value)) return use(String(value));
  run.warn('a list came where one text was expected');
  return undefined;
}
