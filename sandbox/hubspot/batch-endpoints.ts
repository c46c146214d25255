import { checkProperties, missingOnCreate } from './check-record.ts';
import type { Answer, Call } from './endpoint.ts';
import { readInlineAssociations, type InlineAssociation } from './inline-associations.ts';
import { archiveRecord } from './object-endpoints.ts';
import { objectTypeFromPath, type ObjectType } from './object-types.ts';
import { uniqueKey, type CrmRecord, type PropertyValues } from './record-store.ts';
import { readView, showHistory, showRecord } from './record-view.ts';
import { errorRow, invalid, notFound, Refusal, type Problem } from './refusal.ts';
import {
  batchInputs,
  objectBody,
  optionalString,
  propertiesOf,
  requiredString,
  stringList,
  type JsonObject,
} from './request-body.ts';
import { batchAnswer, writeBatch, type Draft } from './write-batch.ts';

/** Inputs of one object batch (HubSpot's object guide, limits). */
const maxInputs = 100;
/** Inputs of one batch read that asks for histories (a recorded refusal). */
const maxInputsWithHistory = 50;

/** `POST .../{objectType}/batch/read`, also by a unique property. Records that are not there are error rows. */
export function batchRead(call: Call): Answer {
  const { account } = call;
  const type = objectTypeFromPath(call.path('type'));
  const body = objectBody(call.body);
  const historyOf = stringList(body, 'propertiesWithHistory');
  const inputs = batchInputs(body, historyOf.length > 0 ? maxInputsWithHistory : maxInputs);
  const idProperty = optionalString(body, 'idProperty');
  if (idProperty !== undefined) account.registry.requireUnique(type, idProperty);
  const view = readView(account.registry, type, stringList(body, 'properties'));
  const ids = [...new Set(inputs.map((input) => requiredString(input, 'id')))];
  const follows = idProperty === undefined && account.options.mergedIdInBatchRead === 'follow';
  const found = ids.map((id) => ({
    id,
    record: follows ? account.records.liveOrMerged(type.name, id) : lookUp(call, type, idProperty, id),
  }));
  const absent = found.filter(({ record }) => record === null).map(({ id }) => id);
  const results = found.flatMap(({ record }) => {
    if (record === null) return [];
    const history = historyOf.length === 0 ? {} : { propertiesWithHistory: showHistory(record, historyOf) };
    return [{ ...showRecord(record, view), ...history }];
  });
  const errors = absent.length === 0 ? [] : [errorRow(notThere(type, absent))];
  return batchAnswer(account, { startedAt: account.options.now(), results, errors, allWell: 200 });
}

/** `POST .../{objectType}/batch/create`. */
export function batchCreate(call: Call): Answer {
  const type = objectTypeFromPath(call.path('type'));
  const rows = batchInputs(call.body, maxInputs).map((input) => ({ input, ...contentOf(input) }));
  const drafts = rows.map((row) => {
    const associations = rowAssociations(call, type, row.input);
    if (!Array.isArray(associations)) return refusedRow(row, associations);
    return draftCreate(call, type, row, associations);
  });
  return writeBatch(call, type, drafts, { allWritten: 201, tellsNew: false });
}

/** `POST .../{objectType}/batch/update`, by record id, or by a unique property named in each input. */
export function batchUpdate(call: Call): Answer {
  const { account } = call;
  const type = objectTypeFromPath(call.path('type'));
  const rows = batchInputs(call.body, maxInputs).map((input) => ({
    ...contentOf(input),
    id: requiredString(input, 'id'),
    idProperty: optionalString(input, 'idProperty'),
  }));
  for (const { idProperty } of rows) if (idProperty !== undefined) account.registry.requireUnique(type, idProperty);
  refuseRepeats(rows);
  const drafts = rows.map((row) => {
    const target = lookUp(call, type, row.idProperty, row.id);
    return target === null ? refusedRow(row, notThere(type, [row.id])) : draftUpdate(call, type, row, target);
  });
  return writeBatch(call, type, drafts, { allWritten: 200, tellsNew: false });
}

/** `POST .../{objectType}/batch/upsert`. `associations` of an input are not part of its schema: ignored without a word. */
export function batchUpsert(call: Call): Answer {
  const { account } = call;
  const type = objectTypeFromPath(call.path('type'));
  const rows = batchInputs(call.body, maxInputs).map((input) => ({
    ...contentOf(input),
    id: requiredString(input, 'id'),
    idProperty: requiredString(input, 'idProperty'),
  }));
  for (const { idProperty } of rows) account.registry.requireUnique(type, idProperty);
  refuseRepeats(rows);
  claimKeys(call, type, rows);
  const drafts = rows.map((row) => {
    const existing = account.records.holder(type.name, row.idProperty, row.id);
    if (existing !== null) return draftUpdate(call, type, row, existing);
    return draftCreate(call, type, { ...row, given: { [row.idProperty]: row.id, ...row.given } }, []);
  });
  return writeBatch(call, type, drafts, { allWritten: 200, tellsNew: true });
}

/** `POST .../{objectType}/batch/archive`: 204 whether the records were there or not. */
export function batchArchive(call: Call): Answer {
  const type = objectTypeFromPath(call.path('type'));
  for (const input of batchInputs(call.body, maxInputs)) {
    const record = call.account.records.live(type.name, requiredString(input, 'id'));
    if (record !== null) archiveRecord(call.account, record);
  }
  return { status: 204 };
}

interface KeyedRow {
  readonly id: string;
  readonly idProperty: string | undefined;
}

/** What every input of a write carries, whatever names the record. */
interface RowContent {
  readonly traceId: string | undefined;
  readonly given: PropertyValues;
}

function contentOf(input: JsonObject): RowContent {
  return { traceId: optionalString(input, 'objectWriteTraceId'), given: propertiesOf(input) };
}

/** The links a row asks for, or why it may not have them: that is the row's failure, not the batch's. */
function rowAssociations(call: Call, type: ObjectType, input: JsonObject): InlineAssociation[] | Problem {
  try {
    return [...readInlineAssociations(call.account, type, input)];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.problem;
  }
}

function refusedRow({ traceId }: RowContent, problem: Problem): Draft {
  return { kind: 'refused', traceId, problem };
}

function draftCreate(call: Call, type: ObjectType, row: RowContent, associations: readonly InlineAssociation[]): Draft {
  const checked = checkProperties(call.account, type, row.given);
  if (!checked.ok) return refusedRow(row, checked.problem);
  const missing = missingOnCreate(call.account, type, checked.values, call);
  if (missing !== null) return refusedRow(row, missing);
  return { kind: 'write', traceId: row.traceId, target: null, values: checked.values, associations };
}

function draftUpdate(call: Call, type: ObjectType, row: RowContent, target: CrmRecord): Draft {
  const checked = checkProperties(call.account, type, row.given);
  if (!checked.ok) return refusedRow(row, checked.problem);
  return { kind: 'write', traceId: row.traceId, target, values: checked.values, associations: [] };
}

function lookUp(call: Call, type: ObjectType, idProperty: string | undefined, id: string): CrmRecord | null {
  const { records } = call.account;
  return idProperty === undefined ? records.live(type.name, id) : records.holder(type.name, idProperty, id);
}

function refuseRepeats(rows: readonly KeyedRow[]): void {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { id, idProperty = '' } of rows) {
    const key = `${idProperty} ${uniqueKey(idProperty, id)}`;
    if (seen.has(key)) repeated.add(id);
    seen.add(key);
  }
  if (repeated.size === 0) return;
  const ids = [...repeated];
  throw new Refusal(
    invalid(`Duplicate IDs found in batch input: [${ids.join(', ')}]. IDs must be unique`, { context: { ids } }),
  );
}

/** Two upserts of one key at the same time: undocumented, so what the second one gets is a switch. */
function claimKeys(call: Call, type: ObjectType, rows: readonly KeyedRow[]): void {
  const { account } = call;
  const keys = rows.map(({ id, idProperty = '' }) => `${type.name} ${idProperty} ${uniqueKey(idProperty, id)}`);
  const policy = account.options.concurrentUpsertOfOneKey;
  if (policy !== 'one-wins' && keys.some((key) => account.keysInFlight.has(key))) {
    throw new Refusal(
      policy === '423'
        ? {
            status: 423,
            category: 'LOCKED',
            message: 'The record is locked by another request. Try again in 2 seconds.',
          }
        : { status: 409, category: 'CONFLICT', message: 'The record is being written by another request.' },
    );
  }
  call.holdUntilAnswered(keys);
}

function notThere(type: ObjectType, ids: readonly string[]): Problem {
  return notFound(
    `Could not get some ${type.singular} objects, they may be deleted or not exist. Check that ids are valid.`,
    { ids },
  );
}
