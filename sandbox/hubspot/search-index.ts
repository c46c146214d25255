import { allObjectTypes, type ObjectTypeName } from './object-types.ts';
import type { CrmRecord, PropertyValues } from './record-store.ts';

/** A record as search sees it: perhaps some seconds old. */
export interface IndexedRecord {
  readonly id: string;
  readonly values: PropertyValues;
}

interface PendingChange extends IndexedRecord {
  readonly type: ObjectTypeName;
  readonly changedAt: number;
  readonly archived: boolean;
}

/**
 * What searches look into. It follows the records with a lag, as HubSpot warns ("it may take a few moments for newly
 * created or updated CRM objects to appear in search results").
 */
export class SearchIndex {
  readonly #settings: { readonly now: () => number; readonly lagMs: () => number };
  #pending: PendingChange[] = [];
  #taken = 0;
  readonly #records = new Map<ObjectTypeName, Map<string, IndexedRecord>>();
  readonly #byValue = new Map<string, Map<string, Set<string>>>();

  constructor(settings: { readonly now: () => number; readonly lagMs: () => number }) {
    this.#settings = settings;
    this.reset();
  }

  reset(): void {
    this.#pending = [];
    this.#taken = 0;
    this.#byValue.clear();
    for (const type of allObjectTypes) this.#records.set(type.name, new Map());
  }

  /** Notes a change; `atOnce` for data that was there before anybody looked. */
  note(record: CrmRecord, atOnce: boolean): void {
    const { id, type, values } = record;
    const changedAt = atOnce ? Number.NEGATIVE_INFINITY : this.#settings.now();
    const change = { id, type, values, changedAt, archived: record.archivedAt !== null };
    if (atOnce) this.#apply(change);
    else this.#pending.push(change);
    this.#catchUp();
  }

  /** Everything search may see now. */
  records(type: ObjectTypeName): ReadonlyMap<string, IndexedRecord> {
    this.#catchUp();
    return this.#records.get(type) ?? new Map<string, IndexedRecord>();
  }

  /** Candidates for "property equals value", case folded; from an index made at the first question for that property. */
  idsWith(type: ObjectTypeName, property: string, value: string): ReadonlySet<string> {
    this.#catchUp();
    const name = `${type} ${property}`;
    let index = this.#byValue.get(name);
    if (index === undefined) {
      index = new Map();
      this.#byValue.set(name, index);
      for (const record of this.records(type).values()) addTo(index, record.values[property], record.id);
    }
    return index.get(fold(value)) ?? new Set<string>();
  }

  #catchUp(): void {
    const until = this.#settings.now() - this.#settings.lagMs();
    let next = this.#pending[this.#taken];
    while (next !== undefined && next.changedAt <= until) {
      this.#apply(next);
      next = this.#pending[++this.#taken];
    }
    if (this.#taken > 1_000) {
      this.#pending = this.#pending.slice(this.#taken);
      this.#taken = 0;
    }
  }

  #apply(change: PendingChange): void {
    const records = this.#records.get(change.type);
    const previous = records?.get(change.id);
    if (change.archived) records?.delete(change.id);
    else records?.set(change.id, change);
    for (const [name, index] of this.#byValue) {
      const [type, property] = name.split(' ');
      if (type !== change.type || property === undefined) continue;
      removeFrom(index, previous?.values[property], change.id);
      if (!change.archived) addTo(index, change.values[property], change.id);
    }
  }
}

const fold = (value: string): string => value.toLowerCase();

function addTo(index: Map<string, Set<string>>, value: string | undefined, id: string): void {
  if (value === undefined || value === '') return;
  const ids = index.get(fold(value));
  if (ids === undefined) index.set(fold(value), new Set([id]));
  else ids.add(id);
}

function removeFrom(index: Map<string, Set<string>>, value: string | undefined, id: string): void {
  if (value !== undefined) index.get(fold(value))?.delete(id);
}
