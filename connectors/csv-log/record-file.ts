import { join } from 'node:path';
import type { FieldValues } from '../../src/domain/crm.ts';
import { FIELDS, RECORD_COLUMNS, type CsvObject } from './columns.ts';
import { createCsvFile } from './csv-file.ts';

/** A record as its last row says. */
export interface CsvRecord {
  readonly id: string;
  readonly key: string;
  readonly state: 'live' | 'removed';
  /** ISO 8601 UTC. */
  readonly modifiedAt: string;
  /** Empty fields are absent. */
  readonly fields: FieldValues;
}

/** The records of one kind: a file of which every row is a whole record, and the last row of an id is in force. */
export interface RecordFile {
  /** Takes in what other hands have written; to be called before a look at the records. */
  refresh(): Promise<void>;
  /** Live ones only. */
  byId(id: string): CsvRecord | undefined;
  byKey(key: string): CsvRecord | undefined;
  live(): Iterable<CsvRecord>;
  /** Rises whenever records have changed. */
  readonly version: number;
  append(records: readonly CsvRecord[]): Promise<void>;
}

export function createRecordFile(folder: string, object: CsvObject): RecordFile {
  const fieldNames = FIELDS[object];
  const file = createCsvFile(join(folder, `${object}.csv`), [...RECORD_COLUMNS, ...fieldNames]);
  const live = new Map<string, CsvRecord>();
  const idByKey = new Map<string, string>();
  let version = 0;

  function take(record: CsvRecord): void {
    version += 1;
    if (record.state === 'live') {
      live.set(record.id, record);
      idByKey.set(record.key, record.id);
      return;
    }
    live.delete(record.id);
    if (idByKey.get(record.key) === record.id) idByKey.delete(record.key);
  }

  return {
    refresh: async () => {
      const rows = await file.readIfChanged();
      if (rows === undefined) return;
      live.clear();
      idByKey.clear();
      for (const row of rows) take(readRecord(row, fieldNames));
    },
    byId: (id) => live.get(id),
    byKey: (key) => live.get(idByKey.get(key) ?? ''),
    live: () => live.values(),
    get version() {
      return version;
    },
    append: async (records) => {
      await file.append(records.map((record) => writeRecord(record, fieldNames)));
      records.forEach(take);
    },
  };
}

function readRecord(row: readonly string[], fieldNames: readonly string[]): CsvRecord {
  const [id = '', key = '', state = '', modifiedAt = '', ...cells] = row;
  const values = fieldNames.map((name, index) => [name, cells[index] ?? ''] as const);
  return {
    id,
    key,
    state: state === 'removed' ? 'removed' : 'live',
    modifiedAt,
    fields: Object.fromEntries(values.filter(([, value]) => value !== '')),
  };
}

function writeRecord(record: CsvRecord, fieldNames: readonly string[]): readonly string[] {
  return [
    record.id,
    record.key,
    record.state,
    record.modifiedAt,
    ...fieldNames.map((name) => record.fields[name] ?? ''),
  ];
}
