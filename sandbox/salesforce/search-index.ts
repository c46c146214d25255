import type { FieldValues } from './field.ts';
import { objectNames, objectTypes, type ObjectName } from './object-types.ts';
import type { SalesforceRecord } from './record-store.ts';

/** A record as SOSL sees it: perhaps some seconds old. */
export interface IndexedRecord {
  readonly id: string;
  readonly values: FieldValues;
}

interface PendingChange extends IndexedRecord {
  readonly object: ObjectName;
  readonly changedAt: number;
  readonly isDeleted: boolean;
}

/** What SOSL looks into. It follows the records with a lag: the search index is not read-your-writes. */
export class SearchIndex {
  readonly #settings: { readonly now: () => number; readonly lagMs: () => number };
  #pending: PendingChange[] = [];
  readonly #records = new Map<ObjectName, Map<string, IndexedRecord>>();

  constructor(settings: { readonly now: () => number; readonly lagMs: () => number }) {
    this.#settings = settings;
    this.reset();
  }

  reset(): void {
    this.#pending = [];
    for (const name of objectNames) this.#records.set(name, new Map());
  }

  /** Notes a change; `atOnce` for data that was there before anybody looked. */
  note({ id, object, values, isDeleted }: SalesforceRecord, atOnce: boolean): void {
    if (!objectTypes[object].isSearchable) return;
    const changedAt = atOnce ? Number.NEGATIVE_INFINITY : this.#settings.now();
    const change = { id, object, values, isDeleted, changedAt };
    if (atOnce) this.#apply(change);
    else this.#pending.push(change);
    if (this.#pending.length > 1_000) this.#catchUp();
  }

  /** Everything SOSL may see now. */
  records(object: ObjectName): readonly IndexedRecord[] {
    this.#catchUp();
    return [...(this.#records.get(object)?.values() ?? [])];
  }

  #catchUp(): void {
    const until = this.#settings.now() - this.#settings.lagMs();
    const firstLater = this.#pending.findIndex((change) => change.changedAt > until);
    const due = firstLater === -1 ? this.#pending.length : firstLater;
    for (const change of this.#pending.splice(0, due)) this.#apply(change);
  }

  #apply(change: PendingChange): void {
    const records = this.#records.get(change.object);
    if (change.isDeleted) records?.delete(change.id);
    else records?.set(change.id, change);
  }
}
