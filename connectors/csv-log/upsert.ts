import type { FieldValues, RecordRef, WriteResult } from '../../src/domain/crm.ts';
import { FIELDS, type CsvObject } from './columns.ts';
import { failure } from './file-failure.ts';
import type { CsvRecord, RecordFile } from './record-file.ts';

/** A write by key, or to the record that is named. */
export interface CsvWrite {
  readonly key: string;
  readonly ref?: RecordRef | undefined;
  readonly fields: FieldValues;
}

/** What new rows are made with. */
export interface Stamp {
  readonly newId: () => string;
  readonly now: () => Date;
}

/**
 * Appends one row per write, all of them at once: the whole record, what it held and what is written now. A write that
 * changes nothing appends nothing.
 */
export async function upsertRecords(
  file: RecordFile,
  object: CsvObject,
  writes: readonly CsvWrite[],
  stamp: Stamp,
): Promise<readonly WriteResult[]> {
  await file.refresh();
  const rows: CsvRecord[] = [];
  const results = writes.map((write): WriteResult => {
    const unknown = Object.keys(write.fields).find((name) => !FIELDS[object].includes(name));
    if (unknown !== undefined) return refused('fix_mapping', 'csv-log.unknown_column', unknown);
    const before = write.ref === undefined ? file.byKey(write.key) : file.byId(write.ref.id);
    if (before === undefined && write.ref !== undefined) return refused('resolve', 'csv-log.record_gone');
    const after = merged(before, write, stamp);
    if (before === undefined || !isSame(before.fields, after.fields)) rows.push(after);
    return { kind: 'written', ref: { object, id: after.id }, created: before === undefined };
  });
  if (rows.length > 0) await file.append(rows);
  return results;
}

function merged(before: CsvRecord | undefined, write: CsvWrite, stamp: Stamp): CsvRecord {
  return {
    id: before?.id ?? stamp.newId(),
    key: before?.key ?? write.key,
    state: 'live',
    modifiedAt: stamp.now().toISOString(),
    fields: { ...before?.fields, ...write.fields },
  };
}

function isSame(a: FieldValues, b: FieldValues): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => (a[name] ?? '') === (b[name] ?? ''));
}

function refused(disposition: 'fix_mapping' | 'resolve', code: string, field?: string): WriteResult {
  return { kind: 'refused', failure: failure(disposition, code, field) };
}
