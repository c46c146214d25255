import type { PlannedSave } from './check-save.ts';
import type { FieldValue, FieldValues } from './field.ts';
import type { ObjectName } from './object-types.ts';
import type { Org } from './org.ts';
import { accountNameOf, isOfPersonsOnly } from './person-account-fields.ts';
import type { SalesforceRecord } from './record-store.ts';
import { saveProblem, type Problem } from './refusal.ts';

/** Whether the save is of an account that is a person. */
export function isPerson(
  org: Org,
  { object, target, after }: Pick<PlannedSave, 'object' | 'target' | 'after'>,
): boolean {
  if (object !== 'Account' || !org.options.personAccounts) return false;
  return target === null ? isPersonType(org, after.RecordTypeId) : target.values.IsPersonAccount === true;
}

function isPersonType(org: Org, recordTypeId: FieldValue | undefined): boolean {
  return org.options.recordTypes.some((type) => type.id === recordTypeId && type.isPersonType === true);
}

/**
 * A person has no account name and a company no personal fields ("Account: bad field names on insert/update call: Name"),
 * no account changes sides here, and a person's contact is changed through the account.
 */
export function personProblem(org: Org, save: PlannedSave): Problem | null {
  const { object, target, changes } = save;
  if (object === 'Contact') return target === null ? null : contactProblem(org, target, changes);
  if (object !== 'Account' || !org.options.personAccounts) return null;
  const person = isPerson(org, save);
  if (target !== null && 'RecordTypeId' in changes && isPersonType(org, changes.RecordTypeId) !== person) {
    const message = 'Cannot specify any additional fields when marrying or separating a Person-Account';
    return saveProblem('INVALID_FIELD_FOR_INSERT_UPDATE', message);
  }
  const given = Object.keys(changes).filter((name) => (changes[name] ?? null) !== null);
  const bad = given.filter((name) => (person ? name === 'Name' : isOfPersonsOnly(name)));
  return bad.length === 0 ? takenKey(org, save) : badNames(bad);
}

function contactProblem(org: Org, contact: SalesforceRecord, changes: FieldValues): Problem | null {
  if (contact.values.IsPersonAccount !== true) return null;
  if ('AccountId' in changes) return badNames(['AccountId']);
  if (org.options.personContactUpdate === 'accept' && !('RecordTypeId' in changes)) return null;
  return saveProblem('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id');
}

function badNames(names: readonly string[]): Problem {
  const message = `Account: bad field names on insert/update call: ${names.join(', ')}`;
  return saveProblem('INVALID_FIELD_FOR_INSERT_UPDATE', message, names);
}

/** A `__pc` field is the contact's: its value is unique among contacts. */
function takenKey(org: Org, { target, changes }: PlannedSave): Problem | null {
  for (const { name, caseSensitive } of org.schema.uniqueFields('Contact')) {
    const value = changes[accountNameOf(name) ?? ''];
    if (typeof value !== 'string') continue;
    const holder = org.records.holders('Contact', name, value, caseSensitive)[0];
    if (holder === undefined || holder.id === target?.values.PersonContactId) continue;
    const message = `duplicate value found: ${name} duplicates value on record with id: ${holder.id}`;
    return saveProblem('DUPLICATE_VALUE', message);
  }
  return null;
}

/** What a contact holds of its account. */
export function contactValues(org: Org, account: FieldValues): FieldValues {
  return Object.fromEntries(
    org.schema.fields('Contact').flatMap(({ name }) => {
      const from = accountNameOf(name);
      return from === null ? [] : [[name, account[from] ?? null]];
    }),
  );
}

/** What an account takes over of a change to its contact. */
export function accountValues(contact: FieldValues): FieldValues {
  return Object.fromEntries(
    Object.entries(contact).flatMap(([name, value]) => {
      const to = accountNameOf(name);
      return to === null ? [] : [[to, value]];
    }),
  );
}

/** The other half of a person account: the account's contact, or the contact's account. */
export function otherHalf(org: Org, { object, values }: SalesforceRecord): SalesforceRecord | null {
  if (values.IsPersonAccount !== true) return null;
  const [other, id]: [ObjectName, FieldValue | undefined] =
    object === 'Account' ? ['Contact', values.PersonContactId] : ['Account', values.AccountId];
  return typeof id === 'string' ? org.records.live(other, id) : null;
}
