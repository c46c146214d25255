import type { CrmFailure } from '../src/domain/crm.ts';

/** The code, after its CRM's prefix, of a write that the CRM has taken over and not finished yet. */
export const UNFINISHED = 'BULK_NOT_FINISHED';

/** True when the CRM is at work on the write. The next try finds the outcome; nothing is wrong with the CRM. */
export function isUnfinishedWork({ code }: Pick<CrmFailure, 'code'>): boolean {
  return code.endsWith(`.${UNFINISHED}`);
}
