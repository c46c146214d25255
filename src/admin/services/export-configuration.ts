import { stringify } from 'yaml';
import {
  mappingDocumentOf,
  type Configuration,
  type ConnectionConfiguration,
  type MappingJson,
} from '../../domain/configuration.ts';
import { parseMappingDocument } from '../../mapping/document/parse.ts';
import { configurationInForce } from './configuration-in-force.ts';
import type { ConfigurationStore } from './ports.ts';

/** The configuration in force, as a value and as a file that `apply` takes back without a difference. */
export interface ExportedConfiguration {
  readonly configuration: Configuration;
  readonly yaml: string;
}

/** Prints what the database says, with every default written out. Secrets appear as the references that name them. */
export async function exportConfiguration(store: ConfigurationStore): Promise<ExportedConfiguration> {
  const inForce = await configurationInForce(store);
  const configuration = {
    ...inForce,
    tenants: inForce.tenants.map((tenant) => ({ ...tenant, connections: tenant.connections.map(inReadingOrder) })),
  };
  return { configuration, yaml: stringify(configuration, { lineWidth: 120 }) };
}

/** The database keeps no order of keys; a mapping is read from its field to its mode, as the guide shows it. */
function inReadingOrder(configuration: ConnectionConfiguration): ConnectionConfiguration {
  const mapping = mappingDocumentOf(configuration);
  if (mapping === undefined || !('mapping' in configuration)) return configuration;
  const parsed = parseMappingDocument(mapping);
  return parsed.kind === 'invalid' ? configuration : { ...configuration, mapping: orderedAs(parsed.document, mapping) };
}

/** JSON with the keys of its blocks in the order of another that has at least the same ones. */
function orderedAs(pattern: unknown, json: MappingJson): MappingJson {
  if (typeof json !== 'object' || json === null || typeof pattern !== 'object' || pattern === null) return json;
  if (Array.isArray(json)) return json.map((item, index) => orderedAs(Reflect.get(pattern, index), item));
  const keys = [...new Set([...Object.keys(pattern), ...Object.keys(json)])].filter((key) => Object.hasOwn(json, key));
  return Object.fromEntries(keys.map((key) => [key, orderedAs(Reflect.get(pattern, key), json[key] ?? null)]));
}
