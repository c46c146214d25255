import { rowsOf, saveRows, type RowOutcome } from './collection-endpoints.ts';
import { objectFromPath, savesOf, type Answer, type Call } from './endpoint.ts';
import { externalIdField } from './external-id-endpoints.ts';
import type { Field } from './field.ts';
import type { ObjectType } from './object-types.ts';
import { Refusal, requestProblem, saveProblem } from './refusal.ts';
import { isJsonObject, type JsonObject } from './request-body.ts';
import type { SaveContext } from './save-context.ts';
import { createRecord, updateRecord } from './save-record.ts';

/** `PATCH composite/sobjects/{type}/{field}`: one object a call, the id in each row; two rows with one id both fail. */
export function upsertCollection(call: Call): Answer {
  const type = objectFromPath(call);
  const field = externalIdField(call, type, call.path('field'));
  const { rows, allOrNone } = rowsOf(call);
  for (const row of rows) refuseOtherType(row, type);
  const seen = countKeys(rows, field);
  return saveRows(call, rows, allOrNone, (row) => upsertRow(savesOf(call), { type, field, seen }, row));
}

/** How many rows carry each id. */
export function countKeys(rows: readonly JsonObject[], field: Field): ReadonlyMap<string, number> {
  const seen = new Map<string, number>();
  for (const row of rows) {
    const key = keyOf(row, field);
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  return seen;
}

interface Upsert {
  readonly type: ObjectType;
  readonly field: Field;
  /** As of {@link countKeys}. */
  readonly seen: ReadonlyMap<string, number>;
}

/** Updates the record that holds the row's id, or creates one that does. */
export function upsertRow(context: SaveContext, { type, field, seen }: Upsert, row: JsonObject): RowOutcome {
  const value = row[field.name];
  if (typeof value !== 'string' || value.trim() === '') {
    return { ok: false, problem: saveProblem('MISSING_ARGUMENT', `${field.name} not specified`) };
  }
  if ((seen.get(keyOf(row, field)) ?? 0) > 1) {
    const message = `Duplicate external id specified: ${value}`;
    return { ok: false, problem: saveProblem('DUPLICATE_VALUE', message, [field.name]) };
  }
  const holders = context.org.records.holders(type.name, field.name, value.trim(), field.caseSensitive);
  if (holders.length > 1) {
    const ids = holders.map(({ id }) => id).join(', ');
    const message = `${field.name}: more than one record found for external id field: [${ids}]`;
    return { ok: false, problem: saveProblem('DUPLICATE_EXTERNAL_ID', message, [field.name]) };
  }
  const [record] = holders;
  const saved =
    record === undefined
      ? createRecord(context, type.name, row)
      : updateRecord(context, record, withoutKey(row, field));
  return saved.ok ? { ok: true, value: { id: saved.value.id, created: record === undefined } } : saved;
}

/** An update need not write the id it was found by. */
function withoutKey(row: JsonObject, field: Field): JsonObject {
  return Object.fromEntries(Object.entries(row).filter(([name]) => name !== field.name));
}

function keyOf(row: JsonObject, field: Field): string {
  const value = row[field.name];
  if (typeof value !== 'string') return '';
  return field.caseSensitive ? value.trim() : value.trim().toLowerCase();
}

function refuseOtherType(row: JsonObject, type: ObjectType): void {
  const named = isJsonObject(row.attributes) ? row.attributes.type : undefined;
  if (typeof named === 'string' && named.toLowerCase() === type.name.toLowerCase()) return;
  throw new Refusal(requestProblem('INVALID_TYPE', `Each record must be of the type ${type.name}`));
}
