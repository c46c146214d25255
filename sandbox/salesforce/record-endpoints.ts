import { objectFromPath, savesOf, type Answer, type Call } from './endpoint.ts';
import type { Field } from './field.ts';
import type { ObjectType } from './object-types.ts';
import { noSuchColumn } from './read-fields.ts';
import { canonicalId } from './record-ids.ts';
import type { SalesforceRecord } from './record-store.ts';
import { recordBody, recordUrl } from './record-view.ts';
import { notFound, Refusal, saveProblem } from './refusal.ts';
import { objectBody } from './request-body.ts';
import { createRecord, deleteRecord, updateRecord } from './save-record.ts';

/** `POST sobjects/{type}` */
export function createSingle(call: Call): Answer {
  const type = objectFromPath(call);
  const created = createRecord(savesOf(call), type.name, objectBody(call.body));
  if (!created.ok) throw new Refusal(created.problem);
  const { id } = created.value;
  const headers = { Location: recordUrl(call.version, created.value) };
  return { status: 201, headers, body: { id, success: true, errors: [] } };
}

/** `GET sobjects/{type}/{id}` */
export function readSingle(call: Call): Answer {
  const type = objectFromPath(call);
  const record = call.org.records.live(type.name, canonicalId(call.path('id')) ?? '');
  // A deleted record reads as not found (recorded).
  if (record === null) throw new Refusal(notFound);
  return { status: 200, body: recordBody(call.org, call.version, record, requestedFields(call, type)) };
}

/** `PATCH sobjects/{type}/{id}` */
export function updateSingle(call: Call): Answer {
  const record = recordFromPath(call);
  const updated = updateRecord(savesOf(call), record, objectBody(call.body));
  if (!updated.ok) throw new Refusal(updated.problem);
  return { status: 204 };
}

/** `DELETE sobjects/{type}/{id}` */
export function deleteSingle(call: Call): Answer {
  const problem = deleteRecord(savesOf(call), recordFromPath(call));
  if (problem !== null) throw new Refusal(problem);
  return { status: 204 };
}

/** The fields of `?fields=`, or all the user sees. @throws Refusal for a column that is not there. */
export function requestedFields({ org, query }: Call, type: ObjectType): readonly Field[] {
  const names = (query.get('fields') ?? '').split(',').filter((name) => name !== '');
  return names.length === 0 ? org.schema.fields(type.name) : fieldsNamed(org.schema, type, names);
}

export function fieldsNamed(
  schema: Call['org']['schema'],
  type: ObjectType,
  names: readonly string[],
): readonly Field[] {
  return names.map((name) => {
    const field = schema.field(type.name, name.trim());
    if (field === null) throw new Refusal(noSuchColumn(type.name, name));
    return field;
  });
}

function recordFromPath(call: Call): SalesforceRecord {
  const type = objectFromPath(call);
  const record = call.org.records.find(type.name, canonicalId(call.path('id')) ?? '');
  if (record === null) throw new Refusal(notFound);
  if (record.isDeleted) throw new Refusal({ ...saveProblem('ENTITY_IS_DELETED', 'entity is deleted'), status: 404 });
  return record;
}
