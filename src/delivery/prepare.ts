import type { CallContext } from '../../connectors/connector.ts';
import { associationPolicyOf, ownerPolicyOf } from '../domain/configuration.ts';
import type { Connection } from '../domain/connection.ts';
import type { CrmFailure } from '../domain/crm.ts';
import { crmFailed } from '../domain/outcome.ts';
import type { ClaimedLedgerRow } from '../store/ledger-rows.ts';
import type { PrepareDependencies } from './dependencies.ts';
import { load } from './load.ts';
import { lookAround } from './look-around.ts';
import { lookUp } from './look-up.ts';
import { planDelivery } from './plan.ts';
import { readWritten } from './read-written.ts';
import { screen } from './screen.ts';
import { settle, type Loaded, type LookedAround, type Planned, type Settled } from './steps.ts';

/** A batch of which everything is decided and nothing is written. */
export interface Prepared {
  /** Conversations that nothing is to be written for, or nothing can be decided for. */
  readonly settled: readonly Settled[];
  readonly planned: readonly Planned[];
  /** What writing needs and the account lacks; only where the context may create nothing. */
  readonly missing: readonly string[];
}

/**
 * Everything of a delivery that comes before its first write: load, screen, look up, look around, plan. Deliveries and
 * previews both run this, so that a plan that is shown is the plan that is applied. Each step hands on what is still
 * open and settles the rest.
 */
export async function prepare(
  deps: PrepareDependencies,
  connection: Connection,
  rows: readonly ClaimedLedgerRow[],
  context: CallContext,
): Promise<Prepared> {
  const loaded = await load(deps, connection, rows, context.signal);
  const screened = screen(loaded.next, { connection, now: deps.now(), policy: deps.policy });
  const before = [...loaded.settled, ...screened.settled];
  if (screened.next.length === 0) return { settled: before, planned: [], missing: [] };

  const connector = deps.connectorFor(connection);
  const provisioning = await connector.provision(context);
  if (provisioning.kind === 'failed') {
    const unready = screened.next.map((item) => refused(deps, item, provisioning.failure));
    return { settled: [...before, ...unready], planned: [], missing: [] };
  }

  const lookedUp = await lookUp(deps, connection, connector, screened.next, context);
  const readBack = await readWritten(
    { ...deps, mapping: deps.mappingFor(connection), tenant: connection.tenant },
    connector,
    lookedUp.next,
    context,
  );
  const lookedAround = await lookAround(deps, connection, connector, readBack.next, context);
  return {
    settled: [...before, ...lookedUp.settled, ...readBack.settled, ...lookedAround.settled],
    planned: lookedAround.next.map((item) => plan(deps, connection, item)),
    missing: provisioning.missing ?? [],
  };
}

/** An account that could not be prepared takes nothing: what was to be written waits or fails as the refusal says. */
function refused(deps: PrepareDependencies, item: Loaded, failure: CrmFailure): Settled {
  return settle(item, crmFailed(item.row, failure, deps.now(), deps.policy), { failures: [failure] });
}

function plan(deps: PrepareDependencies, connection: Connection, item: LookedAround): Planned {
  const { configuration, tenantId } = connection;
  return {
    ...item,
    plan: planDelivery({
      ...item,
      tenantId,
      written: item.row.written,
      tenant: connection.tenant,
      ownerPolicy: ownerPolicyOf(configuration),
      associations: associationPolicyOf(configuration),
      mapping: deps.mappingFor(connection),
    }),
  };
}
