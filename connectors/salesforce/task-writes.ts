import type { ActivityWrite, FieldValues, RecordRef, TaskWrite } from '../../src/domain/crm.ts';
import { ESSENTIAL } from './fields.ts';
import { fitFields, type Fit, type Operation } from './fit-fields.ts';
import type { Schema } from './schema.ts';

/** What becomes a task in Salesforce: a conversation that took place, or something left to do. */
export interface TaskRecord {
  readonly key: string;
  readonly fields: FieldValues;
  readonly person: RecordRef | undefined;
  /** The one record beside the person that it belongs to. */
  readonly about: RecordRef | undefined;
}

/** A conversation is over: it stands in the timeline's past, which is what a closed status means there. */
export function taskOfActivity(write: ActivityWrite, { statuses }: Schema): TaskRecord {
  return { ...toRecord(write), fields: { Status: statuses.closed, ...write.fields } };
}

/**
 * What is left to do is open. Nothing is said where new tasks are open by themselves: a write that is made twice would
 * otherwise open again what a person has closed in between.
 */
export function taskOfTask(write: TaskWrite, { statuses }: Schema): TaskRecord {
  const status = statuses.open.byDefault ? {} : { Status: statuses.open.value };
  return { ...toRecord(write), fields: { ...status, ...write.fields } };
}

/**
 * A task has room for one other record, and a task of a lead for none (Salesforce's object reference, Task: "Lead - no
 * additional object").
 */
function toRecord({ key, fields, person, related }: ActivityWrite | TaskWrite): TaskRecord {
  return { key, fields, person, about: person?.object === 'Lead' ? undefined : related?.[0] };
}

/** `WhoId` takes a lead or a contact, `WhatId` what they have to do with. */
export function fitTask(schema: Schema, record: TaskRecord, operation: Operation): Fit {
  const { person, about } = record;
  const links = {
    ...(person === undefined ? {} : { WhoId: person.id }),
    ...(about === undefined ? {} : { WhatId: about.id }),
  };
  return fitFields(schema.task, { ...record.fields, ...links }, operation, ESSENTIAL.Task);
}
