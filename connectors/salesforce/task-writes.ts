import type { ActivityWrite, FieldValues, RecordRef, TaskWrite } from '../../src/domain/crm.ts';
import { ESSENTIAL } from './fields.ts';
import { fitFields, type Fit, type Operation } from './fit-fields.ts';
import type { Schema } from './schema.ts';

/** What becomes a task in Salesforce: a conversation that took place, or something left to do. */
export interface TaskRecord {
  readonly key: string;
  readonly fields: FieldValues;
  readonly person: RecordRef | undefined;
}

/** A conversation is over: it stands in the timeline's past, which is what a closed status means there. */
export function taskOfActivity(write: ActivityWrite, { statuses }: Schema): TaskRecord {
  return { ...write, fields: { Status: statuses.closed, ...write.fields } };
}

/**
 * What is left to do is open. Nothing is said where new tasks are open by themselves: a write that is made twice would
 * otherwise open again what a person has closed in between.
 */
export function taskOfTask(write: TaskWrite, { statuses }: Schema): TaskRecord {
  const status = statuses.open.byDefault ? {} : { Status: statuses.open.value };
  return { ...write, fields: { ...status, ...write.fields } };
}

/** `WhoId` takes a lead or a contact: nobody else is anybody's caller. */
export function fitTask(schema: Schema, record: TaskRecord, operation: Operation): Fit {
  const fields = record.person === undefined ? record.fields : { ...record.fields, WhoId: record.person.id };
  return fitFields(schema.task, fields, operation, ESSENTIAL.Task);
}
