import { mostUrgentClass, type TrafficClass } from '../../connectors/budget/traffic-class.ts';
import type { CallContext, RequestRecord } from '../../connectors/connector.ts';
import type { Connection } from '../domain/connection.ts';
import type { ConnectionId } from '../domain/ids.ts';
import type { TracedRequest } from '../domain/trace.ts';
import type { ClaimedLedgerRow } from '../store/ledger-rows.ts';
import { apply } from './apply.ts';
import type { ConnectionBudget } from './budget.ts';
import { conclude } from './conclude.ts';
import type { DeliverDependencies } from './dependencies.ts';
import type { Applied } from './draft.ts';
import { prepare } from './prepare.ts';
import { react } from './react.ts';
import { record } from './record.ts';
import type { Settled } from './steps.ts';
import { watchQueue } from './watch-queue.ts';
import { whatNext, whyStopped, type Delivered } from './what-next.ts';

export type { DeliverDependencies } from './dependencies.ts';
export type { Delivered } from './what-next.ts';

/**
 * Delivers one batch of what is due on a connection: claim, prepare, apply, record.
 * Rejects only for infrastructure (our database); everything else is an outcome in the ledger.
 */
export async function deliverDue(
  deps: DeliverDependencies,
  connectionId: ConnectionId,
  signal: AbortSignal,
): Promise<Delivered> {
  const connection = await deps.store.connections.get(connectionId);
  if (connection === undefined) return { delivered: 0, more: false };
  const stopped = whyStopped(connection, deps.now());
  if (stopped !== undefined) return { delivered: 0, more: false, ...stopped };

  const budget = await deps.budgetFor(connection);
  const { maxPriority, lessUrgentInMs } = budget.admit();
  if (maxPriority === undefined) return { delivered: 0, more: false, parked: 'budget', waitMs: lessUrgentInMs ?? 1 };

  const startedAt = deps.now();
  const fence = await deps.store.connections.takeFence(connectionId);
  const limit = deps.policy.batchSize;
  const large = deps.largeBatches.offer(connectionId, deps.connectorFor(connection).largeBatch, maxPriority);
  const claimed = await deps.store.ledger.claim({ connectionId, fence, limit, large, maxPriority, now: startedAt });
  if (claimed.length > 0) {
    const requests: TracedRequest[] = [];
    const trafficClass = mostUrgentClass(claimed.map(({ priority }) => priority));
    const watch = claimed.length > limit ? watchQueue(deps, connectionId) : undefined;
    const context = callContext({ deps, connection, budget, trafficClass, requests, signal, hurry: watch?.signal });
    const { settled, applied } = await process(deps, connection, claimed, context).finally(() => watch?.stop());
    if (watch !== undefined && signal.aborted) deps.largeBatches.withhold(connectionId);
    const reacted = await react(deps, connection, settled);
    await record(deps, connection, { fence, startedAt, requests, settled: reacted, applied });
    if (requests.length > 0) {
      const readings = deps.connectorFor(connection).quota();
      await budget.settle({ trafficClass, conversations: claimed.length, readings });
    }
  }
  return whatNext(deps, connectionId, claimed.length, budget.admit());
}

interface Processed {
  readonly settled: readonly Settled[];
  readonly applied: readonly Applied[];
}

/** The pipeline between claim and record. */
async function process(
  deps: DeliverDependencies,
  connection: Connection,
  claimed: readonly ClaimedLedgerRow[],
  context: CallContext,
): Promise<Processed> {
  const { settled, planned } = await prepare(deps, connection, claimed, context);
  const applied = await apply(deps.connectorFor(connection), planned, context);
  const concluded = applied.map((item) => conclude(item, deps.now(), deps.policy));
  return { settled: [...settled, ...concluded], applied };
}

/** What every call of the batch carries: its deadline, its trace, and the budget it leaves through. */
function callContext(batch: {
  readonly deps: DeliverDependencies;
  readonly connection: Connection;
  readonly budget: ConnectionBudget;
  readonly trafficClass: TrafficClass;
  readonly requests: TracedRequest[];
  readonly signal: AbortSignal;
  readonly hurry: AbortSignal | undefined;
}): CallContext {
  const { deps, connection, budget, trafficClass, requests, signal, hurry } = batch;
  const { crm } = connection.configuration;
  return {
    signal,
    ...(hurry === undefined ? {} : { hurry }),
    trafficClass,
    gate: budget.gate,
    onRequest: (request: RequestRecord) => {
      requests.push(request);
      deps.events.request({ crm, connectionId: connection.id, ...request });
    },
  };
}
