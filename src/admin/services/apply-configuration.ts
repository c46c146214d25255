import type { Configuration, ConnectionConfiguration } from '../../domain/configuration.ts';
import type { ConnectionId, EndpointId, TenantId } from '../../domain/ids.ts';
import type { MappingRepository } from '../../store/mapping-repository.ts';
import { baseUrlProblems, type AllowedHosts } from './base-url-rules.ts';
import { checkSecrets, type SecretWarning } from './check-secrets.ts';
import { differenceOf, type Change } from './configuration-difference.ts';
import { configurationInForce } from './configuration-in-force.ts';
import { pathText, type ConfigurationProblem } from './configuration-problem.ts';
import { mappingInForce } from './mapping-in-force.ts';
import { ownershipProblems } from './ownership-rules.ts';
import { parseConfiguration } from './parse-configuration.ts';
import type { ConfigurationStore, SecretSource, Wake } from './ports.ts';
import { wakeConnections } from './wake-connections.ts';

export interface ApplyDependencies {
  readonly store: ConfigurationStore & {
    readonly secrets: SecretSource;
    readonly mappings: Pick<MappingRepository, 'publish'>;
  };
  readonly wake: Wake;
  readonly now: () => Date;
  readonly crmHosts: AllowedHosts;
}

/** Where a tenant's webhooks go. */
interface TenantEndpoint {
  readonly tenantId: TenantId;
  readonly endpointId: EndpointId;
}

export type ApplyResult =
  /** Nothing was changed. */
  | { readonly kind: 'refused'; readonly problems: readonly ConfigurationProblem[] }
  /** A dry run: nothing was changed. */
  | { readonly kind: 'shown'; readonly changes: readonly Change[]; readonly warnings: readonly SecretWarning[] }
  | {
      readonly kind: 'applied';
      readonly changes: readonly Change[];
      readonly warnings: readonly SecretWarning[];
      readonly endpoints: readonly TenantEndpoint[];
      /** Connections whose loop could not be told; see {@link wakeConnections}. */
      readonly notWoken: readonly ConnectionId[];
    };

/**
 * Brings the configuration to what a file says.
 *
 * All or nothing by order, not by one transaction: the whole file is judged, against the database too, before the first
 * write; the writes are idempotent upserts, a tenant before its connections. A crash between two of them leaves a valid
 * configuration, and the same file applied again completes it. What the file does not name is left alone.
 */
export async function applyConfiguration(
  request: { readonly yaml: string; readonly dryRun: boolean },
  dependencies: ApplyDependencies,
): Promise<ApplyResult> {
  const { store } = dependencies;
  const parsed = parseConfiguration(request.yaml);
  if (parsed.kind === 'invalid') return { kind: 'refused', problems: parsed.problems };
  const { configuration, lineOf } = parsed;
  const inForce = await configurationInForce(store);
  const secrets = await checkSecrets(configuration, lineOf, store.secrets);
  const broken = [
    ...baseUrlProblems(configuration, dependencies.crmHosts),
    ...ownershipProblems(inForce, configuration),
  ].map(({ path, problem, fix }) => ({ path: pathText(path), line: lineOf(path), problem, fix }));
  const problems = [...broken, ...secrets.problems];
  if (problems.length > 0) return { kind: 'refused', problems };
  const changes = differenceOf(inForce, configuration);
  if (request.dryRun) return { kind: 'shown', changes, warnings: secrets.warnings };
  await write(configuration, changes, dependencies);
  return {
    kind: 'applied',
    changes,
    warnings: secrets.warnings,
    endpoints: endpointsOf(await configurationInForce(store), configuration),
    notWoken: await wakeConnections(affectedConnections(configuration, changes), dependencies.wake),
  };
}

async function write(
  configuration: Configuration,
  changes: readonly Change[],
  { store, now }: ApplyDependencies,
): Promise<void> {
  for (const { connections, ...tenant } of configuration.tenants) {
    if (isTouched(changes, 'tenant', tenant.id)) await store.tenants.upsert(tenant, now());
    for (const connection of connections) {
      if (isTouched(changes, 'connection', connection.id)) await store.connections.upsert(tenant.id, connection);
      await publishMapping(store, connection, now());
    }
  }
}

/** Asked for unchanged connections too: a crash may have come between the two writes. One that is in force is no news. */
async function publishMapping(
  { mappings }: ApplyDependencies['store'],
  configuration: ConnectionConfiguration,
  now: Date,
): Promise<void> {
  const mapping = mappingInForce(configuration);
  if (mapping === undefined) return;
  const { version, written: document } = mapping;
  await mappings.publish({ connectionId: configuration.id, version, document, now });
}

/** A tenant's change concerns all its connections: its API key, its time zone and its country are used by each. */
function affectedConnections(configuration: Configuration, changes: readonly Change[]): readonly ConnectionId[] {
  return configuration.tenants.flatMap((tenant) =>
    tenant.connections
      .map(({ id }) => id)
      .filter((id) => isTouched(changes, 'tenant', tenant.id) || isTouched(changes, 'connection', id)),
  );
}

function isTouched(changes: readonly Change[], what: Change['what'], id: string): boolean {
  return changes.some(
    (change) => change.what === what && change.id === id && (change.kind === 'added' || change.kind === 'changed'),
  );
}

function endpointsOf(inForce: Configuration, file: Configuration): readonly TenantEndpoint[] {
  return inForce.tenants
    .filter(({ id }) => file.tenants.some((tenant) => tenant.id === id))
    .flatMap(({ id, webhook }) =>
      webhook.endpointId === undefined ? [] : [{ tenantId: id, endpointId: webhook.endpointId }],
    );
}
