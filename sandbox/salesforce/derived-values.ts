import type { FieldValue, FieldValues } from './field.ts';
import { objectOfId, type ObjectName } from './object-types.ts';
import type { Org } from './org.ts';
import { isPerson } from './person-accounts.ts';
import type { SalesforceRecord } from './record-store.ts';

/** Values a new record has where the request says nothing. */
export function defaultValues(org: Org, object: ObjectName, userId: string): FieldValues {
  const defaults: Record<string, FieldValue> = {};
  for (const { name, defaultValue } of org.schema.fields(object)) {
    if (defaultValue !== null) defaults[name] = defaultValue;
  }
  if (org.schema.field(object, 'OwnerId') !== null) defaults.OwnerId = userId;
  const type = org.options.recordTypes.find((each) => each.object === object && each.isDefault === true);
  if (type !== undefined) defaults.RecordTypeId = type.id;
  return defaults;
}

/** Values Salesforce works out of those that are written. */
export function derivedValues(org: Org, object: ObjectName, after: FieldValues): FieldValues {
  switch (object) {
    case 'Contact':
    case 'Lead':
      return { Name: fullName(after) };
    case 'Task':
      return taskValues(org, after);
    case 'Case': {
      const isClosed = after.Status === 'Closed';
      return { IsClosed: isClosed, ClosedDate: isClosed ? (after.ClosedDate ?? org.nowText()) : null };
    }
    case 'Opportunity':
      return { IsClosed: String(after.StageName).startsWith('Closed'), IsWon: after.StageName === 'Closed Won' };
    case 'Account':
      return accountNames(org, after);
    case 'Group':
    case 'OpportunityContactRole':
    case 'QueueSobject':
    case 'RecordType':
    case 'TaskStatus':
    case 'User':
      return {};
  }
}

function fullName({ FirstName, LastName }: FieldValues): string {
  return [FirstName, LastName].filter((part) => typeof part === 'string').join(' ');
}

function accountNames(org: Org, after: FieldValues): FieldValues {
  const known = after.IsPersonAccount === true;
  if (!known && !isPerson(org, { object: 'Account', target: null, after })) return {};
  return { IsPersonAccount: true, Name: fullName(after) };
}

/** Whether a task is closed follows from its status, and its account from what it is about (object reference, Task). */
function taskValues(org: Org, after: FieldValues): FieldValues {
  const isClosed = org.options.taskStatuses.some(({ name, isClosed: closes }) => closes && name === after.Status);
  return {
    IsClosed: isClosed,
    IsHighPriority: after.Priority === 'High',
    CompletedDateTime: isClosed ? (after.CompletedDateTime ?? org.nowText()) : null,
    AccountId: accountOf(org, after.WhatId) ?? accountOf(org, after.WhoId),
  };
}

function accountOf(org: Org, id: FieldValue | undefined): string | null {
  if (typeof id !== 'string') return null;
  const object = objectOfId(id);
  if (object === 'Account' || object === null) return object === null ? null : id;
  const account = org.records.live(object, id)?.values.AccountId;
  return typeof account === 'string' ? account : null;
}

const dayMs = 86_400_000;

/** Closed tasks are archived when they or their due day are a year old (Salesforce's archiving guidelines). */
export function isArchived(org: Org, record: SalesforceRecord): boolean {
  const days = org.options.archiveAfterDays;
  if (record.object !== 'Task' || days === null || record.values.IsClosed !== true) return false;
  const day = record.values.ActivityDate ?? record.values.CreatedDate;
  return org.options.now() - Date.parse(String(day).slice(0, 10)) >= days * dayMs;
}
