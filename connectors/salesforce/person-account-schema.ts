import type { CrmFailure } from '../../src/domain/crm.ts';
import type { ApiSession } from './api.ts';
import { PERSON_KEY, type CreatedAs } from './fields.ts';
import { readObject, type ObjectSchema } from './object-schema.ts';
import { runQuery } from './run-queries.ts';

/** Accounts that are people: `Account` holds the data, a contact of its own is what tasks point to. */
export interface PersonAccounts {
  readonly account: ObjectSchema;
  /** What makes a new account a person; absent unless people are created as such, and there is one to choose. */
  readonly recordTypeId: string | undefined;
}

export type PersonAccountsResult =
  | { readonly kind: 'read'; readonly accounts: PersonAccounts | undefined }
  | { readonly kind: 'failed'; readonly failure: CrmFailure };

/** An org has person accounts when its contacts say whether they are one (Salesforce's guide to person accounts). */
export async function readPersonAccounts(
  session: ApiSession,
  contact: ObjectSchema | undefined,
  createAs: CreatedAs,
): Promise<PersonAccountsResult> {
  if (contact?.fields.has('IsPersonAccount') !== true) return { kind: 'read', accounts: undefined };
  const account = await readObject(session, 'Account', PERSON_KEY);
  if (account.kind === 'failed') return account;
  if (account.object === undefined) return { kind: 'read', accounts: undefined };
  if (createAs !== 'PersonAccount')
    return { kind: 'read', accounts: { account: account.object, recordTypeId: undefined } };
  const types = await runQuery(session, {
    soql: "SELECT Id FROM RecordType WHERE SobjectType = 'Account' AND IsPersonType = true AND IsActive = true",
  });
  if (types.kind === 'failed') return types;
  const ofPeople = new Set(types.rows.map(({ Id }) => Id));
  const chosen = account.object.recordTypes.find(({ recordTypeId, active, available }) => {
    return active && available && ofPeople.has(recordTypeId);
  });
  return { kind: 'read', accounts: { account: account.object, recordTypeId: chosen?.recordTypeId } };
}
