import type { FieldValue, FieldValues } from './field.ts';
import { objectTypes, type ObjectName } from './object-types.ts';
import { makeRecordId } from './record-ids.ts';

/** A record as it stands. `values` is replaced, never changed in place: the search index keeps older ones. */
export interface SalesforceRecord {
  readonly id: string;
  readonly object: ObjectName;
  values: FieldValues;
  isDeleted: boolean;
  /** Every write, oldest first. */
  readonly writes: RecordWrite[];
}

export interface RecordWrite {
  /** ISO 8601. */
  readonly at: string;
  /** Id of the user who made it. */
  readonly by: string;
  readonly values: FieldValues;
}

/** All records in a form that can be written down. */
export interface StoredRecords {
  readonly number: number;
  readonly records: readonly Readonly<SalesforceRecord>[];
}

export interface RecordStoreSettings {
  readonly now: () => number;
  readonly firstNumber: () => number;
  /** Called after each change, with the record as it now stands. */
  readonly changed: (record: SalesforceRecord) => void;
}

/** All records of the org. It applies changes; whether they are allowed is decided before. */
export class RecordStore {
  readonly #settings: RecordStoreSettings;
  readonly #records = new Map<ObjectName, Map<string, SalesforceRecord>>();
  readonly #indexes = new Map<string, Map<string, Set<string>>>();
  #number = 0;
  /** How to take back what the open transaction has done, newest last; null outside of one. */
  #undo: (() => void)[] | null = null;

  constructor(settings: RecordStoreSettings) {
    this.#settings = settings;
    this.reset();
  }

  reset(): void {
    this.#records.clear();
    this.#indexes.clear();
    this.#number = this.#settings.firstNumber();
  }

  stored(): StoredRecords {
    const records = [...this.#records.values()].flatMap((each) => [...each.values()]);
    return { number: this.#number, records: structuredClone(records) };
  }

  /** Replaces everything by what was stored, ids included. */
  restore({ number, records }: StoredRecords): void {
    this.#records.clear();
    this.#indexes.clear();
    this.#number = number;
    for (const record of structuredClone(records)) {
      this.#add(record);
      this.#settings.changed(record);
    }
  }

  find(object: ObjectName, id: string): SalesforceRecord | null {
    return this.#records.get(object)?.get(id) ?? null;
  }

  live(object: ObjectName, id: string): SalesforceRecord | null {
    const record = this.find(object, id);
    return record?.isDeleted === false ? record : null;
  }

  /** Every record of the object, deleted ones included, oldest first. */
  all(object: ObjectName): readonly SalesforceRecord[] {
    return [...(this.#records.get(object)?.values() ?? [])];
  }

  /** Live records with this value; the index of the field is made at the first question for it. */
  holders(object: ObjectName, field: string, value: string, caseSensitive: boolean): readonly SalesforceRecord[] {
    const ids = this.#index(object, field).get(value.toLowerCase()) ?? [];
    return [...ids].flatMap((id) => {
      const record = this.live(object, id);
      return record === null || (caseSensitive && record.values[field] !== value) ? [] : [record];
    });
  }

  /** @param valuesOf its values, given the id it gets. */
  create(object: ObjectName, valuesOf: (id: string) => FieldValues, by: string, id?: string): SalesforceRecord {
    const record: SalesforceRecord = {
      id: id ?? makeRecordId(objectTypes[object].keyPrefix, ++this.#number),
      object,
      values: {},
      isDeleted: false,
      writes: [],
    };
    const records = this.#add(record);
    this.#undo?.push(() => {
      this.#reindex(record, record.values, {});
      records.delete(record.id);
      record.isDeleted = true;
      this.#settings.changed(record);
    });
    this.#put(record, { Id: record.id, ...valuesOf(record.id) }, by);
    return record;
  }

  update(record: SalesforceRecord, changes: FieldValues, by: string): void {
    const before = record.values;
    this.#undo?.push(() => {
      this.#reindex(record, record.values, before);
      record.values = before;
      record.writes.pop();
      this.#settings.changed(record);
    });
    this.#put(record, changes, by);
  }

  delete(record: SalesforceRecord, by: string): void {
    this.#undo?.push(() => {
      record.isDeleted = false;
      record.writes.pop();
      this.#settings.changed(record);
    });
    record.isDeleted = true;
    record.writes.push({ at: this.#iso(), by, values: { IsDeleted: true } });
    this.#settings.changed(record);
  }

  /** Runs `write`; when it answers false, everything it changed is as before. */
  atomically(write: () => boolean): void {
    const outer = this.#undo;
    const own: (() => void)[] = [];
    this.#undo = own;
    let keep = false;
    try {
      keep = write();
    } finally {
      this.#undo = outer;
      if (keep) outer?.push(...own);
      else for (const undo of own.reverse()) undo();
    }
  }

  /** @returns the records of its object. */
  #add(record: SalesforceRecord): Map<string, SalesforceRecord> {
    let records = this.#records.get(record.object);
    if (records === undefined) this.#records.set(record.object, (records = new Map<string, SalesforceRecord>()));
    records.set(record.id, record);
    return records;
  }

  #put(record: SalesforceRecord, changes: FieldValues, by: string): void {
    const after = { ...record.values, ...changes };
    this.#reindex(record, record.values, after);
    record.values = after;
    record.writes.push({ at: this.#iso(), by, values: changes });
    this.#settings.changed(record);
  }

  #iso(): string {
    return new Date(this.#settings.now()).toISOString();
  }

  #index(object: ObjectName, field: string): Map<string, Set<string>> {
    const name = `${object} ${field}`;
    let index = this.#indexes.get(name);
    if (index === undefined) {
      index = new Map<string, Set<string>>();
      this.#indexes.set(name, index);
      for (const record of this.#records.get(object)?.values() ?? []) addTo(index, record.values[field], record.id);
    }
    return index;
  }

  #reindex(record: SalesforceRecord, before: FieldValues, after: FieldValues): void {
    for (const [name, index] of this.#indexes) {
      const [object, field = ''] = name.split(' ');
      if (object !== record.object || before[field] === after[field]) continue;
      const old = before[field];
      if (typeof old === 'string') index.get(old.toLowerCase())?.delete(record.id);
      addTo(index, after[field], record.id);
    }
  }
}

function addTo(index: Map<string, Set<string>>, value: FieldValue | undefined, id: string): void {
  if (typeof value !== 'string' || value === '') return;
  const ids = index.get(value.toLowerCase());
  if (ids === undefined) index.set(value.toLowerCase(), new Set([id]));
  else ids.add(id);
}
