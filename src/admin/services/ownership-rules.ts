import type { Configuration } from '../../domain/configuration.ts';
import type { ConfigurationPath } from './configuration-problem.ts';

/** An id that belongs to somebody else, before it has its line. */
export interface OwnershipProblem {
  readonly path: ConfigurationPath;
  readonly problem: string;
  readonly fix: string;
}

/**
 * Connection ids and endpoint ids are unique over all tenants, and neither may pass from one tenant to another: the ledger,
 * the people and the sealed content behind them belong to the tenant.
 */
export function ownershipProblems(inForce: Configuration, file: Configuration): readonly OwnershipProblem[] {
  const others = (tenantId: string) => inForce.tenants.filter(({ id }) => id !== tenantId);
  return file.tenants.flatMap((tenant, t) => {
    const { endpointId } = tenant.webhook;
    const endpointOwner = others(tenant.id).find(
      ({ webhook }) => endpointId !== undefined && webhook.endpointId === endpointId,
    );
    return [
      ...taken(endpointOwner?.id, 'endpointId', ['tenants', t, 'webhook', 'endpointId']),
      ...tenant.connections.flatMap((connection, c) => {
        const owner = others(tenant.id).find(({ connections }) => connections.some(({ id }) => id === connection.id));
        return taken(owner?.id, 'id', ['tenants', t, 'connections', c, 'id']);
      }),
    ];
  });
}

function taken(owner: string | undefined, key: string, path: ConfigurationPath): readonly OwnershipProblem[] {
  if (owner === undefined) return [];
  return [{ path, problem: `this ${key} belongs to the tenant ${owner}`, fix: `choose another ${key}` }];
}
