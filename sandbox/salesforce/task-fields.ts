import {
  date,
  defaulted,
  flag,
  instant,
  makeField,
  picklist,
  readOnly,
  reference,
  text,
  textArea,
  whole,
  type Field,
} from './field.ts';
import { audit, identity, owner } from './standard-fields.ts';

/** One value of Task.Status; which ones there are is the administrator's choice (object reference, TaskStatus). */
export interface TaskStatusValue {
  readonly name: string;
  readonly isClosed: boolean;
  readonly isDefault: boolean;
}

const subtypes = ['Task', 'Email', 'ListEmail', 'Cadence', 'Call', 'LinkedIn'] as const;

/**
 * Fields of Task in the order of a describe (object reference, Task).
 * @param withType whether the org shows `Type`, which is not a given: it is missing in some orgs.
 */
export function taskFields(statuses: readonly TaskStatusValue[], withType: boolean): readonly Field[] {
  return [
    ...identity('Activity'),
    reference('WhoId', 'Name ID', 'Who', ['Contact', 'Lead']),
    reference('WhatId', 'Related To ID', 'What', ['Account', 'Opportunity', 'Case']),
    makeField('combobox', 'Subject', 'Subject', { length: 255, nameField: true }),
    date('ActivityDate', 'Due Date Only'),
    statusField(statuses),
    picklist('Priority', 'Priority', ['Normal', 'High', 'Low'], defaulted),
    flag('IsHighPriority', 'High Priority', readOnly),
    owner('Assigned To ID', ['Group', 'User']),
    textArea('Description', 'Description', 32_000),
    ...(withType ? [picklist('Type', 'Type', ['Call', 'Email', 'Meeting', 'Other'])] : []),
    reference('AccountId', 'Account ID', 'Account', ['Account'], readOnly),
    flag('IsClosed', 'Closed', readOnly),
    ...audit,
    flag('IsArchived', 'Archived', readOnly),
    whole('CallDurationInSeconds', 'Call Duration'),
    picklist('CallType', 'Call Type', ['Internal', 'Inbound', 'Outbound']),
    text('CallDisposition', 'Call Result', 255),
    text('CallObject', 'Call Object Identifier', 255),
    instant('ReminderDateTime', 'Reminder Date/Time'),
    flag('IsReminderSet', 'Reminder Set'),
    flag('IsRecurrence', 'Create Recurring Series of Tasks'),
    picklist('TaskSubtype', 'Task Subtype', subtypes, {
      restricted: true,
      updateable: false,
      defaultedOnCreate: true,
      permissionable: false,
      defaultValue: 'Task',
    }),
    instant('CompletedDateTime', 'Completed Date', readOnly),
  ];
}

function statusField(statuses: readonly TaskStatusValue[]): Field {
  return {
    ...makeField('picklist', 'Status', 'Status', { ...defaulted, length: 40 }),
    picklist: statuses.map(({ name, isDefault }) => ({ value: name, label: name, isDefault })),
    defaultValue: statuses.find((status) => status.isDefault)?.name ?? null,
  };
}
