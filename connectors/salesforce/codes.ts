import { ACTIONABLE_CODES, type CodeGroup } from './code-groups.ts';
import { CODES_OF_OTHER_FEATURES } from './codes-of-other-features.ts';

/** What one of Salesforce's codes means for us. */
export type CodeMeaning = Omit<CodeGroup, 'codes'>;

/** Undefined for a code that nobody has listed yet: it is judged by the status it came with. */
export function meaningOf(code: string): CodeMeaning | undefined {
  return MEANINGS.get(code);
}

const MEANINGS: ReadonlyMap<string, CodeMeaning> = new Map(
  [...ACTIONABLE_CODES, ...CODES_OF_OTHER_FEATURES].flatMap(({ codes, ...meaning }) =>
    codes
      .trim()
      .split(/\s+/)
      .map((code) => [code, meaning] as const),
  ),
);

/**
 * Codes by which the account, or what we remember of it, says that its schema is not what we read: a field was added,
 * removed, hidden or shortened since.
 */
export const SCHEMA_CODES: ReadonlySet<string> = new Set(
  [
    'INVALID_FIELD',
    'INVALID_FIELD_FOR_INSERT_UPDATE',
    'INVALID_TYPE',
    'STRING_TOO_LONG',
    'FIELD_NOT_ACCESSIBLE',
    'NO_KEY_FIELD',
  ].map(failureCode),
);

/** A code as it stands in a failure: `salesforce.INVALID_FIELD`. */
export function failureCode(code: string): string {
  return `salesforce.${code}`;
}
