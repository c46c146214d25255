/** Codes that are ours: what Salesforce did or lacks, where it gave no code of its own. */
const MEANINGS: Readonly<Record<string, string>> = {
  BULK_JOB_FAILED: 'A bulk job ended before it came to this record; the next try goes another way.',
  BULK_NOT_FINISHED: 'The bulk job is still at work; what it writes is found again by its external id.',
  NO_KEY_FIELD: 'There is no field that can hold the key of a conversation.',
  NO_PERSON_ACCOUNTS: 'The org has no person accounts, or none that the integration user may create.',
  NO_RESULT: 'Salesforce reported success but left this record out of its answer.',
  NO_TASK_STATUS: 'The org has no task status that counts as closed, or none that counts as open.',
  NOT_A_PERSON: 'The record is neither a contact nor a lead.',
  OBJECT_NOT_ACCESSIBLE: 'The integration user may not see the object.',
  TOO_MANY_MATCHES: 'More records match than a query returns, so none was chosen.',
  UNNAMED_ROW_ERROR: 'Salesforce refused the record without saying why.',
  UNREADABLE_ANSWER: 'The answer was not one of Salesforce; something between it and us may have answered.',
  private_key_unusable: 'The private key of the connection cannot be read.',
};

/** @param code without its prefix; undefined for codes of Salesforce's own */
export function sentenceOfOwnCode(code: string): string | undefined {
  return Object.hasOwn(MEANINGS, code) ? MEANINGS[code] : undefined;
}
