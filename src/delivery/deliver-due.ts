import { mostUrgentClass, type TrafficClass } from '../../connectors/budget/traffic-class.ts';
import type { CallContext, Connector, RequestRecord } from '../../connectors/connector.ts';
import type { Connection } from '../domain/connection.ts';
import type { ConnectionId } from '../domain/ids.ts';
import { crmFailed } from '../domain/outcome.ts';
import type { TracedRequest } from '../domain/trace.ts';
import type { ClaimedLedgerRow } from '../store/ledger-rows.ts';
import { apply, type Applied } from './apply.ts';
import type { ConnectionBudget } from './budget.ts';
import { conclude } from './conclude.ts';
import type { DeliverDependencies } from './dependencies.ts';
import { load } from './load.ts';
import { lookUp } from './look-up.ts';
import { planDelivery } from './plan.ts';
import { react } from './react.ts';
import { record } from './record.ts';
import { screen } from './screen.ts';
import { settle, type Loaded, type LookedUp, type Planned, type Settled } from './steps.ts';
import { whatNext, whyStopped, type Delivered } from './what-next.ts';

export type { DeliverDependencies } from './dependencies.ts';
export type { Delivered } from './what-next.ts';

/**
 * Delivers one batch of what is due on a connection: claim, load, screen, look up, plan, apply, record.
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
  const claimed = await deps.store.ledger.claim({ connectionId, fence, limit, maxPriority, now: startedAt });
  if (claimed.length > 0) {
    const requests: TracedRequest[] = [];
    const trafficClass = mostUrgentClass(claimed.map(({ priority }) => priority));
    const context = callContext({ deps, connection, budget, trafficClass, requests, signal });
    const { settled, applied } = await process(deps, connection, claimed, context);
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
  const planned = lookedUp.next.map((item) => plan(deps, connection, item));
  const applied = await apply(connector, planned, context);
  const concluded = applied.map((item) => conclude(item, deps.now(), deps.policy));
  return { settled: [...before, ...lookedUp.settled, ...concluded], applied };
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

function plan(deps: DeliverDependencies, connection: Connection, item: LookedUp): Planned {
  const { content } = connection.configuration;
  const mapping = deps.mappingFor(connection);
  return {
    ...item,
    plan: planDelivery({ ...item, tenantId: connection.tenantId, written: item.row.written, content, mapping }),
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
}): CallContext {
  const { deps, connection, budget, trafficClass, requests, signal } = batch;
  const { crm } = connection.configuration;
  return {
    signal,
    trafficClass,
    gate: budget.gate,
    onRequest: (request: RequestRecord) => {
      requests.push(request);
      deps.events.request({ crm, connectionId: connection.id, ...request });
    },
  };
}
