import type { Connection } from '../../domain/connection.ts';
import type { CrmKind } from '../../domain/crm.ts';
import type { ConnectionId, TenantId } from '../../domain/ids.ts';
import type { LedgerState } from '../../domain/ledger.ts';
import type { Actor, ReasonCode } from '../../domain/reasons.ts';
import type { CallsToday } from '../../store/budget-repository.ts';
import type { ConnectionSummary } from '../../store/ledger-summary.ts';
import type { Store } from '../../store/store.ts';
import { describeHealth } from './connection-health.ts';
import { explainReason } from './explain.ts';
import { statusAnswer, type ConnectionHealth } from './status-answer.ts';

/** How everything stands at one moment. */
export interface Status {
  /** The answer in words. */
  readonly answer: string;
  readonly at: Date;
  readonly connections: readonly ConnectionStatus[];
  /** Grouped by connection and reason, the most first. */
  readonly needsPerson: readonly PersonNeeded[];
}

export interface ConnectionStatus {
  readonly connectionId: ConnectionId;
  readonly tenantId: TenantId;
  readonly tenantName: string;
  readonly crm: CrmKind;
  readonly health: ConnectionHealth;
  /** Why it is not fresh, and what ends it; undefined when it is. */
  readonly healthReason: string | undefined;
  readonly counts: Readonly<Record<LedgerState, number>>;
  /** Since when the oldest delivery is owed. */
  readonly oldestDueSince: Date | undefined;
  /** From owed to in the CRM, of the last 24 hours, in milliseconds; undefined when nothing was delivered. */
  readonly freshness: { readonly p50Ms: number; readonly p95Ms: number; readonly samples: number } | undefined;
  /** What was used of the CRM's daily limit; undefined when nothing was, today. */
  readonly callsToday: Omit<CallsToday, 'connectionId'> | undefined;
}

/** Conversations of one connection that wait for a person, for one reason. */
export interface PersonNeeded {
  readonly connectionId: ConnectionId;
  readonly state: LedgerState;
  readonly reason: ReasonCode;
  readonly count: number;
  readonly means: string;
  readonly who: Actor;
  readonly action: string;
}

export interface StatusDependencies {
  readonly connections: Pick<Store['connections'], 'list'>;
  readonly ledger: Pick<Store['ledger'], 'summary'>;
  readonly budget: Pick<Store['budget'], 'today'>;
}

/** Reads how every connection stands. */
export async function readStatus({ connections, ledger, budget }: StatusDependencies, now: Date): Promise<Status> {
  const [known, summaries, days] = await Promise.all([connections.list(), ledger.summary(now), budget.today(now)]);
  const callsOf = new Map(days.map(({ connectionId, ...calls }) => [connectionId, calls]));
  const statuses = known.flatMap((connection) => {
    const summary = summaries.find(({ connectionId }) => connectionId === connection.id);
    // A connection that was added between the two reads shows up with the next look.
    return summary === undefined
      ? []
      : [{ ...connectionStatus(connection, summary, now), callsToday: callsOf.get(connection.id) }];
  });
  const needsPerson = summaries.flatMap(personNeeded).toSorted((a, b) => b.count - a.count);
  const answer = statusAnswer({
    connections: statuses.map(({ connectionId, health }) => ({ id: connectionId, health })),
    p95Ms: slowest(statuses),
    needPerson: needsPerson.reduce((total, { count }) => total + count, 0),
  });
  return { answer, at: now, connections: statuses, needsPerson };
}

function connectionStatus(
  connection: Connection,
  summary: ConnectionSummary,
  now: Date,
): Omit<ConnectionStatus, 'callsToday'> {
  const { counts, oldestDueSince, freshness } = summary;
  const { health, reason } = describeHealth(connection.state, oldestDueSince, now);
  return {
    connectionId: connection.id,
    tenantId: connection.tenantId,
    tenantName: connection.tenant.name,
    crm: connection.configuration.crm,
    health,
    healthReason: reason,
    counts,
    oldestDueSince,
    freshness,
  };
}

function personNeeded({ connectionId, reasons }: ConnectionSummary): readonly PersonNeeded[] {
  return reasons.flatMap(({ state, reason, count }) => {
    const { means, who, action } = explainReason(reason);
    return who === 'nobody' ? [] : [{ connectionId, state, reason, count, means, who, action }];
  });
}

function slowest(statuses: readonly ConnectionStatus[]): number | undefined {
  const measured = statuses.flatMap(({ freshness }) => (freshness === undefined ? [] : [freshness.p95Ms]));
  return measured.length === 0 ? undefined : Math.max(...measured);
}
