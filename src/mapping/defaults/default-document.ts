import type { CrmKind } from '../../domain/crm.ts';
import type { MappingDocumentInput } from '../document/schema.ts';
import { hubSpotDocument } from './hubspot.ts';
import { salesforceDocument } from './salesforce.ts';

/** The document to begin a mapping with. CSV files have none: their columns are fixed. */
export function defaultDocument(crm: Exclude<CrmKind, 'csv-log'>): MappingDocumentInput {
  return crm === 'hubspot' ? hubSpotDocument : salesforceDocument;
}
