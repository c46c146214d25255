/**
 * What a value is on its way from the conversation to a field. `instant` is ISO 8601, `day` is `2026-03-02`, `list` holds
 * texts, `any` is known only when it is there.
 */
export type ValueType = 'text' | 'html' | 'number' | 'boolean' | 'instant' | 'day' | 'list' | 'any';

/** A value on its way. Absence is `undefined`, never an empty text or list. */
export type Value = string | number | boolean | readonly string[];

/** A value as text, the way CRMs take it: several values stand between semicolons. */
export function valueText(value: Value, separator = ';'): string {
  return isList(value) ? value.join(separator) : String(value);
}

/** A text or list with nothing in it is no value. */
export function presentValue(value: Value | undefined): Value | undefined {
  return value === '' || (value !== undefined && isList(value) && value.length === 0) ? undefined : value;
}

/** Narrows to a list. */
export function isList(value: Value): value is readonly string[] {
  return typeof value === 'object';
}
