import type { WriteResult } from '../../src/domain/crm.ts';
import { inOtherForm } from '../schema/in-other-form.ts';
import type { ApiSession } from './api.ts';
import { failure } from './classify.ts';
import { failureCode } from './codes.ts';
import type { RowWriter } from './bulk/row-writer.ts';
import type { Collection, Payload } from './collections.ts';
import { warningsOf, writeTolerantly, type TolerantOutcome } from './dispensable-fields.ts';
import { ESSENTIAL, FALLBACK_KEY } from './fields.ts';
import { findTasksByKey } from './find-tasks-by-key.ts';
import type { Operation } from './fit-fields.ts';
import type { Schema } from './schema.ts';
import { storedKey } from './stored-key.ts';
import { fitTask, type TaskRecord } from './task-writes.ts';

/** Creates or updates the one task that carries each key: by our own external id, or by a standard field without it. */
export function writeTasks(
  session: ApiSession,
  schema: Schema,
  records: readonly TaskRecord[],
  write: RowWriter,
): Promise<readonly WriteResult[]> {
  return schema.task.keyField === undefined
    ? writeByStandardField(session, schema, records, write)
    : writeByExternalId(write, schema, records, schema.task.keyField);
}

/** One task on its way: what is sent for it, and how. */
interface Sending {
  readonly record: TaskRecord;
  readonly payload: Payload;
  readonly createOnly: readonly string[];
  readonly warnings: readonly string[];
}

type Results = Map<TaskRecord, WriteResult>;

/**
 * One call for all. A task's subtype is taken when the task is made and refused afterwards (Salesforce's object
 * reference), and an upsert does not know beforehand which it will be: what is refused for that goes again without it.
 */
async function writeByExternalId(
  write: RowWriter,
  schema: Schema,
  records: readonly TaskRecord[],
  key: { readonly name: string; readonly length: number },
): Promise<readonly WriteResult[]> {
  const results: Results = new Map();
  const sendings = records.flatMap((record) =>
    prepare(schema, record, 'upsert', { [key.name]: storedKey(record.key, key.length) }, results),
  );
  const collection: Collection = { kind: 'upsert', object: 'Task', key: key.name };
  await send(write, collection, sendings, results);
  const again = sendings
    .filter(({ record, createOnly }) => createOnly.length > 0 && isRefusedForUpdate(results.get(record)))
    .map((sending) => ({ ...sending, payload: without(sending.payload, sending.createOnly), createOnly: [] }));
  await send(write, collection, again, results);
  return collect(records, results);
}

/**
 * Looks before it writes. Only one writer is at work on a connection, so nobody writes in between; what an earlier try
 * wrote without our knowing it is found.
 */
async function writeByStandardField(
  session: ApiSession,
  schema: Schema,
  records: readonly TaskRecord[],
  write: RowWriter,
): Promise<readonly WriteResult[]> {
  const field = schema.task.fields.get(FALLBACK_KEY);
  if (field?.createable !== true || !field.filterable) return records.map(() => noKeyField());
  const keyOf = (record: TaskRecord) => storedKey(record.key, field.length);
  const { idByKey, failureByKey } = await findTasksByKey(session, records.map(keyOf));
  const results: Results = new Map();
  const creating: Sending[] = [];
  const updating: Sending[] = [];
  for (const record of records) {
    const key = keyOf(record);
    const failed = failureByKey.get(key);
    const id = idByKey.get(key);
    if (failed !== undefined) results.set(record, { kind: 'refused', failure: failed });
    else if (id === undefined) creating.push(...prepare(schema, record, 'create', { [FALLBACK_KEY]: key }, results));
    else updating.push(...prepare(schema, record, 'update', { Id: id, [FALLBACK_KEY]: key }, results));
  }
  await send(write, { kind: 'create' }, creating, results);
  await send(write, { kind: 'update' }, updating, results);
  return collect(records, results);
}

function prepare(
  schema: Schema,
  record: TaskRecord,
  operation: Operation,
  identity: Payload,
  results: Results,
): readonly Sending[] {
  const fit = fitTask(schema, record, operation);
  if (fit.kind === 'unfit') {
    results.set(record, { kind: 'refused', failure: fit.failure });
    return [];
  }
  const payload = { attributes: { type: 'Task' }, ...fit.values, ...identity };
  return [{ record, payload, createOnly: fit.createOnly, warnings: fit.warnings }];
}

/** Tasks of one person stand together, so that a call locks each parent once. */
async function send(
  write: RowWriter,
  collection: Collection,
  sendings: readonly Sending[],
  results: Results,
): Promise<void> {
  if (sendings.length === 0) return;
  const sorted = sendings.toSorted((a, b) => parentOf(a).localeCompare(parentOf(b)));
  const createOnly = new Set(sendings.flatMap((sending) => sending.createOnly));
  const outcomes = await writeTolerantly(
    sorted.map(({ payload }) => payload),
    ESSENTIAL.Task,
    (payloads) => write(collection, payloads, createOnly),
  );
  sorted.forEach((sending, index) => {
    const written = outcomes[index];
    if (written !== undefined) results.set(sending.record, toResult(sending, written));
  });
}

function toResult({ record, payload, warnings: known }: Sending, written: TolerantOutcome): WriteResult {
  const { outcome, leftOut } = written;
  if (outcome.kind === 'refused') return { kind: 'refused', failure: outcome.failure };
  const { person, about } = record;
  const warnings = [...known, ...warningsOf(written)];
  const stored = inOtherForm(record.fields, without(payload, leftOut));
  const isRelated = about !== undefined && 'WhatId' in payload && !leftOut.includes('WhatId');
  return {
    kind: 'written',
    ref: { object: 'Task', id: outcome.id },
    created: outcome.created,
    ...(person === undefined ? {} : { linkedTo: person }),
    ...(isRelated ? { relatedTo: [about] } : {}),
    ...(Object.keys(stored).length === 0 ? {} : { stored }),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

function parentOf({ record }: Sending): string {
  return record.person?.id ?? '';
}

function isRefusedForUpdate(result: WriteResult | undefined): boolean {
  return result?.kind === 'refused' && result.failure.code === failureCode('INVALID_FIELD_FOR_INSERT_UPDATE');
}

function without(payload: Payload, fields: readonly string[]): Payload {
  return Object.fromEntries(Object.entries(payload).filter(([field]) => !fields.includes(field)));
}

function collect(records: readonly TaskRecord[], results: Results): readonly WriteResult[] {
  return records.map((record) => results.get(record) ?? noResult());
}

function noResult(): WriteResult {
  return { kind: 'refused', failure: failure('retry', failureCode('NO_RESULT')) };
}

function noKeyField(): WriteResult {
  return { kind: 'refused', failure: failure('fix_mapping', failureCode('NO_KEY_FIELD'), { field: FALLBACK_KEY }) };
}
