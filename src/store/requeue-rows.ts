import { sql } from 'kysely';
import type { ConnectionId, ConversationId } from '../domain/ids.ts';
import { PRIORITY } from '../domain/ledger.ts';
import type { ReasonCode } from '../domain/reasons.ts';
import type { Database } from './database.ts';

export interface RequeueRequest {
  readonly conversationId?: ConversationId | undefined;
  readonly reason?: ReasonCode | undefined;
  readonly connectionId?: ConnectionId | undefined;
  readonly now: Date;
}

export interface RequeueResult {
  readonly requeued: number;
  /** Connections to wake. */
  readonly connections: readonly ConnectionId[];
}

/**
 * A person asks for another delivery: every row that fits all given filters and rests, waits or is due later becomes due
 * now, with a clean slate of failures. A row that waits at a greater urgency keeps it.
 *
 * @throws TypeError without any filter: the whole ledger is never meant.
 */
export async function requeueRows(db: Database, request: RequeueRequest): Promise<RequeueResult> {
  const { conversationId, reason, connectionId, now } = request;
  if (conversationId === undefined && reason === undefined && connectionId === undefined) {
    throw new TypeError('requeue needs a conversation, a reason or a connection');
  }
  const { rows } = await sql<{ readonly connection_id: ConnectionId; readonly requeued: number }>`
    with chosen as (
      select connection_id, conversation_id from ledger
      where (state in ('waiting', 'synced', 'skipped', 'needs_review', 'failed') or (state = 'due' and due_at > ${now}))
        and (${conversationId ?? null}::text is null or conversation_id = ${conversationId ?? null})
        and (${reason ?? null}::text is null or reason = ${reason ?? null})
        and (${connectionId ?? null}::text is null or connection_id = ${connectionId ?? null})
      order by connection_id, conversation_id
      for update
    ), moved as (
      update ledger l set
        state = 'due',
        reason = 'retry_requested',
        asked_by = 'retry',
        vendor_code = null,
        priority = case when l.due_at is not null then least(l.priority, ${PRIORITY.retry}) else ${PRIORITY.retry} end,
        due_at = ${now},
        due_since = case when l.due_at is not null then least(l.due_since, ${now}) else ${now} end,
        attempts = 0,
        failing_since = null,
        updated_at = ${now}
      from chosen
      where l.connection_id = chosen.connection_id and l.conversation_id = chosen.conversation_id
      returning l.connection_id
    )
    select connection_id, count(*)::integer as requeued from moved group by connection_id order by connection_id`.execute(
    db,
  );
  return {
    requeued: rows.reduce((sum, row) => sum + row.requeued, 0),
    connections: rows.map((row) => row.connection_id),
  };
}
