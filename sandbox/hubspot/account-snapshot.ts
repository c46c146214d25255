import type { Account } from './account.ts';
import type { StoredLink } from './association-store.ts';
import type { MadeDefinitions } from './property-registry.ts';
import type { StoredRecords } from './record-store.ts';

/**
 * The data of an account as a plain JSON value: records with their ids and histories, links, and the properties that
 * were made. Tokens, options, faults, limits and the request log are not part of it.
 */
export interface AccountSnapshot {
  readonly format: 1;
  readonly definitions: MadeDefinitions;
  readonly records: StoredRecords;
  readonly links: readonly StoredLink[];
}

export function takeSnapshot(account: Account): AccountSnapshot {
  return {
    format: 1,
    definitions: account.registry.made(),
    records: account.records.stored(),
    links: account.associations.all(),
  };
}

/** Replaces the account's data; searches see all of it at once. */
export function restoreSnapshot(account: Account, { definitions, records, links }: AccountSnapshot): void {
  account.searchIndex.reset();
  account.registry.restore(definitions);
  account.asExistingData(() => account.records.restore(records));
  account.associations.restore(links);
  account.changes.emit();
}

/** By its outside: what a snapshot holds was made by this sandbox. */
export function isSnapshot(value: unknown): value is AccountSnapshot {
  return (
    typeof value === 'object' &&
    value !== null &&
    'format' in value &&
    value.format === 1 &&
    'definitions' in value &&
    'records' in value &&
    'links' in value
  );
}
