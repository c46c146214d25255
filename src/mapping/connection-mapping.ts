import { mappingDocumentOf, type ConnectionConfiguration } from '../domain/configuration.ts';
import { compileMapping } from './compile/mapping.ts';
import { defaultMapping } from './default-mapping.ts';
import { parseMappingDocument } from './document/parse.ts';
import { mappingVersion } from './document/version.ts';
import type { Mapping } from './mapping.ts';

/**
 * The mapping of a connection: the one its configuration names, else the default of its CRM.
 *
 * @throws Error for a document that this release does not take; one that it has applied itself has been checked
 */
export type MappingOf = (configuration: ConnectionConfiguration) => Mapping;

/** Keeps the last mapping of every connection compiled, for as long as its document stays the same. */
export function openMappings(): MappingOf {
  const byConnection = new Map<string, Mapping>();
  // The configuration is read anew for each batch, and its mapping asked for once per conversation.
  const byDocument = new WeakMap<object, Mapping>();
  return (configuration) => {
    const document = mappingDocumentOf(configuration);
    if (document === undefined) return defaultMapping(configuration.crm);
    const known = typeof document === 'object' && document !== null ? byDocument.get(document) : undefined;
    if (known !== undefined) return known;
    const mapping = compiled(configuration.id, document, byConnection.get(configuration.id));
    byConnection.set(configuration.id, mapping);
    if (typeof document === 'object' && document !== null) byDocument.set(document, mapping);
    return mapping;
  };
}

function compiled(connectionId: string, json: unknown, before: Mapping | undefined): Mapping {
  const parsed = parseMappingDocument(json);
  if (parsed.kind === 'invalid') throw refusal(connectionId, parsed.problems);
  const version = mappingVersion(parsed.document.name, json);
  if (before?.version === version) return before;
  const result = compileMapping(parsed.document, version);
  if (result.kind === 'refused') throw refusal(connectionId, result.problems);
  return result.mapping;
}

function refusal(
  connectionId: string,
  problems: readonly { readonly path: string; readonly message: string }[],
): Error {
  const [first] = problems;
  const what = first === undefined ? '' : ` at ${first.path}: ${first.message}`;
  return new Error(
    `the mapping of connection ${connectionId} cannot be used by this release${what}; apply a correct one`,
  );
}
