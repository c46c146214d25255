/**
 * For JSON that people script against: what is not there is null, not left out, so that every document has every key.
 * To be given to `JSON.stringify` as its replacer.
 */
export function absentAsNull(_key: string, value: unknown): unknown {
  return value ?? null;
}
