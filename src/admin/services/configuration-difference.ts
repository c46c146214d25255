import type { Configuration, ConnectionConfiguration, TenantConfiguration } from '../../domain/configuration.ts';
import { mappingChange } from './mapping-difference.ts';
import type { SettingChange } from './setting-change.ts';

/** What applying a configuration file does to one tenant or connection. */
export interface Change {
  readonly kind: 'added' | 'changed' | 'unchanged' | 'only_in_database';
  readonly what: 'tenant' | 'connection';
  readonly id: string;
  readonly tenantId: string;
  /** The settings that differ; empty unless `kind` is `changed`. */
  readonly settings: readonly SettingChange[];
}

/** The difference between what the database holds and what a file asks for. Pure; in the order of the file. */
export function differenceOf(database: Configuration, file: Configuration): readonly Change[] {
  return [
    ...file.tenants.flatMap((tenant) =>
      tenantChanges(
        database.tenants.find(({ id }) => id === tenant.id),
        tenant,
      ),
    ),
    ...database.tenants
      .filter(({ id }) => !file.tenants.some((tenant) => tenant.id === id))
      .flatMap((tenant) => [
        change('only_in_database', 'tenant', tenant.id, tenant.id),
        ...tenant.connections.map(({ id }) => change('only_in_database', 'connection', id, tenant.id)),
      ]),
  ];
}

function tenantChanges(before: TenantConfiguration | undefined, after: TenantConfiguration): readonly Change[] {
  const known = before?.connections ?? [];
  return [
    compare('tenant', after.id, after.id, before && settingsOf(before), keepingEndpoint(before, after)),
    ...after.connections.map((connection) =>
      compare(
        'connection',
        connection.id,
        after.id,
        known.find(({ id }) => id === connection.id),
        connection,
      ),
    ),
    ...known
      .filter(({ id }) => !after.connections.some((connection) => connection.id === id))
      .map(({ id }) => change('only_in_database', 'connection', id, after.id)),
  ];
}

type TenantSettings = Omit<TenantConfiguration, 'connections'>;

function settingsOf(tenant: TenantConfiguration): TenantSettings {
  const { connections: _, ...settings } = tenant;
  return settings;
}

/** A file without an endpoint id keeps the one that was drawn: that is no difference. */
function keepingEndpoint(before: TenantConfiguration | undefined, after: TenantConfiguration): TenantSettings {
  const endpointId = after.webhook.endpointId ?? before?.webhook.endpointId;
  const webhook = endpointId === undefined ? after.webhook : { ...after.webhook, endpointId };
  return { ...settingsOf(after), webhook };
}

function compare(
  what: Change['what'],
  id: string,
  tenantId: string,
  before: TenantSettings | ConnectionConfiguration | undefined,
  after: TenantSettings | ConnectionConfiguration,
): Change {
  if (before === undefined) return change('added', what, id, tenantId);
  const settings = [
    ...settingChanges(flatten(withoutMapping(before)), flatten(withoutMapping(after))),
    ...mappingChange(before, after),
  ];
  return change(settings.length === 0 ? 'unchanged' : 'changed', what, id, tenantId, settings);
}

/** A mapping is a document of its own: what changes in it is said as a whole. */
function withoutMapping(settings: TenantSettings | ConnectionConfiguration): object {
  return 'mapping' in settings ? { ...settings, mapping: undefined } : settings;
}

function change(
  kind: Change['kind'],
  what: Change['what'],
  id: string,
  tenantId: string,
  settings: readonly SettingChange[] = [],
): Change {
  return { kind, what, id, tenantId, settings };
}

function settingChanges(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly SettingChange[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((setting) => ({ setting, from: before.get(setting), to: after.get(setting) }))
    .filter(({ from, to }) => from !== to);
}

/** Every value under its path. A reference to a secret is one value, so that a change of its kind reads as one. */
function flatten(value: unknown, path = ''): ReadonlyMap<string, string> {
  const reference = referenceText(value);
  if (reference !== undefined) return new Map([[path, reference]]);
  if (Array.isArray(value)) {
    return merged(value.map((item: unknown, index) => flatten(item, `${path}[${index}]`)));
  }
  if (typeof value === 'object' && value !== null) {
    return merged(Object.entries(value).map(([key, inner]) => flatten(inner, path === '' ? key : `${path}.${key}`)));
  }
  // Only text, numbers and truth values are left: JSON writes each as people do, but for the quotes.
  return value === undefined
    ? new Map<string, string>()
    : new Map([[path, typeof value === 'string' ? value : JSON.stringify(value)]]);
}

function merged(parts: readonly ReadonlyMap<string, string>[]): ReadonlyMap<string, string> {
  return new Map(parts.flatMap((part) => [...part]));
}

function referenceText(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const entries: readonly (readonly [string, unknown])[] = Object.entries(value);
  const [first] = entries;
  if (first === undefined || entries.length !== 1) return undefined;
  const [kind, name] = first;
  return ['env', 'file', 'stored'].includes(kind) ? `{ ${kind}: ${String(name)} }` : undefined;
}
