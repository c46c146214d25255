import { sql } from 'kysely';
import type { ConnectionId } from '../domain/ids.ts';
import type { PRIORITY } from '../domain/ledger.ts';
import type { Database } from './database.ts';

/** Calls to a CRM, by the name of the priority they were made for. */
type CallsByClass = Readonly<Record<keyof typeof PRIORITY, number>>;

/** How the daily limit of a connection stands. */
interface DayOfCalls {
  /** `2026-03-02`, where the account is. */
  readonly day: string;
  /** When the count begins anew. */
  readonly resetsAt: Date;
  readonly allowed: number;
  /** By us and by others, so far as the CRM says. */
  readonly used: number;
}

/** Calls of one batch. */
export interface CallsMade {
  readonly connectionId: ConnectionId;
  readonly day: DayOfCalls;
  readonly calls: CallsByClass;
  readonly now: Date;
}

/** A connection's day as people see it. */
export interface CallsToday extends DayOfCalls {
  readonly connectionId: ConnectionId;
  /** Ours alone. */
  readonly calls: CallsByClass;
}

/** What was used of the CRMs' daily limits. */
export interface BudgetRepository {
  /** Our own calls of a day, over all classes. */
  callsOn(connectionId: ConnectionId, day: string): Promise<number>;
  /** Adds the calls of a batch, in one statement. */
  add(made: CallsMade): Promise<void>;
  /** Every connection whose day is not over. */
  today(now: Date): Promise<readonly CallsToday[]>;
}

export function createBudgetRepository(db: Database): BudgetRepository {
  return {
    callsOn: (connectionId, day) => sumCalls(db, connectionId, day),
    add: (made) => addCalls(db, made),
    today: (now) => readToday(db, now),
  };
}

async function sumCalls(db: Database, connectionId: ConnectionId, day: string): Promise<number> {
  const { rows } = await sql<{ readonly calls: number }>`
    select coalesce(sum(calls), 0)::integer as calls from api_usage
    where connection_id = ${connectionId} and day = ${day}`.execute(db);
  return rows[0]?.calls ?? 0;
}

async function addCalls(db: Database, { connectionId, day, calls, now }: CallsMade): Promise<void> {
  const made = Object.entries(calls).filter(([, count]) => count > 0);
  await sql`
    with counted as (
      insert into api_usage as u (connection_id, day, class, calls)
      select ${connectionId}, ${day.day}, class, calls
      from unnest(${made.map(([name]) => name)}::text[], ${made.map(([, count]) => count)}::integer[]) as m (class, calls)
      order by class
      on conflict (connection_id, day, class) do update set calls = u.calls + excluded.calls
    )
    insert into api_days (connection_id, day, resets_at, allowed, used, updated_at)
    values (${connectionId}, ${day.day}, ${day.resetsAt}, ${day.allowed}, ${day.used}, ${now})
    on conflict (connection_id) do update set
      day = excluded.day, resets_at = excluded.resets_at, allowed = excluded.allowed, used = excluded.used,
      updated_at = excluded.updated_at`.execute(db);
}

interface TodayRow {
  readonly connection_id: ConnectionId;
  readonly day: string;
  readonly resets_at: Date;
  readonly allowed: number;
  readonly used: number;
  readonly calls: Partial<CallsByClass>;
}

async function readToday(db: Database, now: Date): Promise<readonly CallsToday[]> {
  const { rows } = await sql<TodayRow>`
    select d.connection_id, d.day, d.resets_at, d.allowed, d.used,
           (select coalesce(json_object_agg(u.class, u.calls), '{}')
            from api_usage u where u.connection_id = d.connection_id and u.day = d.day) as calls
    from api_days d
    where d.resets_at > ${now}
    order by d.connection_id`.execute(db);
  return rows.map(({ connection_id, day, resets_at, allowed, used, calls }) => ({
    connectionId: connection_id,
    day,
    resetsAt: resets_at,
    allowed,
    used,
    calls: { handoff: 0, live: 0, retry: 0, backfill: 0, ...calls },
  }));
}
