import type { Connection } from '../domain/connection.ts';
import type { AttemptTrace, TracedRequest } from '../domain/trace.ts';
import type { PersonEntry, RecordedRow } from '../store/ledger-rows.ts';
import type { Applied } from './draft.ts';
import type { DeliverDependencies } from './dependencies.ts';
import { inWords } from './in-words.ts';
import type { DeliveryPolicy } from './policy.ts';
import type { Planned, Settled } from './steps.ts';

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
  for (const { row, outcome, failures = [] } of batch.settled) {
    if (!told.has(row.conversationId)) continue;
    deps.events.settled({ connectionId: connection.id, state: outcome.state, reason: outcome.reason });
    for (const { code, means } of failures.map(inWords)) {
      if (means === undefined) deps.events.unlisted({ crm: connection.configuration.crm, code });
    }
  }
}

function rowOf(item: Settled, batch: Batch, now: Date, policy: DeliveryPolicy): RecordedRow {
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
    trace: traceOf(item, batch, now),
  };
}

/** What an attempt knew, decided and did for one conversation, as explain and plan show it. */
export function traceOf(
  item: Settled,
  batch: Pick<Batch, 'startedAt' | 'requests' | 'settled'>,
  now: Date,
): AttemptTrace {
  return {
    startedAt: batch.startedAt.toISOString(),
    finishedAt: now.toISOString(),
    source: item.source,
    caller: item.caller,
    rawNumber: item.known?.conversation.caller.number,
    lookUp: item.lookUp,
    filter: item.filter,
    plan: item.plan,
    wrote: item.wrote ?? [],
    failures: (item.failures ?? []).map(inWords),
    warnings: item.warnings ?? [],
    requests: batch.requests,
    batchSize: batch.settled.length,
  };
}

/** People who were matched or created, by key; conversations of one person say the same. */
function peopleOf(applied: readonly Applied[]): readonly PersonEntry[] {
  const byKey = new Map<string, PersonEntry>();
  for (const { person, planned } of applied) {
    if (person === undefined || !speaksForTheCaller(planned)) continue;
    const before = byKey.get(person.key);
    byKey.set(person.key, { ...person, createdByUs: person.createdByUs || before?.createdByUs === true });
  }
  return [...byKey.values()];
}

/**
 * Where a person's choice has put one conversation says nothing of the caller's others; where it should, the choice
 * itself is remembered. Nor does it say more when the same conversation is written once more.
 */
function speaksForTheCaller({ lookUp, plan }: Planned): boolean {
  return plan.person.action === 'create' || (lookUp?.by !== 'choice' && lookUp?.by !== 'written');
}
