import type { CrmFailure } from '../../src/domain/crm.ts';
import { collectionAnswerSchema, type CollectionRow } from './answers.ts';
import type { ApiResult, ApiSession } from './api.ts';
import { failure } from './classify.ts';
import { failureCode } from './codes.ts';
import { slices } from '../transport/slices.ts';

/** A record as Salesforce's JSON takes it. */
export type Payload = Readonly<Record<string, unknown>>;

export type Collection =
  | { readonly kind: 'create' }
  | { readonly kind: 'update' }
  | { readonly kind: 'upsert'; readonly object: string; readonly key: string };

export type RowOutcome =
  | { readonly kind: 'done'; readonly id: string; readonly created: boolean }
  | { readonly kind: 'refused'; readonly failure: CrmFailure };

/** Salesforce's REST guide: 200 records to a collection. */
const ROWS_PER_REQUEST = 200;

/**
 * Without this header Salesforce runs assignment rules, on updates too, and hands leads and cases to other owners.
 * Duplicate rules are left to speak: what they object to is for a look-up or a person to resolve.
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
  const common = { headers: WRITE_HEADERS, body: { allOrNone: false, records }, answer: collectionAnswerSchema };
  switch (collection.kind) {
    case 'create':
      return session.send({
        ...common,
        endpoint: 'collection-create',
        method: 'POST',
        path: '/composite/sobjects',
      });
    case 'update':
      return session.send({
        ...common,
        endpoint: 'collection-update',
        method: 'PATCH',
        path: '/composite/sobjects',
      });
    case 'upsert':
      return session.send({
        ...common,
        endpoint: 'collection-upsert',
        method: 'PATCH',
        path: `/composite/sobjects/${collection.object}/${collection.key}`,
      });
  }
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

function readRow(session: ApiSession, collection: Collection, row: CollectionRow | undefined): RowOutcome {
  if (row?.success === true && typeof row.id === 'string') {
    const created = collection.kind === 'create' || (collection.kind === 'upsert' && row.created === true);
    return { kind: 'done', id: row.id, created };
  }
  if (row === undefined || row.success) return { kind: 'refused', failure: noResult() };
  return { kind: 'refused', failure: session.judge(undefined, row.errors) };
}

/** An answer that says nothing of a record that it was given; whether it was written, the next try finds out. */
function noResult(): CrmFailure {
  return failure('retry', failureCode('NO_RESULT'));
}
