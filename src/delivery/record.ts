import type { Connection } from '../domain/connection.ts';
import type { AttemptTrace, TracedRequest } from '../domain/trace.ts';
import type { PersonEntry, RecordedRow } from '../store/ledger-rows.ts';
import type { Applied } from './draft.ts';
import type { DeliverDependencies } from './dependencies.ts';
import type { DeliveryPolicy } from './policy.ts';
import type { Settled } from './steps.ts';

/** One delivered batch, about to be written down. */
export interface Batch {
  readonly fence: number;
  readonly startedAt: Date;
  readonly requests: readonly TracedRequest[];
  readonly settled: readonly Settled[];
  readonly applied: readonly Applied[];
}

/**
 * Writes a batch down in one transaction: ledger, trace, snapshot and the index of people. Rows that another attempt has
 * claimed since are left to it: the fence is older than theirs.
 */
export async function record(deps: DeliverDependencies, connection: Connection, batch: Batch): Promise<void> {
  const now = deps.now();
  const { recorded } = await deps.store.ledger.record({
    tenantId: connection.tenantId,
    connectionId: connection.id,
    fence: batch.fence,
    now,
    rows: batch.settled.map((item) => rowOf(item, batch, now, deps.policy)),
    people: peopleOf(batch.applied),
  });
  const told = new Set(recorded);
  for (const { row, outcome } of batch.settled) {
    if (!told.has(row.conversationId)) continue;
    deps.events.settled({ connectionId: connection.id, state: outcome.state, reason: outcome.reason });
  }
}

function rowOf(item: Settled, batch: Batch, now: Date, policy: DeliveryPolicy): RecordedRow {
  const trace: AttemptTrace = {
    startedAt: batch.startedAt.toISOString(),
    finishedAt: now.toISOString(),
    source: item.source,
    caller: item.caller,
    rawNumber: item.known?.conversation.caller.number,
    lookUp: item.lookUp,
    plan: item.plan,
    wrote: item.wrote ?? [],
    failures: item.failures ?? [],
    warnings: item.warnings ?? [],
    requests: batch.requests,
    batchSize: batch.settled.length,
  };
  return {
    conversationId: item.row.conversationId,
    outcome: item.outcome,
    written: item.written,
    mappingVersion: item.plan?.mappingVersion,
    snapshot:
      item.known === undefined
        ? undefined
        : { body: item.known, expiresAt: new Date(now.getTime() + policy.snapshotRetention) },
    startedAt: batch.startedAt,
    calls: batch.requests.length,
    trace,
  };
}

/** People who were matched or created, by key; conversations of one person say the same. */
function peopleOf(applied: readonly Applied[]): readonly PersonEntry[] {
  const byKey = new Map<string, PersonEntry>();
  for (const { person } of applied) {
    if (person === undefined) continue;
    const before = byKey.get(person.key);
    byKey.set(person.key, { ...person, createdByUs: person.createdByUs || before?.createdByUs === true });
  }
  return [...byKey.values()];
}
