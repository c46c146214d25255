import { refusedSave } from './check-save.ts';
import { defaultValues, derivedValues } from './derived-values.ts';
import type { FieldValue, FieldValues } from './field.ts';
import { objectTypes, type ObjectName } from './object-types.ts';
import type { Org } from './org.ts';
import { readFields } from './read-fields.ts';
import type { SalesforceRecord } from './record-store.ts';
import { saveProblem, type Checked, type Problem } from './refusal.ts';
import type { JsonObject } from './request-body.ts';
import { accountValues, contactValues, otherHalf } from './person-accounts.ts';
import type { SaveContext } from './save-context.ts';

/** Creates a record, or says why not. */
export function createRecord(context: SaveContext, object: ObjectName, given: JsonObject): Checked<SalesforceRecord> {
  if (!objectTypes[object].isWritable) return { ok: false, problem: readOnlyObject(object) };
  const read = readFields(context.org, object, given, 'create');
  if (!read.ok) return read;
  return createWith(context, object, read.value);
}

/** Creates a record of values that were read already. */
export function createWith(context: SaveContext, object: ObjectName, changes: FieldValues): Checked<SalesforceRecord> {
  const { org, userId } = context;
  const after = { ...defaultValues(org, object, userId), ...present(changes) };
  const problem = refusedSave(context, { object, target: null, changes, after });
  if (problem !== null) return { ok: false, problem };
  const values = { ...after, ...derivedValues(org, object, after), ...birthStamps(org, userId) };
  const record = org.records.create(object, (id) => ({ ...values, ...numberAndPhoto(object, id) }), userId);
  if (record.values.IsPersonAccount === true) addPersonContact(context, record);
  assign(context, record);
  return { ok: true, value: record };
}

/** The contact that makes an account a person; tasks and roles point at it. */
function addPersonContact({ org, userId }: SaveContext, account: SalesforceRecord): void {
  const own = contactValues(org, account.values);
  const after = { ...defaultValues(org, 'Contact', userId), ...own, AccountId: account.id, IsPersonAccount: true };
  const values = { ...after, ...derivedValues(org, 'Contact', after), ...birthStamps(org, userId) };
  const contact = org.records.create('Contact', (id) => ({ ...values, ...numberAndPhoto('Contact', id) }), userId);
  org.records.update(account, { PersonContactId: contact.id }, userId);
}

/** Updates a record, or says why not. */
export function updateRecord(
  context: SaveContext,
  record: SalesforceRecord,
  given: JsonObject,
): Checked<SalesforceRecord> {
  if (!objectTypes[record.object].isWritable) return { ok: false, problem: readOnlyObject(record.object) };
  const read = readFields(context.org, record.object, given, 'update');
  return read.ok ? updateWith(context, record, read.value) : read;
}

/** Updates a record by values that were read already. */
function updateWith(context: SaveContext, record: SalesforceRecord, changes: FieldValues): Checked<SalesforceRecord> {
  const { org, userId } = context;
  const after = { ...record.values, ...changes };
  const problem = refusedSave(context, { object: record.object, target: record, changes, after });
  if (problem !== null) return { ok: false, problem };
  const derived = derivedValues(org, record.object, after);
  org.records.update(record, { ...changes, ...derived, ...changeStamps(org, userId) }, userId);
  const half = otherHalf(org, record);
  if (half !== null) {
    const own = record.object === 'Account' ? contactValues(org, record.values) : accountValues(changes);
    const named = derivedValues(org, half.object, { ...half.values, ...own });
    org.records.update(half, { ...own, ...named, ...changeStamps(org, userId) }, userId);
  }
  assign(context, record);
  return { ok: true, value: record };
}

/** Puts a record into the bin; tasks of a person go with the person. */
export function deleteRecord(
  { org, userId }: Pick<SaveContext, 'org' | 'userId'>,
  record: SalesforceRecord,
): Problem | null {
  if (!objectTypes[record.object].isWritable) return readOnlyObject(record.object);
  org.records.delete(record, userId);
  const half = otherHalf(org, record);
  if (half !== null) deleteRecord({ org, userId }, half);
  if (record.object === 'Contact' || record.object === 'Lead') {
    for (const task of org.records.all('Task')) {
      if (!task.isDeleted && task.values.WhoId === record.id) org.records.delete(task, userId);
    }
  }
  return null;
}

/** A create takes null for "not given" where there is a default. */
function present(changes: FieldValues): FieldValues {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== null));
}

function numberAndPhoto(object: ObjectName, id: string): FieldValues {
  if (object === 'Case') return { CaseNumber: id.slice(8, 15) };
  const hasPhoto = object === 'Account' || object === 'Contact' || object === 'Lead';
  return hasPhoto ? { PhotoUrl: `/services/images/photo/${id}` } : {};
}

function birthStamps(org: Org, userId: string): Record<string, FieldValue> {
  return { CreatedDate: org.nowText(), CreatedById: userId, ...changeStamps(org, userId) };
}

function changeStamps(org: Org, userId: string): Record<string, FieldValue> {
  const at = org.nowText();
  return { LastModifiedDate: at, LastModifiedById: userId, SystemModstamp: at };
}

/** The assignment rule gives the record to its queue, whoever the request named. */
function assign({ org, userId, autoAssign }: SaveContext, record: SalesforceRecord): void {
  if (!autoAssign || (record.object !== 'Lead' && record.object !== 'Case')) return;
  const ownerId = org.options.assignmentRules[record.object];
  if (ownerId !== undefined && record.values.OwnerId !== ownerId) {
    org.records.update(record, { OwnerId: ownerId }, userId);
  }
}

function readOnlyObject(object: ObjectName): Problem {
  return { ...saveProblem('INSUFFICIENT_ACCESS_OR_READONLY', `insufficient access rights on ${object}`), status: 403 };
}
