import { calculatedValues } from './calculated-properties.ts';
import { objectTypes, type ObjectTypeName } from './object-types.ts';
import type { PropertyRegistry } from './property-registry.ts';
import type { Random } from '../server/random.ts';

export type PropertyValues = Readonly<Record<string, string>>;

/** Who changed a value, as HubSpot's property history names it. */
export type ChangeSource =
  { readonly sourceType: 'INTEGRATION'; readonly sourceId: string } | { readonly sourceType: 'CRM_UI' };

export interface PropertyVersion {
  readonly value: string;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly sourceType: ChangeSource['sourceType'];
  readonly sourceId?: string;
}

/** A record as it stands. `values` is replaced, never changed in place: the search index keeps older ones. */
export interface CrmRecord {
  readonly id: string;
  readonly type: ObjectTypeName;
  readonly createdAt: number;
  updatedAt: number;
  archivedAt: number | null;
  values: PropertyValues;
  /** Every write, oldest first: what a property was and who set it is read out of them when somebody asks. */
  readonly writes: RecordWrite[];
}

interface RecordWrite {
  /** ISO 8601. */
  readonly timestamp: string;
  readonly values: PropertyValues;
  readonly source: ChangeSource;
}

/** The records of an account apart from it. */
export interface StoredRecords {
  readonly lastId: number;
  readonly records: readonly CrmRecord[];
  readonly merged: readonly (readonly [from: string, to: string])[];
}

/** Where a record names those that were merged into it, separated by semicolons. */
const mergedIds = 'hs_merged_object_ids';

export interface RecordStoreDependencies {
  readonly registry: PropertyRegistry;
  readonly random: Random;
  readonly now: () => number;
  /** Whether a ticket that is opened again keeps its close date. */
  readonly keepsCloseDate: () => boolean;
  /** Called after each change, with the record as it now stands. */
  readonly changed: (record: CrmRecord) => void;
}

/** All records of the account, with an index per unique property. It applies changes; whether they are allowed is decided before. */
export class RecordStore {
  readonly #with: RecordStoreDependencies;
  readonly #records = new Map<ObjectTypeName, Map<string, CrmRecord>>();
  readonly #unique = new Map<string, Map<string, string>>();
  /** Object and id of a record that was merged away, to the id of the one it became. */
  readonly #merged = new Map<string, string>();
  #lastId = 0;
  #stamp = { at: Number.NaN, text: '' };

  constructor(dependencies: RecordStoreDependencies) {
    this.#with = dependencies;
    this.reset();
  }

  reset(): void {
    this.#records.clear();
    this.#unique.clear();
    this.#merged.clear();
    this.#lastId = 4_000_000_000 + Math.floor(this.#with.random() * 1_000_000);
  }

  /** Live records only; an archived one is as good as absent (null). */
  live(type: ObjectTypeName, id: string): CrmRecord | null {
    const record = this.find(type, id);
    return record?.archivedAt === null ? record : null;
  }

  find(type: ObjectTypeName, id: string): CrmRecord | null {
    return this.#records.get(type)?.get(id) ?? null;
  }

  /** Every record of the object, archived ones included, oldest first. */
  all(type: ObjectTypeName): readonly CrmRecord[] {
    return [...(this.#records.get(type)?.values() ?? [])];
  }

  /** The live record that holds this value of a unique property. */
  holder(type: ObjectTypeName, property: string, value: string): CrmRecord | null {
    const id = this.#unique.get(`${type} ${property}`)?.get(uniqueKey(property, value));
    return id === undefined ? null : this.find(type, id);
  }

  create(type: ObjectTypeName, values: PropertyValues, source: ChangeSource): CrmRecord {
    this.#lastId += 1 + Math.floor(this.#with.random() * 50);
    const id = String(this.#lastId);
    const at = this.#with.now();
    const record: CrmRecord = {
      id,
      type,
      createdAt: at,
      updatedAt: at,
      archivedAt: null,
      values: { [objectTypes[type].createdProperty]: this.#iso(at), hs_object_id: id },
      writes: [],
    };
    let records = this.#records.get(type);
    if (records === undefined) this.#records.set(type, (records = new Map<string, CrmRecord>()));
    records.set(id, record);
    this.#write(record, { ...values, ...this.#calculated(record, values, { before: null, at }) }, { source, at });
    return record;
  }

  /** @returns all values the write set, the derived ones included: an update's answer shows just these (recorded). */
  update(record: CrmRecord, values: PropertyValues, source: ChangeSource): PropertyValues {
    const at = this.#with.now();
    const all = { ...values, ...this.#calculated(record, values, { before: record.values, at }) };
    this.#write(record, all, { source, at });
    return all;
  }

  /** The live record an id means now: its own, or the one it was merged into. */
  liveOrMerged(type: ObjectTypeName, id: string): CrmRecord | null {
    const mergedInto = this.#merged.get(`${type} ${id}`);
    return this.live(type, mergedInto ?? id);
  }

  /** Archives `lost` and lets its id, and every id that was merged into it, stand for `kept`. */
  merge(kept: CrmRecord, lost: CrmRecord, source: ChangeSource): void {
    this.archive(lost);
    const ids = [lost.id, ...(lost.values[mergedIds]?.split(';') ?? [])].filter((id) => id !== '');
    for (const id of ids) this.#merged.set(`${kept.type} ${id}`, kept.id);
    const all = [...(kept.values[mergedIds]?.split(';') ?? []), ...ids].filter((id) => id !== '');
    this.update(kept, { [mergedIds]: all.join(';') }, source);
  }

  /** Everything there is, as it can be kept in a file. */
  stored(): StoredRecords {
    const records = [...this.#records.values()].flatMap((some) => [...some.values()]);
    return { lastId: this.#lastId, records: structuredClone(records), merged: [...this.#merged] };
  }

  /** These records and no others, with the ids they had. */
  restore({ lastId, records, merged }: StoredRecords): void {
    this.reset();
    this.#lastId = lastId;
    for (const [from, to] of merged) this.#merged.set(from, to);
    for (const record of structuredClone(records)) {
      let some = this.#records.get(record.type);
      if (some === undefined) this.#records.set(record.type, (some = new Map<string, CrmRecord>()));
      some.set(record.id, record);
      if (record.archivedAt === null) this.#rememberUnique(record, this.#with.registry.uniqueNames(record.type));
      this.#with.changed(record);
    }
  }

  archive(record: CrmRecord): void {
    record.archivedAt = this.#with.now();
    record.updatedAt = record.archivedAt;
    this.#forgetUnique(record, record.values);
    this.#with.changed(record);
  }

  /** Makes the index of a property that has just become unique, or of one whose name came back. */
  reindex(type: ObjectTypeName, property: string): void {
    this.#unique.delete(`${type} ${property}`);
    for (const record of this.all(type)) {
      if (record.archivedAt === null) this.#rememberUnique(record, [property]);
    }
  }

  #calculated(
    { type, id }: CrmRecord,
    values: PropertyValues,
    { before, at }: { readonly before: PropertyValues | null; readonly at: number },
  ): PropertyValues {
    const keepsCloseDate = this.#with.keepsCloseDate();
    return calculatedValues({ type, id, values, before, at: this.#iso(at), keepsCloseDate });
  }

  #write(
    record: CrmRecord,
    changes: PropertyValues,
    { source, at }: { readonly source: ChangeSource; readonly at: number },
  ): void {
    const timestamp = this.#iso(at);
    this.#forgetUnique(record, changes);
    record.updatedAt = at;
    record.values = { ...record.values, ...changes, [objectTypes[record.type].modifiedProperty]: timestamp };
    record.writes.push({ timestamp, values: changes, source });
    this.#rememberUnique(record, this.#with.registry.uniqueNames(record.type));
    this.#with.changed(record);
  }

  /** A batch writes a hundred records in one millisecond: its stamp is made once. */
  #iso(at: number): string {
    if (at !== this.#stamp.at) this.#stamp = { at, text: new Date(at).toISOString() };
    return this.#stamp.text;
  }

  #forgetUnique(record: CrmRecord, changed: PropertyValues): void {
    for (const name of this.#with.registry.uniqueNames(record.type)) {
      const value = record.values[name];
      if (value === undefined || value === '' || changed[name] === undefined) continue;
      this.#unique.get(`${record.type} ${name}`)?.delete(uniqueKey(name, value));
    }
  }

  #rememberUnique(record: CrmRecord, names: readonly string[]): void {
    for (const name of names) {
      const value = record.values[name];
      if (value === undefined || value === '') continue;
      const key = `${record.type} ${name}`;
      let index = this.#unique.get(key);
      if (index === undefined) this.#unique.set(key, (index = new Map<string, string>()));
      index.set(uniqueKey(name, value), record.id);
    }
  }
}

/** How two values of a unique property are told apart: e-mails without regard to case, all others exactly. */
export function uniqueKey(property: string, value: string): string {
  return property === 'email' ? value.toLowerCase() : value;
}

/** The versions of one property, newest first; setting a value again to what it was makes no version. */
export function historyOf(record: CrmRecord, name: string): readonly PropertyVersion[] {
  const versions: PropertyVersion[] = [];
  for (const { timestamp, values, source } of record.writes) {
    const value = values[name];
    if (value !== undefined && value !== versions[0]?.value) versions.unshift({ value, timestamp, ...source });
  }
  return versions;
}
