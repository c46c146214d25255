import { mappingDocumentOf, type ConnectionConfiguration } from '../../domain/configuration.ts';
import { defaultMapping } from '../../mapping/default-mapping.ts';
import { defaultDocument } from '../../mapping/defaults/default-document.ts';
import { parseMappingDocument } from '../../mapping/document/parse.ts';
import { mappingDocumentSchema, type MappingDocument } from '../../mapping/document/schema.ts';
import { mappingVersion } from '../../mapping/document/version.ts';

/** A mapping, and what plans made by it are stamped with. */
export interface MappingInForce {
  readonly version: string;
  readonly document: MappingDocument;
  /** The document as somebody wrote it. */
  readonly written: unknown;
}

/**
 * The mapping that a configuration gives a connection: its own, or the default one. Undefined where there is nothing to
 * map, and for a document that an earlier release has taken and this one does not.
 */
export function mappingInForce(configuration: ConnectionConfiguration): MappingInForce | undefined {
  const { crm } = configuration;
  if (crm === 'csv-log') return undefined;
  const json = mappingDocumentOf(configuration);
  if (json === undefined) {
    const written = defaultDocument(crm);
    return { version: defaultMapping(crm).version, document: mappingDocumentSchema.parse(written), written };
  }
  const parsed = parseMappingDocument(json);
  if (parsed.kind === 'invalid') return undefined;
  return { version: mappingVersion(parsed.document.name, json), document: parsed.document, written: json };
}
