import type { CrmFailure, FieldValues, WriteResult } from '../../src/domain/crm.ts';
import { batchAnswerSchema, type BatchAnswer } from './answers.ts';
import type { ApiResult, ApiSession } from './api.ts';
import { BATCH_SIZE } from './batch-read.ts';
import { isolateBadInputs, type BatchAttempt } from './isolate.ts';
import { explainRefusal } from './key-property.ts';
import { matchWriteAnswer } from './match-write-answer.ts';
import type { KeyProperty } from './properties.ts';
import { recoverUnnamedResults } from './recover-unnamed-results.ts';
import { slices } from '../transport/slices.ts';

/**
 * One record to write: `id` is its record id, or the value of the object's unique property. A `create` is refused when
 * there is such a record, and told apart from its neighbours by `id` only.
 */
export interface RecordWrite {
  readonly by: 'id' | 'key' | 'create';
  readonly id: string;
  readonly properties: FieldValues;
}

/** A write with the mark by which HubSpot's answer names it. */
export interface TracedWrite extends RecordWrite {
  readonly traceId: string;
}

/**
 * Statuses by which a batch is refused because of an input: a value that does not fit (400), a unique value that
 * another record holds (409, for the entire batch), a record that is gone (404, in updates).
 */
const REFUSED_FOR_AN_INPUT = [400, 404, 409];

/** Codes that hold for every record with the property, whatever its value. */
const ABOUT_THE_PROPERTY: ReadonlySet<string> = new Set([
  'hubspot.PROPERTY_DOESNT_EXIST',
  'hubspot.READ_ONLY_VALUE',
  'hubspot.READ_ONLY_PROPERTY',
]);

/**
 * Writes records of one object; one result per write, in their order.
 *
 * The same id twice in one batch is refused by HubSpot as a whole, and twice at the same time is a race: the second
 * write of an id leaves when the first one has been answered.
 *
 * @param key the object's unique property; asked after only when the writes carry it
 * @param statuses those by which a whole batch is refused because of an input, and for which it is halved
 */
export async function writeRecords(
  session: ApiSession,
  key: KeyProperty,
  writes: readonly RecordWrite[],
  statuses: readonly number[] = REFUSED_FOR_AN_INPUT,
): Promise<readonly WriteResult[]> {
  const results = new Map<RecordWrite, WriteResult>();
  for (const round of roundsOfDistinctIds(writes)) {
    const batches = ['key', 'create', 'id'] as const;
    const parts = batches.flatMap((by) =>
      slices(
        round.filter((write) => write.by === by),
        BATCH_SIZE,
      ),
    );
    const answers = (await Promise.all(parts.map((part) => writeBatch(session, key, part, statuses)))).flat();
    parts.flat().forEach((write, index) => {
      const result = answers[index];
      if (result !== undefined) results.set(write, result);
    });
  }
  return writes.map((write) => results.get(write) ?? { kind: 'refused', failure: noResult() });
}

/** HubSpot answered the batch and left this record out: written or not, the next try finds it by its key. */
export function noResult(): CrmFailure {
  return {
    disposition: 'retry',
    code: 'hubspot.NO_RESULT',
    status: undefined,
    retryAfterMs: undefined,
    field: undefined,
    vendorText: undefined,
  };
}

function writeBatch(
  session: ApiSession,
  key: KeyProperty,
  writes: readonly RecordWrite[],
  statuses: readonly number[],
): Promise<readonly WriteResult[]> {
  // A 207 with rows is given only when every input has a trace id of its own (HubSpot's error handling page).
  const traced = writes.map((write, index) => ({ ...write, traceId: String(index) }));
  return isolateBadInputs<TracedWrite, WriteResult>(traced, {
    statuses,
    attempt: (inputs) => attempt(session, key, inputs),
    refuse: (failure) => ({ kind: 'refused', failure }),
    isAbout: (failure, { properties }) =>
      ABOUT_THE_PROPERTY.has(failure.code) && failure.field !== undefined && failure.field in properties,
  });
}

async function attempt(
  session: ApiSession,
  key: KeyProperty,
  writes: readonly TracedWrite[],
): Promise<BatchAttempt<WriteResult>> {
  const answer = await request(session, key, writes);
  if (answer.kind === 'failed') {
    const { failure } = answer;
    return { kind: 'refused', failure: carryKey(key, writes) ? await explainRefusal(session, key, failure) : failure };
  }
  const match = matchWriteAnswer(writes, answer.body, key);
  const recovered = await recoverUnnamedResults(session, key, match);
  const results = writes.map((write): WriteResult => {
    const row = match.rows.get(write);
    if (row !== undefined) return { kind: 'refused', failure: session.classifyRow(row, endpointOf(write)) };
    const record = match.records.get(write) ?? recovered.get(write);
    if (record === undefined) return { kind: 'refused', failure: noResult() };
    return {
      kind: 'written',
      ref: { object: key.object, id: record.id },
      created: record.new ?? write.by === 'create',
    };
  });
  return { kind: 'answered', results };
}

function request(
  session: ApiSession,
  key: KeyProperty,
  writes: readonly TracedWrite[],
): Promise<ApiResult<BatchAnswer>> {
  const verb = VERB[writes[0]?.by ?? 'key'];
  return session.send({
    endpoint: `batch-${verb}`,
    method: 'POST',
    family: 'objects',
    path: [key.object, 'batch', verb],
    body: {
      inputs: writes.map((write) => ({
        ...identityOf(write, key),
        properties: write.properties,
        objectWriteTraceId: write.traceId,
      })),
    },
    answer: batchAnswerSchema,
  });
}

const VERB = { id: 'update', key: 'upsert', create: 'create' } as const;

/** An upsert must name the unique property, an update by record id must not, and a create has nothing to name yet. */
function identityOf({ by, id }: RecordWrite, key: KeyProperty): Readonly<Record<string, string>> {
  switch (by) {
    case 'id':
      return { id };
    case 'key':
      return { id, idProperty: key.name };
    case 'create':
      return {};
  }
}

function endpointOf({ by }: RecordWrite) {
  return `batch-${VERB[by]}` as const;
}

function carryKey(key: KeyProperty, writes: readonly RecordWrite[]): boolean {
  return writes.some(({ by, properties }) => by === 'key' || key.name in properties);
}

function roundsOfDistinctIds(writes: readonly RecordWrite[]): readonly (readonly RecordWrite[])[] {
  const rounds: RecordWrite[][] = [];
  const timesSeen = new Map<string, number>();
  for (const write of writes) {
    const identity = `${write.by}:${write.id}`;
    const round = timesSeen.get(identity) ?? 0;
    timesSeen.set(identity, round + 1);
    (rounds[round] ??= []).push(write);
  }
  return rounds;
}
