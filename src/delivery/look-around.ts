import type { CallContext, Connector } from '../../connectors/connector.ts';
import type { Connection } from '../domain/connection.ts';
import type { CrmFailure } from '../domain/crm.ts';
import { crmFailed } from '../domain/outcome.ts';
import type { DeliverDependencies } from './dependencies.ts';
import { findOwners, type OwnerReader } from './find-owners.ts';
import { findRelated } from './find-related.ts';
import { settle, split, type LookedAround, type LookedUp, type Settled, type StepResult } from './steps.ts';

/**
 * Finds out what the plan needs beside the person: whom the records may be given to, and what else they belong to. One
 * call each for the whole batch, side by side; none where the policies ask for nothing.
 */
export async function lookAround(
  deps: Pick<DeliverDependencies, 'now' | 'policy'>,
  { configuration }: Pick<Connection, 'configuration'>,
  connector: OwnerReader & Pick<Connector, 'findRelated'>,
  items: readonly LookedUp[],
  context: CallContext,
): Promise<StepResult<LookedAround>> {
  if (items.length === 0) return { next: [], settled: [] };
  const [ownersOf, relatedOf] = await Promise.all([
    findOwners(connector, configuration, items, context),
    findRelated(connector, configuration, items, context),
  ]);
  return split(
    items.map((item): LookedAround | Settled => {
      const owners = ownersOf(item);
      if (owners.kind === 'wait') return wait(deps, item, owners.failure);
      const related = relatedOf(item);
      if (related.kind === 'wait') return wait(deps, item, related.failure);
      return { ...item, owners: owners.facts, related: related.facts };
    }),
  );
}

/** As after a look-up that could not be made: nothing is written, and it is asked again. */
function wait(deps: Pick<DeliverDependencies, 'now' | 'policy'>, item: LookedUp, failure: CrmFailure): Settled {
  return settle(item, crmFailed(item.row, failure, deps.now(), deps.policy), {
    lookUp: item.lookUp,
    failures: [failure],
  });
}
