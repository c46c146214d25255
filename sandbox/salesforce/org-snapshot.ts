import type { Org } from './org.ts';
import type { SalesforceSandboxOptions } from './options.ts';
import type { StoredRecords } from './record-store.ts';

/**
 * The data of an org as a plain JSON value: records with their ids and histories, and the fields that were made. Tokens,
 * other options, faults, limits and the request log are not part of it.
 */
export interface OrgSnapshot {
  readonly format: 1;
  readonly customFields: SalesforceSandboxOptions['customFields'];
  readonly records: StoredRecords;
}

export function takeSnapshot(org: Org): OrgSnapshot {
  return { format: 1, customFields: org.options.customFields, records: org.records.stored() };
}

/** Replaces the org's data; searches see all of it at once. */
export function restoreSnapshot(org: Org, { customFields, records }: OrgSnapshot): void {
  org.options = { ...org.options, customFields };
  org.searchIndex.reset();
  org.cursors.clear();
  org.bulk.reset();
  org.asExistingData(() => org.records.restore(records));
  org.changes.emit();
}

/** By its outside: what a snapshot holds was made by this sandbox. */
export function isSnapshot(value: unknown): value is OrgSnapshot {
  return (
    typeof value === 'object' &&
    value !== null &&
    'format' in value &&
    value.format === 1 &&
    'customFields' in value &&
    'records' in value
  );
}
