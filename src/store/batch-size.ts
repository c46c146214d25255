import { sql, type RawBuilder } from 'kysely';
import type { ConnectionId } from '../domain/ids.ts';
import type { Priority } from '../domain/ledger.ts';

/** A claim of more rows than usual. */
export interface LargeClaim {
  /** The priority that all that is due must have. */
  readonly priority: Priority;
  /** So many rows must be due. */
  readonly atLeast: number;
  readonly limit: number;
}

interface SizedClaim {
  readonly connectionId: ConnectionId;
  readonly fence: number;
  readonly limit: number;
  readonly large?: LargeClaim | undefined;
  readonly now: Date;
}

/** How many rows a claim takes, as parts of its statement: what comes first in its `with`, and the limit itself. */
interface BatchSize {
  readonly first: RawBuilder<unknown>;
  readonly limit: RawBuilder<number>;
}

/**
 * The large number when enough is due and nothing of it is more urgent, else the usual one. Counted by the claim itself,
 * so that what is counted is what is claimed.
 */
export function batchSize(claim: SizedClaim): BatchSize {
  const { limit, large } = claim;
  if (large === undefined) return { first: sql``, limit: sql`${limit}` };
  return {
    first: sql`size as (select case when ${isUrgent(claim, large)} or not ${isEnough(claim, large)}
      then ${limit}::integer else ${large.limit}::integer end as rows),`,
    limit: sql`(select rows from size)`,
  };
}

/** One priority at a time is a step into the queue's index; a range of them would walk through all that waits. */
function isUrgent(claim: SizedClaim, { priority }: LargeClaim): RawBuilder<boolean> {
  return sql`(
    exists (select from generate_series(1, ${priority}::integer - 1) as p (priority)
      where exists (select from ledger l where ${isDue(claim)} and l.priority = p.priority))
    or exists (select from ledger l where ${isLeft(claim)} and l.priority < ${priority}))`;
}

function isEnough(claim: SizedClaim, { priority, atLeast }: LargeClaim): RawBuilder<boolean> {
  return sql`(
    (select count(*) from
      (select from ledger l where ${isDue(claim)} and l.priority = ${priority} limit ${atLeast}) as due)
    + (select count(*) from (select from ledger l where ${isLeft(claim)} limit ${atLeast}) as abandoned)
    >= ${atLeast})`;
}

function isDue({ connectionId, now }: SizedClaim): RawBuilder<boolean> {
  return sql`l.connection_id = ${connectionId} and l.state in ('due', 'waiting') and l.due_at <= ${now}`;
}

/** Left in progress by a writer that is gone. */
function isLeft({ connectionId, fence }: SizedClaim): RawBuilder<boolean> {
  return sql`l.connection_id = ${connectionId} and l.state = 'in_progress' and l.fence < ${fence}`;
}
