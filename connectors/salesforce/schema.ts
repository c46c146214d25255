import type { CrmFailure } from '../../src/domain/crm.ts';
import { describeAnswerSchema, textOf, type VendorField } from './answers.ts';
import type { ApiSession } from './api.ts';
import { failure } from './classify.ts';
import { failureCode } from './codes.ts';
import { CONVERSATION_KEY, PERSON_KEY, PERSON_OBJECTS, type PersonObject } from './fields.ts';
import { runQuery } from './run-queries.ts';

/** One object as the integration user sees it: fields he may not see are not in it. */
export interface ObjectSchema {
  readonly name: string;
  readonly createable: boolean;
  readonly fields: ReadonlyMap<string, VendorField>;
  /** Our own key field, when it is there and may be written. */
  readonly keyField: VendorField | undefined;
}

/** Status values as this org has them. */
interface TaskStatuses {
  readonly closed: string;
  /** What a new task gets when nothing is said, if that is an open one; else the first open one. */
  readonly open: { readonly value: string; readonly byDefault: boolean };
}

export interface Schema {
  readonly task: ObjectSchema;
  readonly statuses: TaskStatuses;
  /** Only the objects that the user may see. */
  readonly people: Readonly<Partial<Record<PersonObject, ObjectSchema>>>;
}

export type SchemaResult =
  { readonly kind: 'known'; readonly schema: Schema } | { readonly kind: 'failed'; readonly failure: CrmFailure };

/**
 * Reads what looking up and writing depend on: four calls, made once and remembered by the connector.
 *
 * @param needed objects without which nobody may be looked up: whoever is not seen there would be created a second time
 */
export async function readSchema(session: ApiSession, needed: readonly PersonObject[]): Promise<SchemaResult> {
  const task = await readObject(session, 'Task', CONVERSATION_KEY);
  if (task.kind === 'failed') return task;
  if (task.object === undefined) return failed(notAccessible('Task'));
  const statuses = await readStatuses(session, task.object);
  if (statuses.kind === 'failed') return statuses;
  const people: Partial<Record<PersonObject, ObjectSchema>> = {};
  for (const name of PERSON_OBJECTS) {
    const described = await readObject(session, name, PERSON_KEY);
    if (described.kind === 'failed') return described;
    if (described.object !== undefined) people[name] = described.object;
    else if (needed.includes(name)) return failed(notAccessible(name));
  }
  return { kind: 'known', schema: { task: task.object, statuses: statuses.statuses, people } };
}

type ObjectResult =
  | { readonly kind: 'read'; readonly object: ObjectSchema | undefined }
  | { readonly kind: 'failed'; readonly failure: CrmFailure };

/** An object that the user has no right to is NOT_FOUND; that is an answer too. */
export async function readObject(session: ApiSession, name: string, key: string): Promise<ObjectResult> {
  const answer = await session.send({
    endpoint: 'describe',
    method: 'GET',
    path: `/sobjects/${name}/describe`,
    answer: describeAnswerSchema,
  });
  if (answer.kind === 'failed') {
    return answer.failure.status === 404 ? { kind: 'read', object: undefined } : failed(answer.failure);
  }
  const fields = new Map(answer.body.fields.map((field) => [field.name, field]));
  const keyField = fields.get(key);
  const usable = keyField?.externalId === true && keyField.createable && keyField.updateable;
  return {
    kind: 'read',
    object: { name, createable: answer.body.createable, fields, keyField: usable ? keyField : undefined },
  };
}

type StatusesResult =
  | { readonly kind: 'read'; readonly statuses: TaskStatuses }
  | { readonly kind: 'failed'; readonly failure: CrmFailure };

/** Status values are the org's own; only this query says which of them mean that a task is done. */
export async function readStatuses(session: ApiSession, task: ObjectSchema): Promise<StatusesResult> {
  const result = await runQuery(session, { soql: 'SELECT Id, ApiName, IsClosed, IsDefault FROM TaskStatus' });
  if (result.kind === 'failed') return result;
  const order = task.fields.get('Status')?.picklistValues?.map(({ value }) => value) ?? [];
  const statuses = result.rows
    .map((row) => ({
      value: textOf(row, 'ApiName') ?? '',
      closed: row.IsClosed === true,
      byDefault: row.IsDefault === true,
    }))
    .filter(({ value }) => value !== '')
    .toSorted((a, b) => order.indexOf(a.value) - order.indexOf(b.value));
  const closed = statuses.find((status) => status.closed);
  const open = statuses.find((status) => !status.closed && status.byDefault) ?? statuses.find(({ closed }) => !closed);
  if (closed === undefined || open === undefined) {
    return failed(failure('fix_mapping', failureCode('NO_TASK_STATUS'), { field: 'Status' }));
  }
  return { kind: 'read', statuses: { closed: closed.value, open } };
}

/** A permission, not a mapping: nothing can be delivered before an admin grants it. */
export function notAccessible(object: string): CrmFailure {
  return failure('reconnect', failureCode('OBJECT_NOT_ACCESSIBLE'), { field: object });
}

function failed(reason: CrmFailure): { readonly kind: 'failed'; readonly failure: CrmFailure } {
  return { kind: 'failed', failure: reason };
}
