import type { CallContext } from '../../connectors/connector.ts';
import { TRAFFIC_CLASSES, type TrafficClass } from '../../connectors/budget/traffic-class.ts';
import { pause } from '../../connectors/transport/pause.ts';
import { slices } from '../../connectors/transport/slices.ts';
import type { Connection } from '../domain/connection.ts';
import type { ConversationId } from '../domain/ids.ts';
import { PRIORITY, type RowOutcome } from '../domain/ledger.ts';
import type { AttemptTrace, TracedRequest } from '../domain/trace.ts';
import type { ClaimedLedgerRow } from '../store/ledger-rows.ts';
import type { Store } from '../store/store.ts';
import type { ConnectionBudget } from './budget.ts';
import { conclude } from './conclude.ts';
import type { PrepareDependencies } from './dependencies.ts';
import { Draft } from './draft.ts';
import { prepare } from './prepare.ts';
import { traceOf } from './record.ts';
import { withSnapshots, type RememberingSource } from './snapshot-source.ts';
import type { Settled } from './steps.ts';

/** What a preview works with: what a delivery does, as far as it only reads. */
export interface PreviewDependencies extends PrepareDependencies {
  readonly store: PrepareDependencies['store'] & { readonly snapshots: Pick<Store['snapshots'], 'get'> };
  /** What a preview asks of the CRM counts against its limits like everything else. */
  readonly budgetFor: (connection: Connection) => Promise<ConnectionBudget>;
}

/** What a delivery would do for one conversation. */
export interface PreviewedConversation {
  readonly conversationId: ConversationId;
  /** `snapshot`: PersonaDesk no longer has it; this is made of how it was delivered last. */
  readonly readFrom: 'source' | 'snapshot';
  /** What the ledger would say once every write of the plan has succeeded. */
  readonly outcome: RowOutcome;
  /** What a delivery would note of the attempt. Its requests are those of the preview: reads. */
  readonly trace: AttemptTrace;
}

/** What a delivery of several conversations would do. */
export interface Preview {
  /** In the order in which they were given. */
  readonly conversations: readonly PreviewedConversation[];
  /** What writing needs and the account lacks, such as `contacts.personadesk_person_key`; a delivery creates it. */
  readonly missing: readonly string[];
  /** Calls to the CRM that the preview itself took. */
  readonly calls: number;
}

/** A batch waits this long, in milliseconds, for the CRM's limits to have room for it beside all other work. */
const LONGEST_WAIT = 11_000;

/**
 * Plans conversations as a delivery would that began now, and writes nothing: nothing in the CRM, nothing in the ledger,
 * the index of people or the snapshots. (An access token that has run out is renewed, and the calls are counted.)
 * Rejects only for our database.
 *
 * Its calls leave as the least urgent class that the limits have room for, `backfill` mostly, and never from the reserve
 * of handoffs.
 */
export async function preview(
  deps: PreviewDependencies,
  connection: Connection,
  rows: readonly ClaimedLedgerRow[],
  signal: AbortSignal,
): Promise<Preview> {
  const budget = await deps.budgetFor(connection);
  const conversations: PreviewedConversation[] = [];
  const missing = new Set<string>();
  let calls = 0;
  for (const batch of slices(rows, deps.policy.batchSize)) {
    const done = await previewBatch(deps, connection, batch, budget, signal);
    conversations.push(...done.conversations);
    done.missing.forEach((name) => missing.add(name));
    calls += done.calls;
  }
  return { conversations, missing: [...missing], calls };
}

async function previewBatch(
  deps: PreviewDependencies,
  connection: Connection,
  rows: readonly ClaimedLedgerRow[],
  budget: ConnectionBudget,
  signal: AbortSignal,
): Promise<Preview> {
  const trafficClass = await leastUrgentClass(budget, signal);
  const startedAt = deps.now();
  const requests: TracedRequest[] = [];
  const context: CallContext = {
    signal,
    looksOnly: true,
    trafficClass,
    gate: budget.gate,
    onRequest: (request) => requests.push(request),
  };
  const remembering = withSnapshots(deps.sourceFor(connection), deps.store.snapshots, connection.tenantId);
  try {
    const { settled, planned, missing } = await prepare(readingOnly(deps, remembering), connection, rows, context);
    const concluded = planned.map((item) => conclude(new Draft(item).finish(), deps.now(), deps.policy));
    const all = [...settled, ...concluded];
    const batch = { startedAt, requests, settled: all };
    const conversations = inOrder(rows, all).map((item) => ({
      conversationId: item.row.conversationId,
      readFrom: remembering.isRemembered(item.row.conversationId) ? ('snapshot' as const) : ('source' as const),
      outcome: item.outcome,
      trace: traceOf(item, batch, deps.now()),
    }));
    return { conversations, missing, calls: requests.length };
  } finally {
    const readings = deps.connectorFor(connection).quota();
    await budget.settle({ trafficClass, conversations: rows.length, readings });
  }
}

/** Waits while the limits have room for more urgent work only, as far as that passes soon. */
async function leastUrgentClass(budget: ConnectionBudget, signal: AbortSignal): Promise<TrafficClass> {
  for (let waitedMs = 0; ;) {
    const { maxPriority, lessUrgentInMs } = budget.admit();
    const waitMs = lessUrgentInMs ?? 0;
    if (waitMs === 0 || waitedMs + waitMs > LONGEST_WAIT || signal.aborted) {
      const admitted = TRAFFIC_CLASSES.find((each) => PRIORITY[each] === maxPriority);
      return admitted === undefined || admitted === 'handoff' ? 'live' : admitted;
    }
    await pause(waitMs, signal);
    waitedMs += waitMs;
  }
}

function readingOnly(deps: PreviewDependencies, { source }: RememberingSource): PrepareDependencies {
  const { people } = deps.store;
  return {
    ...deps,
    sourceFor: () => source,
    // A record that is gone is forgotten by the delivery that finds it so.
    store: { ...deps.store, people: { find: (...asked) => people.find(...asked), forget: () => Promise.resolve() } },
  };
}

function inOrder(rows: readonly ClaimedLedgerRow[], settled: readonly Settled[]): readonly Settled[] {
  const byId = new Map(settled.map((item) => [item.row.conversationId, item]));
  return rows.flatMap(({ conversationId }) => byId.get(conversationId) ?? []);
}
