import { sql } from 'kysely';
import type { ConnectionId, TenantId } from '../domain/ids.ts';
import { LEDGER_STATES, PRIORITY, type LedgerState } from '../domain/ledger.ts';
import type { ReasonCode } from '../domain/reasons.ts';
import type { Database } from './database.ts';

/** How a connection stands. */
export interface ConnectionSummary {
  readonly connectionId: ConnectionId;
  readonly tenantId: TenantId;
  readonly counts: Readonly<Record<LedgerState, number>>;
  readonly reasons: readonly { readonly state: LedgerState; readonly reason: ReasonCode; readonly count: number }[];
  /** The oldest delivery that is owed and not made; undefined when none is. */
  readonly oldestDueSince: Date | undefined;
  /**
   * From owed to synced over the last 24 hours, without backfill, whose conversations are old by nature. Milliseconds.
   * Undefined when nothing was synced.
   */
  readonly freshness: { readonly p50Ms: number; readonly p95Ms: number; readonly samples: number } | undefined;
}

interface SummaryRow {
  readonly connection_id: ConnectionId;
  readonly tenant_id: TenantId;
  readonly groups: readonly { readonly state: LedgerState; readonly reason: ReasonCode; readonly count: number }[];
  readonly oldest: Date | null;
  readonly samples: number;
  readonly p50: string | null;
  readonly p95: string | null;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Every connection, also those without any row. */
export async function summarise(db: Database, now: Date): Promise<readonly ConnectionSummary[]> {
  const { rows } = await sql<SummaryRow>`
    with groups as (
      select connection_id, state, reason, count(*)::integer as count,
             min(due_since) filter (where state in ('due', 'waiting', 'in_progress') and due_since <= ${now}) as oldest
      from ledger group by connection_id, state, reason
    ), freshness as (
      select connection_id, count(*)::integer as samples,
             percentile_disc(0.5) within group (order by freshness_ms) as p50,
             percentile_disc(0.95) within group (order by freshness_ms) as p95
      from ledger
      where synced_at > ${new Date(now.getTime() - DAY_MS)} and priority < ${PRIORITY.backfill}
      group by connection_id
    )
    select c.connection_id, c.tenant_id, coalesce(f.samples, 0) as samples, f.p50, f.p95,
           (select min(oldest) from groups g where g.connection_id = c.connection_id) as oldest,
           (select coalesce(json_agg(json_build_object('state', state, 'reason', reason, 'count', count)
                                     order by count desc, reason), '[]')
            from groups g where g.connection_id = c.connection_id) as groups
    from connections c left join freshness f on f.connection_id = c.connection_id
    order by c.connection_id`.execute(db);
  return rows.map(toSummary);
}

function toSummary(row: SummaryRow): ConnectionSummary {
  return {
    connectionId: row.connection_id,
    tenantId: row.tenant_id,
    counts: countsOf(row.groups),
    reasons: row.groups,
    oldestDueSince: row.oldest ?? undefined,
    freshness:
      row.p50 === null || row.p95 === null
        ? undefined
        : { p50Ms: Number(row.p50), p95Ms: Number(row.p95), samples: row.samples },
  };
}

function countsOf(groups: SummaryRow['groups']): Readonly<Record<LedgerState, number>> {
  const sum = (state: LedgerState) => groups.reduce((total, g) => total + (g.state === state ? g.count : 0), 0);
  // Object.fromEntries loses the key type; LEDGER_STATES is all of them.
  return Object.fromEntries(LEDGER_STATES.map((state) => [state, sum(state)])) as Record<LedgerState, number>;
}
