import type { ParseResult } from '@marcbachmann/cel-js';
import { presentText } from '../source/field.ts';
import type { Value } from '../source/value.ts';

/** What became of an evaluation. A field that is not there is no failure: its conversation just has none. */
export type Evaluated =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly code: string };

/** Evaluates a checked expression. Never throws. */
export function evaluateParsed(parsed: ParseResult, view: Readonly<Record<string, unknown>>): Evaluated {
  try {
    const value = toValue(parsed(view));
    return value === undefined ? { kind: 'none' } : { kind: 'value', value };
  } catch (error) {
    // Whatever the evaluation throws ends here: a row without a value must not cost its neighbours theirs.
    const code = codeOf(error);
    return code === 'no_such_key' || code === 'index_out_of_bounds' ? { kind: 'none' } : { kind: 'failed', code };
  }
}

function toValue(result: unknown): Value | undefined {
  if (typeof result === 'string') return presentText(result);
  if (typeof result === 'bigint') return Number(result);
  if (typeof result === 'number') return Number.isFinite(result) ? result : undefined;
  if (typeof result === 'boolean') return result;
  if (result instanceof Date) return Number.isNaN(result.getTime()) ? undefined : result.toISOString();
  return Array.isArray(result) ? toList(result) : undefined;
}

function toList(entries: readonly unknown[]): readonly string[] | undefined {
  const texts = entries.flatMap((entry) => {
    const value = toValue(entry);
    return value === undefined || typeof value === 'object' ? [] : [String(value)];
  });
  return texts.length === 0 ? undefined : texts;
}

function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'evaluation_failed';
}
