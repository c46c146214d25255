import type { Configuration } from '../../domain/configuration.ts';
import type { ConfigurationStore } from './ports.ts';

/** The configuration that the database holds, in one stable order (by id). Secrets are references, as in the file. */
export async function configurationInForce(store: ConfigurationStore): Promise<Configuration> {
  const [tenants, connections] = await Promise.all([store.tenants.list(), store.connections.list()]);
  return {
    version: 1,
    tenants: tenants
      .toSorted((a, b) => byId(a, b))
      .map((tenant) => ({
        ...tenant.settings,
        webhook: { ...tenant.settings.webhook, endpointId: tenant.endpointId },
        connections: connections
          .filter(({ tenantId }) => tenantId === tenant.id)
          .map(({ configuration }) => configuration)
          .toSorted((a, b) => byId(a, b)),
      })),
  };
}

/** By code unit: the same on every machine, whatever its language. */
function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
