import { mostUrgentClass, type TrafficClass } from '../../connectors/budget/traffic-class.ts';
import type { CallContext, Connector, RequestRecord } from '../../connectors/connector.ts';
import { associationPolicyOf, ownerPolicyOf } from '../domain/configuration.ts';
import type { Connection } from '../domain/connection.ts';
import type { ConnectionId } from '../domain/ids.ts';
import { crmFailed } from '../domain/outcome.ts';
import type { TracedRequest } from '../domain/trace.ts';
import type { ClaimedLedgerRow } from '../store/ledger-rows.ts';
import { apply } from './apply.ts';
import type { ConnectionBudget } from './budget.ts';
import { conclude } from './conclude.ts';
import type { DeliverDependencies } from './dependencies.ts';
import type { Applied } from './draft.ts';
import { load } from './load.ts';
import { lookAround } from './look-around.ts';
import { lookUp } from './look-up.ts';
import { planDelivery } from './plan.ts';
import { react } from './react.ts';
import { record } from './record.ts';
import { screen } from './screen.ts';
import { settle, type Loaded, type LookedAround, type Planned, type Settled } from './steps.ts';
import { watchQueue } from './watch-queue.ts';
import { whatNext, whyStopped, type Delivered } from './what-next.ts';

export type { DeliverDependencies } from './dependencies.ts';
export type { Delivered } from './what-next.ts';

/**
 * Delivers one batch of what is due on a connection: claim, load, screen, look up, look around, plan, apply, record.
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

/** The pipeline between claim and record. Each step hands on what is still open and settles the rest. */
async function process(
  deps: DeliverDependencies,
  connection: Connection,
  claimed: readonly ClaimedLedgerRow[],
  context: CallContext,
): Promise<Processed> {
  const loaded = await load(deps, connection, claimed, context.signal);
  const screened = screen(loaded.next, deps.now(), deps.policy);
  const before = [...loaded.settled, ...screened.settled];
  if (screened.next.length === 0) return { settled: before, applied: [] };

  const connector = deps.connectorFor(connection);
  const unready = await provision(deps, connector, screened.next, context);
  if (unready !== undefined) return { settled: [...before, ...unready], applied: [] };

  const lookedUp = await lookUp(deps, connection, connector, screened.next, context);
  const lookedAround = await lookAround(deps, connection, connector, lookedUp.next, context);
  const planned = lookedAround.next.map((item) => plan(deps, connection, item));
  const applied = await apply(connector, planned, context);
  const concluded = applied.map((item) => conclude(item, deps.now(), deps.policy));
  return { settled: [...before, ...lookedUp.settled, ...lookedAround.settled, ...concluded], applied };
}

/** An account that could not be prepared takes nothing: what was to be written waits or fails as the refusal says. */
async function provision(
  deps: DeliverDependencies,
  connector: Connector,
  open: readonly Loaded[],
  context: CallContext,
): Promise<readonly Settled[] | undefined> {
  const result = await connector.provision(context);
  if (result.kind === 'ready') return undefined;
  const { failure } = result;
  return open.map((item) =>
    settle(item, crmFailed(item.row, failure, deps.now(), deps.policy), { failures: [failure] }),
  );
}

function plan(deps: DeliverDependencies, connection: Connection, item: LookedAround): Planned {
  const { configuration, tenantId } = connection;
  return {
    ...item,
    plan: planDelivery({
      ...item,
      tenantId,
      written: item.row.written,
      content: configuration.content,
      ownerPolicy: ownerPolicyOf(configuration),
      associations: associationPolicyOf(configuration),
      mapping: deps.mappingFor(connection),
    }),
  };
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
