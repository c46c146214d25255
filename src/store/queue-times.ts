import { sql } from 'kysely';
import type { ConnectionId } from '../domain/ids.ts';
import { PRIORITY, type Priority } from '../domain/ledger.ts';
import type { Database } from './database.ts';

/** When a connection's queue wants attention. */
export interface NextDue {
  /** Something is due, or was left in progress by a writer that is gone. */
  readonly dueNow: boolean;
  /** The earliest due time of all that waits, also when it has passed; undefined for an empty queue. */
  readonly nextDueAt: Date | undefined;
}

/** A row in progress for longer than this without a word was left by a process that died. */
const ABANDONED_AFTER_MS = 60_000;

/**
 * The earliest due time of each priority is one step into the queue's index; asking for the earliest of all at once would
 * walk through the whole queue.
 *
 * @param maxPriority looks at nothing less urgent
 */
export async function readNextDue(
  db: Database,
  connectionId: ConnectionId,
  now: Date,
  maxPriority: Priority = PRIORITY.backfill,
): Promise<NextDue> {
  const { rows } = await sql<{ readonly next_due_at: Date | null; readonly abandoned: boolean }>`
    select
      (select min(first.due_at) from generate_series(1, ${maxPriority}) as p (priority)
        cross join lateral (
          select due_at from ledger l
          where l.connection_id = ${connectionId} and l.state in ('due', 'waiting') and l.priority = p.priority
          order by due_at limit 1) as first) as next_due_at,
      exists (
        select from ledger l join connections c on c.connection_id = l.connection_id
        where l.connection_id = ${connectionId} and l.state = 'in_progress' and l.fence < c.fence
          and l.priority <= ${maxPriority}) as abandoned`.execute(db);
  const nextDueAt = rows[0]?.next_due_at ?? undefined;
  const abandoned = rows[0]?.abandoned ?? false;
  return { dueNow: abandoned || (nextDueAt !== undefined && nextDueAt <= now), nextDueAt };
}

/** Active, unparked connections where something has been due for longer than `olderThanMs`, or lies abandoned. */
export async function readOverdue(
  db: Database,
  { now, olderThanMs }: { readonly now: Date; readonly olderThanMs: number },
): Promise<readonly ConnectionId[]> {
  const dueBefore = new Date(now.getTime() - olderThanMs);
  const silentSince = new Date(now.getTime() - ABANDONED_AFTER_MS);
  const { rows } = await sql<{ readonly connection_id: ConnectionId }>`
    select c.connection_id from connections c
    where not c.paused and c.broken_code is null and (c.parked_until is null or c.parked_until <= ${now})
      and (
        exists (
          select from ledger l
          where l.connection_id = c.connection_id and l.state in ('due', 'waiting') and l.due_at <= ${dueBefore})
        or exists (
          select from ledger l
          where l.connection_id = c.connection_id and l.state = 'in_progress' and l.updated_at <= ${silentSince}))
    order by c.connection_id`.execute(db);
  return rows.map((row) => row.connection_id);
}
