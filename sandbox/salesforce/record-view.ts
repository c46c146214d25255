import { isArchived } from './derived-values.ts';
import type { Field, FieldValue } from './field.ts';
import type { Org } from './org.ts';
import type { SalesforceRecord } from './record-store.ts';

/** What the API shows of a field; never written means null, and whether a task is archived is a matter of today. */
export function valueOf(org: Org, record: SalesforceRecord, field: Field): FieldValue {
  if (field.name === 'IsDeleted') return record.isDeleted;
  if (field.name === 'IsArchived') return isArchived(org, record);
  return record.values[field.name] ?? (field.type === 'boolean' ? false : null);
}

export function recordUrl(version: number, { object, id }: Pick<SalesforceRecord, 'object' | 'id'>): string {
  return `/services/data/v${version}.0/sobjects/${object}/${id}`;
}

/** A record in the shape of a single read (recorded): its attributes, then fields in the order asked for. */
export function recordBody(
  org: Org,
  version: number,
  record: SalesforceRecord,
  fields: readonly Field[],
): Record<string, unknown> {
  return {
    attributes: { type: record.object, url: recordUrl(version, record) },
    ...Object.fromEntries(fields.map((field) => [field.name, valueOf(org, record, field)])),
  };
}
