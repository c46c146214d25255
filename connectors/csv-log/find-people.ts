import type { Candidate, FieldValues, PersonQuery } from '../../src/domain/crm.ts';
import { parseNumber } from '../../src/domain/phone.ts';
import type { CsvRecord, RecordFile } from './record-file.ts';

/** Finds people by number or address. */
export type FindPeople = (query: PersonQuery, fields: readonly string[]) => readonly Candidate[];

/** Numbers and addresses are read once and remembered until the file changes. */
export function createFindPeople(people: RecordFile, defaultCountry: string): FindPeople {
  let index: ReadonlyMap<string, readonly CsvRecord[]> = new Map();
  let indexed: number | undefined;

  return ({ key, phone, email }, fields) => {
    if (indexed !== people.version) index = indexOf(people.live(), defaultCountry);
    indexed = people.version;
    const byPhone = phone === undefined ? [] : (index.get(phoneEntry(phone.e164)) ?? []);
    const byEmail = email === undefined ? [] : (index.get(emailEntry(email)) ?? []);
    return [
      ...byPhone.map((record) => candidate(record, 'phone', key, fields)),
      ...byEmail.filter((record) => !byPhone.includes(record)).map((record) => candidate(record, 'email', key, fields)),
    ];
  };
}

function indexOf(records: Iterable<CsvRecord>, defaultCountry: string): ReadonlyMap<string, readonly CsvRecord[]> {
  const index = new Map<string, CsvRecord[]>();
  const add = (entry: string, record: CsvRecord) => {
    const there = index.get(entry);
    if (there === undefined) index.set(entry, [record]);
    else there.push(record);
  };
  for (const record of records) {
    const number = parseNumber(record.fields.phone, defaultCountry);
    if (number.kind === 'number') add(phoneEntry(number.e164), record);
    if (record.fields.email !== undefined) add(emailEntry(record.fields.email), record);
  }
  return index;
}

function phoneEntry(e164: string): string {
  return `tel:${e164}`;
}

function emailEntry(email: string): string {
  return `mailto:${email.trim().toLowerCase()}`;
}

function candidate(record: CsvRecord, matchedBy: string, key: string, fields: readonly string[]): Candidate {
  return {
    ref: { object: 'people', id: record.id },
    matchedBy,
    rank: 0,
    holdsKey: record.key === key,
    fields: only(record.fields, fields),
    modifiedAt: record.modifiedAt,
  };
}

/** The fields that were asked for and are there. */
export function only(values: FieldValues, fields: readonly string[]): FieldValues {
  return Object.fromEntries(Object.entries(values).filter(([name]) => fields.includes(name)));
}
