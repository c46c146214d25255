import { objectFromPath, savesOf, type Answer, type Call } from './endpoint.ts';
import type { Field } from './field.ts';
import { requestedFields, updateSingle } from './record-endpoints.ts';
import type { ObjectType } from './object-types.ts';
import type { SalesforceRecord } from './record-store.ts';
import { recordBody, recordUrl } from './record-view.ts';
import { notFound, Refusal, requestProblem } from './refusal.ts';
import { objectBody } from './request-body.ts';
import { createRecord, deleteRecord, updateRecord } from './save-record.ts';

/** `PATCH sobjects/{type}/{field}/{value}`: updates the record that holds the value, or creates one that does. */
export function upsertByExternalId(call: Call): Answer {
  const { type, field, holders } = addressed(call);
  if (field.name === 'Id') return updateSingle({ ...call, path: (name) => call.path(name === 'id' ? 'value' : name) });
  if (holders.length > 1) return several(call, holders);
  const given = objectBody(call.body);
  refuseKeyInBody(field, given);
  const [record] = holders;
  const saved =
    record === undefined
      ? createRecord(savesOf(call), type.name, { ...given, [field.name]: call.path('value') })
      : updateRecord(savesOf(call), record, given);
  if (!saved.ok) throw new Refusal(saved.problem);
  const created = record === undefined;
  if (!created && call.org.options.upsertSingleAnswer === 204) return { status: 204 };
  const body = { id: saved.value.id, success: true, errors: [], created };
  return created
    ? { status: 201, headers: { Location: recordUrl(call.version, saved.value) }, body }
    : { status: 200, body };
}

/** `GET sobjects/{type}/{field}/{value}` */
export function readByExternalId(call: Call): Answer {
  const { type, holders } = addressed(call);
  if (holders.length > 1) return several(call, holders);
  const [record] = holders;
  if (record === undefined) throw new Refusal(notFound);
  return { status: 200, body: recordBody(call.org, call.version, record, requestedFields(call, type)) };
}

/** `DELETE sobjects/{type}/{field}/{value}` */
export function deleteByExternalId(call: Call): Answer {
  const { holders } = addressed(call);
  if (holders.length > 1) return several(call, holders);
  const [record] = holders;
  if (record === undefined) throw new Refusal(notFound);
  const problem = deleteRecord(savesOf(call), record);
  if (problem !== null) throw new Refusal(problem);
  return { status: 204 };
}

interface Addressed {
  readonly type: ObjectType;
  readonly field: Field;
  readonly holders: readonly SalesforceRecord[];
}

function addressed(call: Call): Addressed {
  const type = objectFromPath(call);
  const field = externalIdField(call, type, call.path('field'));
  const value = call.path('value');
  return { type, field, holders: call.org.records.holders(type.name, field.name, value, field.caseSensitive) };
}

/** The field that names records. @throws Refusal (404) when the user sees no external id of that name. */
export function externalIdField({ org }: Call, type: ObjectType, name: string): Field {
  const field = org.schema.field(type.name, name);
  if (field !== null && (field.externalId || field.name === 'Id')) return field;
  const message = `Provided external ID field does not exist or is not accessible: ${name}`;
  throw new Refusal(requestProblem('NOT_FOUND', message, 404));
}

/** In a single upsert the id is in the URL and must not be in the body as well. */
function refuseKeyInBody(field: Field, given: Readonly<Record<string, unknown>>): void {
  if (!Object.keys(given).some((name) => name.toLowerCase() === field.name.toLowerCase())) return;
  const message = `The ${field.name} field should not be specified in the sobject data.`;
  throw new Refusal(requestProblem('INVALID_FIELD', message));
}

/** Several records hold the value: 300 with where they are. */
function several({ version }: Call, holders: readonly SalesforceRecord[]): Answer {
  return { status: 300, body: holders.map((record) => recordUrl(version, record)) };
}
