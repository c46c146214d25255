import { objectFromPath, savesOf, type Answer, type Call } from './endpoint.ts';
import { isUnreadable } from './field-values.ts';
import { objectOfId, type ObjectName } from './object-types.ts';
import { fieldsNamed, requestedFields } from './record-endpoints.ts';
import { canonicalId } from './record-ids.ts';
import type { SalesforceRecord } from './record-store.ts';
import { recordBody } from './record-view.ts';
import { errorRow, Refusal, requestProblem, saveProblem, type Checked, type Problem } from './refusal.ts';
import { isJsonObject, objectBody, objectList, stringList, type JsonObject } from './request-body.ts';
import { createRecord, deleteRecord, updateRecord } from './save-record.ts';

/** Rows of one call (REST guide, sObject Collections). */
const maxRows = 200;

/** What became of one row: the record and whether it is new, or why not. */
export type RowOutcome = Checked<{ readonly id: string; readonly created?: boolean }>;

/** `POST composite/sobjects` */
export function createCollection(call: Call): Answer {
  const { rows, allOrNone } = rowsOf(call);
  return saveRows(call, rows, allOrNone, (row) => withId(createRecord(savesOf(call), typeOfRow(call, row), row)));
}

/** `PATCH composite/sobjects` */
export function updateCollection(call: Call): Answer {
  const { rows, allOrNone } = rowsOf(call);
  return saveRows(call, rows, allOrNone, (row) => {
    const { id: lower, Id: upper = lower, ...values } = row;
    const found = recordOfRow(call, upper, typeOfRow(call, row));
    return found.ok ? withId(updateRecord(savesOf(call), found.value, values)) : found;
  });
}

/** `DELETE composite/sobjects?ids=` */
export function deleteCollection(call: Call): Answer {
  const ids = (call.query.get('ids') ?? '').split(',').filter((id) => id !== '');
  if (ids.length === 0) throw new Refusal(requestProblem('MISSING_ARGUMENT', 'ids is required'));
  const allOrNone = call.query.get('allOrNone') === 'true';
  return saveRows(call, ids, allOrNone, (id) => {
    const found = recordOfRow(call, id, objectOfId(id));
    if (!found.ok) return found;
    const problem = deleteRecord(savesOf(call), found.value);
    return problem === null ? withId(found) : { ok: false, problem };
  });
}

/** `GET composite/sobjects/{type}?ids=&fields=` and `POST` with both in the body; what is not there is null. */
export function readCollection(call: Call): Answer {
  const type = objectFromPath(call);
  const fields =
    call.body === undefined
      ? requestedFields(call, type)
      : fieldsNamed(call.org.schema, type, stringList(objectBody(call.body), 'fields'));
  const ids =
    call.body === undefined ? (call.query.get('ids') ?? '').split(',') : stringList(objectBody(call.body), 'ids');
  const body = ids.map((id) => {
    const record = call.org.records.live(type.name, canonicalId(id.trim()) ?? '');
    return record === null ? null : recordBody(call.org, call.version, record, fields);
  });
  return { status: 200, body };
}

/** The rows of a collection. @throws Refusal when there are too many or none. */
export function rowsOf({ body }: Call): { readonly rows: readonly JsonObject[]; readonly allOrNone: boolean } {
  const given = objectBody(body);
  return { rows: objectList(given, 'records'), allOrNone: given.allOrNone === true };
}

/**
 * Saves row by row and answers in their order, HTTP 200 whatever became of them. With `allOrNone` one bad row takes the
 * others back; a row that cannot even be read may end the whole call (switch `unreadableRow`).
 */
export function saveRows<T>(
  { org }: Call,
  rows: readonly T[],
  allOrNone: boolean,
  save: (row: T, position: number) => RowOutcome,
): Answer {
  if (rows.length > maxRows) {
    throw new Refusal(requestProblem('LIMIT_EXCEEDED', `The number of records is more than the maximum ${maxRows}`));
  }
  let outcomes: readonly RowOutcome[] = [];
  org.records.atomically(() => {
    outcomes = rows.map(save);
    const unreadable = outcomes.find((row) => !row.ok && isUnreadable(row.problem));
    if (unreadable?.ok === false && org.options.unreadableRow === 'call') throw new Refusal(unreadable.problem);
    return !allOrNone || outcomes.every((row) => row.ok);
  });
  const isRolledBack = allOrNone && outcomes.some((row) => !row.ok);
  return { status: 200, body: outcomes.map((row) => rowBody(row, isRolledBack)) };
}

function rowBody(row: RowOutcome, isRolledBack: boolean): Record<string, unknown> {
  if (!row.ok) return errorRow(row.problem);
  if (isRolledBack) return errorRow(rolledBack);
  const { id, created } = row.value;
  return { id, success: true, errors: [], ...(created === undefined ? {} : { created }) };
}

const rolledBack: Problem = saveProblem(
  'ALL_OR_NONE_OPERATION_ROLLED_BACK',
  'Record rolled back because not all records were valid and the request was using AllOrNone header',
);

/** The object a row says it is. @throws Refusal when it says none: the call cannot be read then. */
function typeOfRow({ org }: Call, row: JsonObject): ObjectName {
  const attributes = row.attributes;
  const name = isJsonObject(attributes) ? attributes.type : undefined;
  if (typeof name !== 'string') {
    throw new Refusal(requestProblem('INVALID_TYPE', 'The attributes of a record must name its type'));
  }
  const type = org.schema.object(name);
  if (type === null) throw new Refusal(requestProblem('INVALID_TYPE', `sObject type '${name}' is not supported.`));
  return type.name;
}

function recordOfRow({ org }: Call, given: unknown, object: ObjectName | null): Checked<SalesforceRecord> {
  const id = typeof given === 'string' ? canonicalId(given) : null;
  if (id === null) {
    return { ok: false, problem: saveProblem('MALFORMED_ID', 'Record ID: id value of incorrect type', ['Id']) };
  }
  const record = object === null ? null : org.records.find(object, id);
  if (record === null) {
    return { ok: false, problem: saveProblem('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id') };
  }
  if (record.isDeleted) return { ok: false, problem: saveProblem('ENTITY_IS_DELETED', 'entity is deleted') };
  return { ok: true, value: record };
}

function withId(saved: Checked<SalesforceRecord>): RowOutcome {
  return saved.ok ? { ok: true, value: { id: saved.value.id } } : saved;
}
