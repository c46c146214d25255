import { sql, type Kysely, type Selectable } from 'kysely';
import type { ConnectionId } from '../domain/ids.ts';
import { PRIORITY, type Priority } from '../domain/ledger.ts';
import { batchSize, type LargeClaim } from './batch-size.ts';
import type { ClaimedLedgerRow } from './ledger-rows.ts';
import type { LedgerTable, Schema } from './schema.ts';
import type { Vault } from './vault.ts';
import { openWritten } from './written-records.ts';

export interface ClaimRequest {
  readonly connectionId: ConnectionId;
  /** From `connections.takeFence`. A token that is no longer the newest claims nothing. */
  readonly fence: number;
  readonly limit: number;
  /** Takes more than `limit` where this allows it. */
  readonly large?: LargeClaim | undefined;
  /** Leaves what is less urgent where it is; without it everything may be claimed. */
  readonly maxPriority?: Priority | undefined;
  readonly now: Date;
}

/** What a row is claimed with. */
export type ClaimedColumns = Pick<
  Selectable<LedgerTable>,
  | 'tenant_id'
  | 'connection_id'
  | 'conversation_id'
  | 'priority'
  | 'first_heard_at'
  | 'attempts'
  | 'failing_since'
  | 'written'
>;

/**
 * Takes what is due, most urgent first, and marks it as being delivered by this writer. Also takes over what an earlier
 * writer of the connection left in progress: there is one writer per connection, so that one is gone. (A take-over is
 * the two moves in_progress -> due -> in_progress at once.)
 */
export async function claimRows(
  db: Kysely<Schema>,
  vault: Vault,
  request: ClaimRequest,
): Promise<readonly ClaimedLedgerRow[]> {
  const { rows } = await claimStatement(request).execute(db);
  return Promise.all(rows.map((row) => toClaimedRow(vault, row)));
}

function claimStatement(request: ClaimRequest) {
  const { connectionId, fence, now, maxPriority = PRIORITY.backfill } = request;
  const size = batchSize(request);
  return sql<ClaimedColumns>`
    with ${size.first} ready as (
      select conversation_id, priority, due_at from ledger
      where connection_id = ${connectionId} and state in ('due', 'waiting') and due_at <= ${now}
        and priority <= ${maxPriority}
      order by priority, due_at
      limit ${size.limit}
      for update skip locked
    ), abandoned as (
      select conversation_id, priority, due_since as due_at from ledger
      where connection_id = ${connectionId} and state = 'in_progress' and fence < ${fence}
        and priority <= ${maxPriority}
      order by priority, due_since
      limit ${size.limit}
      for update skip locked
    ), chosen as (
      select conversation_id, row_number() over (order by priority, due_at) as place
      from (select * from ready union all select * from abandoned) as either
      order by place
      limit ${size.limit}
    ), claimed as (
      update ledger l
      set state = 'in_progress', fence = ${fence}, due_at = null, updated_at = ${now}
      from chosen
      where l.connection_id = ${connectionId} and l.conversation_id = chosen.conversation_id
        and exists (select from connections where connection_id = ${connectionId} and fence = ${fence})
      returning l.tenant_id, l.connection_id, l.conversation_id, l.priority, l.first_heard_at, l.attempts,
        l.failing_since, l.written, chosen.place
    )
    select * from claimed order by place`;
}

/** Opens a row as a delivery sees it. */
export async function toClaimedRow(vault: Vault, row: ClaimedColumns): Promise<ClaimedLedgerRow> {
  const key = { tenantId: row.tenant_id, connectionId: row.connection_id, conversationId: row.conversation_id };
  return {
    ...key,
    priority: row.priority,
    firstHeardAt: row.first_heard_at,
    attempts: row.attempts,
    failingSince: row.failing_since ?? undefined,
    written: await openWritten(vault, key, row.written),
  };
}
