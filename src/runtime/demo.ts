import { applyConfiguration } from '../admin/services/apply-configuration.ts';
import type { Store } from '../store/store.ts';
import { DEMO, demoConfiguration, demoSecrets, isDemoConnection } from './demo-tenant.ts';
import type { Environment } from './environment.ts';
import { SafeError } from './safe-error.ts';

/** Whether the demo runs, and when it does not, whether its connection is there and would call sandboxes that are not. */
export type DemoDecision = { readonly kind: 'run' } | { readonly kind: 'rest'; readonly pause: boolean };

/** The part of the store that tells what is configured. */
export interface ConfiguredTenants {
  readonly tenants: Pick<Store['tenants'], 'list'>;
  readonly connections: Pick<Store['connections'], 'list'>;
}

/**
 * The demo runs while there are no connections but its own, so that a first start shows something and a later one goes on
 * with it; and whenever it is asked for. Real connections end it.
 * @throws {SafeError} when it is asked for and the tenant id it uses is somebody's own
 */
export async function decideDemo(store: ConfiguredTenants, asked: boolean): Promise<DemoDecision> {
  const tenant = (await store.tenants.list()).find(({ id }) => id === DEMO.tenantId);
  if (tenant !== undefined && tenant.endpointId !== DEMO.endpointId) {
    if (asked) throw new SafeError('demo_tenant_taken', demoTenantTaken());
    return { kind: 'rest', pause: false };
  }
  const connections = await store.connections.list();
  const hasRealOnes = connections.some(({ id }) => !isDemoConnection(id));
  return asked || !hasRealOnes ? { kind: 'run' } : { kind: 'rest', pause: tenant !== undefined };
}

/**
 * Brings the demo tenant into the configuration, or to the ports and files of this start. A connection that an earlier
 * start paused because of real ones goes on when the demo is asked for by name.
 */
export async function applyDemo(store: Store, environment: Environment, asked: boolean): Promise<void> {
  const yaml = demoConfiguration(environment, await demoSecrets(environment.dataDirectory));
  const result = await applyConfiguration(
    { yaml, dryRun: false },
    // Nobody needs to be woken: nothing is due on a new connection, and the sweep finds what is due on an old one.
    // Its CRM is a sandbox on this machine.
    { store, wake: () => Promise.resolve(), now: () => new Date(), crmHosts: 'any' },
  );
  if (result.kind === 'refused') {
    const paths = result.problems.map(({ path, problem }) => `${path}: ${problem}`).join('; ');
    throw new SafeError('demo_refused', `The demo's configuration was refused (${paths}). Please report this.`);
  }
  if (!asked) return;
  for (const { id } of await demoConnections(store)) await store.connections.resume(id);
}

/** Keeps the demo's connections from calling sandboxes that do not run. */
export async function pauseDemo(store: Pick<Store, 'connections'>): Promise<void> {
  for (const { id } of await demoConnections(store)) await store.connections.pause(id);
}

async function demoConnections(store: Pick<Store, 'connections'>) {
  return (await store.connections.list()).filter(({ id }) => isDemoConnection(id));
}

function demoTenantTaken(): string {
  return `The demo uses the tenant ${DEMO.tenantId}, and a tenant of that id is configured already: start without --demo, or use another CRM_SYNC_DATA_DIR for the demo.`;
}
