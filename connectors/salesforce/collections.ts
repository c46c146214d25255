import type { CrmFailure, RecordRef } from '../../src/domain/crm.ts';
import { collectionAnswerSchema, type CollectionRow } from './answers.ts';
import type { ApiResult, ApiSession } from './api.ts';
import { failure } from './classify.ts';
import { failureCode } from './codes.ts';
import { slices } from '../transport/slices.ts';
import { readDuplicates } from './duplicate-result.ts';

/** A record as Salesforce's JSON takes it. */
export type Payload = Readonly<Record<string, unknown>>;

export type Collection =
  | { readonly kind: 'create' }
  | { readonly kind: 'update' }
  | { readonly kind: 'upsert'; readonly object: string; readonly key: string };

export type RowOutcome =
  | { readonly kind: 'done'; readonly id: string; readonly created: boolean }
  | {
      readonly kind: 'refused';
      readonly failure: CrmFailure;
      /** The records that a duplicate rule takes for this one. */
      readonly duplicates?: readonly RecordRef[];
    };

/** Salesforce's REST guide: 200 records to a collection. */
const ROWS_PER_REQUEST = 200;

/**
 * Without this header Salesforce runs assignment rules, on updates too, and hands leads and cases to other owners.
 * Duplicate rules are left to speak, those too that would only warn: `allowSave=true` would make a second record of
 * somebody whom the org knows, and that is a person's decision.
 */
const WRITE_HEADERS = {
  'sforce-auto-assign': 'FALSE',
  'sforce-duplicate-rule-header': 'allowSave=false; includeRecordDetails=false; runAsCurrentUser=true',
};

/**
 * Writes records, 200 to a call, one call after the other: two writes at once would lock each other's parents.
 *
 * @returns one outcome per record, in order
 */
export async function writeCollection(
  session: ApiSession,
  collection: Collection,
  payloads: readonly Payload[],
): Promise<readonly RowOutcome[]> {
  const outcomes: RowOutcome[] = [];
  for (const part of slices(payloads, ROWS_PER_REQUEST)) outcomes.push(...(await writePart(session, collection, part)));
  return outcomes;
}

async function writePart(
  session: ApiSession,
  collection: Collection,
  payloads: readonly Payload[],
): Promise<readonly RowOutcome[]> {
  const answer = await send(session, collection, payloads);
  if (answer.kind === 'failed') return writeWithoutCulprits(session, collection, payloads, answer.failure);
  return payloads.map((_, index) => readRow(session, collection, answer.body[index]));
}

/**
 * One column that is not there, or one value that cannot be read, fails the whole call. Rows that hold the column at
 * fault are told apart by it; a value that cannot be read is narrowed down by halves.
 */
async function writeWithoutCulprits(
  session: ApiSession,
  collection: Collection,
  payloads: readonly Payload[],
  reason: CrmFailure,
): Promise<readonly RowOutcome[]> {
  const { field } = reason;
  const refused: RowOutcome = { kind: 'refused', failure: reason };
  if (reason.status !== 400 || payloads.length < 2) return payloads.map(() => refused);
  if (field !== undefined) {
    const innocent = payloads.filter((payload) => !(field in payload));
    if (innocent.length === 0 || innocent.length === payloads.length) return payloads.map(() => refused);
    const outcomes = await writePart(session, collection, innocent);
    const byPayload = new Map(innocent.map((payload, index) => [payload, outcomes[index]]));
    return payloads.map((payload) => byPayload.get(payload) ?? refused);
  }
  if (reason.code !== failureCode('JSON_PARSER_ERROR')) return payloads.map(() => refused);
  const middle = Math.ceil(payloads.length / 2);
  return [
    ...(await writePart(session, collection, payloads.slice(0, middle))),
    ...(await writePart(session, collection, payloads.slice(middle))),
  ];
}

function send(
  session: ApiSession,
  collection: Collection,
  records: readonly Payload[],
): Promise<ApiResult<readonly CollectionRow[]>> {
  const endpoint = `collection-${collection.kind}` as const;
  return session.send({ endpoint, ...collectionRequest(collection, records), answer: collectionAnswerSchema });
}

/** The request that writes up to 200 records, by itself or as a part of a composite. */
export function collectionRequest(collection: Collection, records: readonly Payload[]) {
  const suffix = collection.kind === 'upsert' ? `/${collection.object}/${collection.key}` : '';
  return {
    method: collection.kind === 'create' ? 'POST' : 'PATCH',
    path: `/composite/sobjects${suffix}`,
    headers: WRITE_HEADERS,
    body: { allOrNone: false, records },
  } as const;
}

/** Deletes records, into the org's recycle bin. */
export async function deleteCollection(session: ApiSession, ids: readonly string[]): Promise<readonly RowOutcome[]> {
  const outcomes: RowOutcome[] = [];
  for (const part of slices(ids, ROWS_PER_REQUEST)) {
    const answer = await session.send({
      endpoint: 'collection-delete',
      method: 'DELETE',
      path: `/composite/sobjects?ids=${part.join(',')}&allOrNone=false`,
      headers: { 'sforce-auto-assign': 'FALSE' },
      answer: collectionAnswerSchema,
    });
    outcomes.push(
      ...part.map((_, index): RowOutcome => {
        if (answer.kind === 'failed') return { kind: 'refused', failure: answer.failure };
        return readRow(session, { kind: 'update' }, answer.body[index]);
      }),
    );
  }
  return outcomes;
}

/** What one row of an answer says; undefined stands for one that is not in it. */
export function readRow(session: ApiSession, collection: Collection, row: CollectionRow | undefined): RowOutcome {
  if (row?.success === true && typeof row.id === 'string') {
    const created = collection.kind === 'create' || (collection.kind === 'upsert' && row.created === true);
    return { kind: 'done', id: row.id, created };
  }
  if (row === undefined || row.success) return { kind: 'refused', failure: noResult() };
  const duplicates = readDuplicates(row.errors);
  const refused = { kind: 'refused', failure: session.judge(undefined, row.errors) } as const;
  return duplicates.length === 0 ? refused : { ...refused, duplicates };
}

/** An answer that says nothing of a record that it was given; whether it was written, the next try finds out. */
function noResult(): CrmFailure {
  return failure('retry', failureCode('NO_RESULT'));
}
