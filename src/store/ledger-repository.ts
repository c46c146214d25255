import { sql } from 'kysely';
import type { ConnectionId, ConversationId } from '../domain/ids.ts';
import type { Priority } from '../domain/ledger.ts';
import type { ReasonCode } from '../domain/reasons.ts';
import { claimRows, type ClaimRequest } from './claim-rows.ts';
import type { Database } from './database.ts';
import { toLedgerRow, type ClaimedLedgerRow, type LedgerGlance, type LedgerRow } from './ledger-rows.ts';
import { summarise, type ConnectionSummary } from './ledger-summary.ts';
import { peekRows, type PeekRequest } from './peek-rows.ts';
import { readNextDue, readOverdue, type NextDue } from './queue-times.ts';
import { recordOutcomes, type RecordRequest, type RecordResult } from './record-outcomes.ts';
import { requeueRows, type RequeueRequest, type RequeueResult } from './requeue-rows.ts';
import { retryConflicts } from './retry-conflicts.ts';
import { readReviewRows, type ReviewRows } from './review-rows.ts';
import type { Vault } from './vault.ts';

interface ReleaseRequest {
  readonly connectionId: ConnectionId;
  readonly fence: number;
  readonly conversationIds: readonly ConversationId[];
  readonly dueAt: Date;
  readonly reason: ReasonCode;
}

/** The ledger: one row per conversation x connection, and the queue of what is to be delivered. */
export interface LedgerRepository {
  claim(request: ClaimRequest): Promise<readonly ClaimedLedgerRow[]>;
  /** Rows as a delivery would claim them, left where they are: for plans that are shown and not applied. */
  peek(request: PeekRequest): Promise<readonly ClaimedLedgerRow[]>;
  /** Ends a delivery. All rows or none; rows somebody else has taken since are left alone and named. */
  record(request: RecordRequest): Promise<RecordResult>;
  /** Puts claimed rows back to wait, as if they had never been tried. */
  release(request: ReleaseRequest): Promise<void>;
  nextDue(connectionId: ConnectionId, maxPriority?: Priority): Promise<NextDue>;
  /** Connections whose wake-up was lost: work that is due and not claimed. */
  overdue(request: { readonly now: Date; readonly olderThanMs: number }): Promise<readonly ConnectionId[]>;
  find(conversationId: ConversationId, connectionId?: ConnectionId): Promise<readonly LedgerRow[]>;
  requeue(request: RequeueRequest): Promise<RequeueResult>;
  /** What waits for a person, oldest first; at one connection, or at all. */
  inReview(connectionId: ConnectionId | undefined, limit: number): Promise<ReviewRows>;
  /** The rows that changed last, newest first, over all connections. */
  recent(limit: number): Promise<readonly LedgerGlance[]>;
  summary(now: Date): Promise<readonly ConnectionSummary[]>;
}

export function createLedgerRepository(db: Database, vault: Vault, clock: () => Date): LedgerRepository {
  return {
    claim: (request) => claimRows(db, vault, request),
    peek: (request) => peekRows(db, vault, request),
    record: (request) => recordOutcomes(db, vault, request),
    release: (request) => retryConflicts(() => releaseRows(db, request, clock())),
    nextDue: (connectionId, maxPriority) => readNextDue(db, connectionId, clock(), maxPriority),
    overdue: (request) => readOverdue(db, request),
    find: (conversationId, connectionId) => findRows(db, vault, conversationId, connectionId),
    requeue: (request) => retryConflicts(() => requeueRows(db, request)),
    inReview: (connectionId, limit) => readReviewRows(db, connectionId, limit),
    recent: (limit) => readRecent(db, limit),
    summary: (now) => summarise(db, now),
  };
}

/** What arrived meanwhile is due at its own time; the rest waits for the given one. */
async function releaseRows(db: Database, request: ReleaseRequest, now: Date): Promise<void> {
  const { connectionId, fence, conversationIds, dueAt, reason } = request;
  await sql`
    update ledger l set
      state = case when l.due_at is null then 'waiting' else 'due' end,
      reason = case when l.due_at is null then ${reason} else 'event_received' end,
      due_at = least(l.due_at, ${dueAt}),
      updated_at = ${now}
    where (l.connection_id, l.conversation_id) in (
      select connection_id, conversation_id from ledger
      where connection_id = ${connectionId} and state = 'in_progress' and fence = ${fence}
        and conversation_id = any(${conversationIds}::text[])
      order by conversation_id
      for update)`.execute(db);
}

async function findRows(
  db: Database,
  vault: Vault,
  conversationId: ConversationId,
  connectionId: ConnectionId | undefined,
): Promise<readonly LedgerRow[]> {
  const all = db
    .selectFrom('ledger')
    .selectAll()
    .where('conversation_id', '=', conversationId)
    .orderBy('connection_id');
  const wanted = connectionId === undefined ? all : all.where('connection_id', '=', connectionId);
  return Promise.all((await wanted.execute()).map((row) => toLedgerRow(vault, row)));
}

/** A batch changes its rows in one instant; the ids keep their order the same on every look. */
async function readRecent(db: Database, limit: number): Promise<readonly LedgerGlance[]> {
  const rows = await db
    .selectFrom('ledger')
    .select(['conversation_id', 'connection_id', 'state', 'reason', 'updated_at'])
    .orderBy('updated_at', 'desc')
    .orderBy('connection_id')
    .orderBy('conversation_id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    conversationId: row.conversation_id,
    connectionId: row.connection_id,
    state: row.state,
    reason: row.reason,
    updatedAt: row.updated_at,
  }));
}
