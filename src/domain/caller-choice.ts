import type { CrmKind, RecordRef } from './crm.ts';

/** What a person decided about whom a conversation belongs to, where the delivery would not guess. */
export type CallerDecision =
  | { readonly action: 'choose'; readonly ref: RecordRef }
  /** A new person, though others have the number. */
  | { readonly action: 'create' }
  /** Written for nobody. */
  | { readonly action: 'skip' };

/** A decision that is in force for a conversation. */
export interface CallerChoice {
  readonly decision: CallerDecision;
  /** `caller`: made for every conversation of the caller, perhaps at another one than this. */
  readonly scope: 'conversation' | 'caller';
  readonly chosenAt: Date;
}

/** Objects that hold people, by the names the CRMs have for them; a person account shows itself as its contact. */
export const PEOPLE_OBJECTS: Readonly<Record<CrmKind, readonly string[]>> = {
  hubspot: ['contacts'],
  salesforce: ['Contact', 'Lead'],
  'csv-log': ['people'],
};
