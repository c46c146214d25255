import type { CrmFailure } from '../../src/domain/crm.ts';
import { textOf } from './answers.ts';
import type { ApiSession } from './api.ts';
import { failure } from './classify.ts';
import { failureCode } from './codes.ts';
import { CONVERSATION_KEY, PERSON_KEY, PERSON_OBJECTS, type CreatedAs, type PersonObject } from './fields.ts';
import { readObject, type ObjectSchema } from './object-schema.ts';
import { readPersonAccounts, type PersonAccounts } from './person-account-schema.ts';
import { runQuery } from './run-queries.ts';

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
  /** Absent in an org whose accounts are companies only. */
  readonly personAccounts: PersonAccounts | undefined;
}

export type SchemaResult =
  { readonly kind: 'known'; readonly schema: Schema } | { readonly kind: 'failed'; readonly failure: CrmFailure };

/**
 * Reads what looking up and writing depend on: four calls, up to six in an org with person accounts, made once and
 * remembered by the connector.
 *
 * @param order objects without which nobody may be looked up: whoever is not seen there would be created a second time
 */
export async function readSchema(
  session: ApiSession,
  order: readonly PersonObject[],
  createAs: CreatedAs,
): Promise<SchemaResult> {
  const needed: readonly CreatedAs[] = [...order, createAs];
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
  const personAccounts = await readPersonAccounts(session, people.Contact, createAs);
  if (personAccounts.kind === 'failed') return personAccounts;
  return {
    kind: 'known',
    schema: { task: task.object, statuses: statuses.statuses, people, personAccounts: personAccounts.accounts },
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
