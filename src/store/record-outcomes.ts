import { randomUUID } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import type { ConnectionId, ConversationId, TenantId } from '../domain/ids.ts';
import type { ReasonCode } from '../domain/reasons.ts';
import { saveAttempts, sealTrace } from './attempt-repository.ts';
import type { Database } from './database.ts';
import type { PersonEntry, RecordedRow } from './ledger-rows.ts';
import { hashPeople, savePeople } from './people-repository.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { Schema } from './schema.ts';
import { saveSnapshots, sealSnapshot } from './snapshot-repository.ts';
import type { Vault } from './vault.ts';
import { sealWritten } from './written-records.ts';

export interface RecordRequest {
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  /** The token the rows were claimed with. */
  readonly fence: number;
  readonly now: Date;
  readonly rows: readonly RecordedRow[];
  /** Persons found or made on the way. */
  readonly people: readonly PersonEntry[];
}

export interface RecordResult {
  readonly recorded: readonly ConversationId[];
  /** No longer in progress under this token: somebody else has them, and nothing was changed. */
  readonly stale: readonly ConversationId[];
}

/** Waiting for these reasons, everything that was known has been delivered. */
const NOTHING_OWED: readonly ReasonCode[] = ['conversation_active', 'handoff_written_conversation_active'];

/** One row, ready to be stored. */
interface SealedRow {
  readonly row: RecordedRow;
  readonly attemptId: string;
  readonly written: Buffer | null;
  readonly trace: Buffer;
  readonly snapshot: Buffer | undefined;
}

/**
 * Records how a delivery ended, all rows in one transaction. Only rows that are still in progress under the token change;
 * when none is left, nothing at all is recorded, persons included.
 *
 * @throws TypeError when an outcome and its due time contradict each other: a fault of the caller.
 */
export async function recordOutcomes(db: Database, vault: Vault, request: RecordRequest): Promise<RecordResult> {
  request.rows.forEach(refuseContradiction);
  // Encryption happens before the transaction: no lock is held meanwhile.
  const sealed = await Promise.all(request.rows.map((row) => sealRow(vault, request, row)));
  const people = await hashPeople(vault, request.tenantId, request.connectionId, request.people);
  const recorded = await retryConflicts(() =>
    db.transaction().execute(async (transaction) => {
      const held = await lockHeldRows(transaction, request);
      const rows = sealed.filter(({ row }) => held.has(row.conversationId));
      if (rows.length === 0) return held;
      await updateLedger(transaction, request, rows);
      await saveAttempts(transaction, request, rows.map(toAttempt));
      await saveSnapshots(transaction, request.tenantId, request.now, rows.flatMap(toSnapshot));
      await savePeople(transaction, request.connectionId, people, request.now);
      return held;
    }),
  );
  const ids = request.rows.map((row) => row.conversationId);
  return { recorded: ids.filter((id) => recorded.has(id)), stale: ids.filter((id) => !recorded.has(id)) };
}

/** A waiting row without a due time would never be looked at again; the table refuses it, and with it the whole batch. */
function refuseContradiction({ conversationId, outcome }: RecordedRow): void {
  if ((outcome.state === 'waiting') === (outcome.dueAt !== undefined)) return;
  throw new TypeError(`the outcome ${outcome.state} of conversation ${conversationId} contradicts its due time`);
}

async function sealRow(vault: Vault, owner: RecordRequest, row: RecordedRow): Promise<SealedRow> {
  const attemptId = randomUUID();
  const { tenantId, connectionId } = owner;
  return {
    row,
    attemptId,
    written: await sealWritten(vault, { tenantId, connectionId, conversationId: row.conversationId }, row.written),
    trace: await sealTrace(vault, tenantId, attemptId, row.trace),
    snapshot:
      row.snapshot === undefined
        ? undefined
        : await sealSnapshot(vault, tenantId, row.conversationId, row.snapshot.body),
  };
}

async function lockHeldRows(
  transaction: Transaction<Schema>,
  { connectionId, fence, rows }: RecordRequest,
): Promise<ReadonlySet<ConversationId>> {
  if (rows.length === 0) return new Set();
  const held = await sql<{ readonly conversation_id: ConversationId }>`
    select conversation_id from ledger
    where connection_id = ${connectionId} and state = 'in_progress' and fence = ${fence}
      and conversation_id = any(${rows.map((row) => row.conversationId)}::text[])
    order by conversation_id
    for update`.execute(transaction);
  return new Set(held.rows.map((row) => row.conversation_id));
}

/**
 * A due time in a row that is in progress says that something arrived meanwhile: the row becomes due once more, whatever
 * the outcome was, and what was written is kept. From when a delivery is owed (`due_since`) depends on the outcome: what
 * could not be delivered is still owed, what only waits for news owes the next delivery from its due time.
 */
async function updateLedger(
  transaction: Transaction<Schema>,
  { connectionId, now }: RecordRequest,
  sealed: readonly SealedRow[],
): Promise<void> {
  const outcomes = sealed.map(({ row }) => row.outcome);
  await sql`
    update ledger l set
      state = case when l.due_at is null then o.state else 'due' end,
      reason = case when l.due_at is null then o.reason else 'event_received' end,
      vendor_code = case when l.due_at is null then o.vendor_code end,
      due_at = least(l.due_at, o.due_at),
      due_since = case
        when o.state = 'waiting' and not (o.reason = any(${NOTHING_OWED})) then l.due_since
        else coalesce(least(l.due_at, o.due_at), l.due_since) end,
      attempts = o.attempts,
      failing_since = o.failing_since,
      mapping_version = coalesce(o.mapping_version, l.mapping_version),
      written = o.written,
      synced_at = case when o.state = 'synced' then ${now} else l.synced_at end,
      freshness_ms = case
        when o.state = 'synced' then greatest(0, extract(epoch from ${now} - l.due_since) * 1000)::bigint
        else l.freshness_ms end,
      updated_at = ${now}
    from unnest(
      ${sealed.map(({ row }) => row.conversationId)}::text[],
      ${outcomes.map((outcome) => outcome.state)}::text[],
      ${outcomes.map((outcome) => outcome.reason)}::text[],
      ${outcomes.map((outcome) => outcome.vendorCode ?? null)}::text[],
      ${outcomes.map((outcome) => outcome.dueAt ?? null)}::timestamptz[],
      ${outcomes.map((outcome) => outcome.attempts)}::integer[],
      ${outcomes.map((outcome) => outcome.failingSince ?? null)}::timestamptz[],
      ${sealed.map(({ row }) => row.mappingVersion ?? null)}::text[],
      ${sealed.map(({ written }) => written)}::bytea[]
    ) as o (conversation_id, state, reason, vendor_code, due_at, attempts, failing_since, mapping_version, written)
    where l.connection_id = ${connectionId} and l.conversation_id = o.conversation_id`.execute(transaction);
}

function toAttempt({ row, attemptId, trace }: SealedRow) {
  const { conversationId, startedAt, outcome, calls } = row;
  return { attemptId, conversationId, startedAt, state: outcome.state, reason: outcome.reason, calls, trace };
}

function toSnapshot({ row, snapshot }: SealedRow) {
  return row.snapshot === undefined || snapshot === undefined
    ? []
    : [{ conversationId: row.conversationId, expiresAt: row.snapshot.expiresAt, body: snapshot }];
}
