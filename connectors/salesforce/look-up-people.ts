import type { CrmFailure, PersonQuery, PersonSearch } from '../../src/domain/crm.ts';
import { textOf, type Row } from './answers.ts';
import type { AccountsOfPeople } from './accounts-of-people.ts';
import type { ApiSession } from './api.ts';
import { PERSON_KEY, type PersonObject } from './fields.ts';
import { indexCandidates, isConverted, type PersonRow } from './find-candidates.ts';
import { columnsToVerify, personFields, type PersonFields } from './person-fields.ts';
import {
  LONG_STATEMENT,
  patternQueries,
  personQueries,
  SHORT_STATEMENT,
  type PersonQueryText,
} from './person-queries.ts';
import { runQueries, type QueryResult } from './run-queries.ts';
import type { Schema } from './schema.ts';
import { FEW, searchUnfound } from './second-look.ts';
import { isIn, select } from './soql.ts';

/** How people are looked for and judged. */
export interface Judgement {
  readonly defaultCountry: string;
  /** Custom fields that hold numbers. */
  readonly phoneFields: readonly string[];
  /** First the kind of record that counts most. */
  readonly objectOrder: readonly PersonObject[];
  /** The fields the caller wants to see. */
  readonly fields: readonly string[];
  /** Told of every contact that is read, in an org with person accounts. */
  readonly accounts: AccountsOfPeople;
}

/**
 * Finds people by number, address and key with exact comparisons, which read what was written a moment ago; the search
 * index does not. One call for a hundred people. Numbers in unusual forms are looked for beyond that: for a few people in
 * the same call, for many in one search for all whom nobody was found for.
 */
export async function lookUpPeople(
  session: ApiSession,
  schema: Schema,
  queries: readonly PersonQuery[],
  judgement: Judgement,
): Promise<readonly PersonSearch[]> {
  const objects = judgement.objectOrder.flatMap((object) => {
    const described = schema.people[object];
    return described === undefined ? [] : [personFields(object, described, judgement.phoneFields, judgement.fields)];
  });
  const { people, failures } = await lookTwice(session, queries, objects, judgement.defaultCountry);
  for (const { row, fields } of people) if (fields.account.length > 0) judgement.accounts.note(row);
  const heirs = await readHeirs(session, people, objects);
  const index = indexCandidates(people, heirs.byKey, judgement.defaultCountry);
  return queries.map((query): PersonSearch => {
    const failure = failures.get(query) ?? heirs.failures.get(query.key);
    if (failure !== undefined) return { kind: 'could_not_check', failure };
    return { kind: 'checked', candidates: index.candidatesFor(query) };
  });
}

interface Findings {
  readonly people: readonly PersonRow[];
  readonly failures: ReadonlyMap<PersonQuery, CrmFailure>;
}

async function lookTwice(
  session: ApiSession,
  queries: readonly PersonQuery[],
  objects: readonly PersonFields[],
  defaultCountry: string,
): Promise<Findings> {
  const first = await ask(session, queries, objects);
  if (queries.length <= FEW) return first;
  const index = indexCandidates(first.people, new Map(), defaultCountry);
  const converted = new Set(
    first.people.flatMap(({ row }) => (isConverted(row) ? (textOf(row, PERSON_KEY) ?? []) : [])),
  );
  const unfound = queries.filter(
    (query) => !first.failures.has(query) && !converted.has(query.key) && index.candidatesFor(query).length === 0,
  );
  const second = await searchUnfound(session, unfound, objects);
  const known = new Set(first.people.map(({ row }) => row.Id));
  return {
    people: [...first.people, ...second.people.filter(({ row }) => !known.has(row.Id))],
    failures: new Map([...first.failures, ...second.failures]),
  };
}

async function ask(
  session: ApiSession,
  queries: readonly PersonQuery[],
  objects: readonly PersonFields[],
): Promise<Findings> {
  const unusual = queries.length <= FEW ? patternQueries(queries, objects) : [];
  const answered = await run(session, [...personQueries(queries, objects, LONG_STATEMENT), ...unusual]);
  if (!answered.some(({ result }) => isTooLong(result))) return toFindings(answered, objects);
  return toFindings(await run(session, personQueries(queries, objects, SHORT_STATEMENT)), objects);
}

interface Answered {
  readonly text: PersonQueryText;
  readonly result: QueryResult;
}

async function run(session: ApiSession, texts: readonly PersonQueryText[]): Promise<readonly Answered[]> {
  const results = await runQueries(session, texts);
  return texts.flatMap((text, index) => {
    const result = results[index];
    return result === undefined ? [] : [{ text, result }];
  });
}

function isTooLong(result: QueryResult): boolean {
  return result.kind === 'failed' && [413, 414, 431].includes(result.failure.status ?? 0);
}

function toFindings(answered: readonly Answered[], objects: readonly PersonFields[]): Findings {
  const people = new Map<string, PersonRow>();
  const failures = new Map<PersonQuery, CrmFailure>();
  for (const { text, result } of answered) {
    if (result.kind === 'failed') {
      if (!text.isSecondLook) for (const query of text.asksFor) failures.set(query, result.failure);
      continue;
    }
    const rank = objects.indexOf(text.fields);
    for (const row of result.rows) people.set(row.Id, { row, fields: text.fields, rank });
  }
  return { people: [...people.values()], failures };
}

interface Heirs {
  readonly byKey: ReadonlyMap<string, PersonRow>;
  /** By person key. */
  readonly failures: ReadonlyMap<string, CrmFailure>;
}

/** Who became of the converted leads that carry our key: contacts, which may have neither number nor key any more. */
async function readHeirs(
  session: ApiSession,
  people: readonly PersonRow[],
  objects: readonly PersonFields[],
): Promise<Heirs> {
  const contacts = objects.find(({ object }) => object === 'Contact');
  const converted = people.filter(({ row }) => isConverted(row)).map(({ row }) => row);
  const ids = converted.flatMap((row) => textOf(row, 'ConvertedContactId') ?? []);
  const where = isIn('Id', ids);
  if (contacts === undefined || where === undefined) return { byKey: new Map(), failures: new Map() };
  const soql = select({ fields: columnsToVerify(contacts), from: 'Contact', where });
  const [result] = await runQueries(session, [{ soql }]);
  if (result?.kind !== 'rows') return { byKey: new Map(), failures: failuresByKey(converted, result?.failure) };
  const rank = objects.indexOf(contacts);
  const byId = new Map(result.rows.map((row) => [row.Id, { row, fields: contacts, rank }]));
  const byKey = new Map<string, PersonRow>();
  for (const lead of converted) {
    const key = textOf(lead, PERSON_KEY);
    const heir = byId.get(textOf(lead, 'ConvertedContactId') ?? '');
    if (key !== undefined && heir !== undefined) byKey.set(key, heir);
  }
  return { byKey, failures: new Map() };
}

function failuresByKey(converted: readonly Row[], failure: CrmFailure | undefined): ReadonlyMap<string, CrmFailure> {
  const keys = converted.flatMap((row) => textOf(row, PERSON_KEY) ?? []);
  return new Map(failure === undefined ? [] : keys.map((key) => [key, failure]));
}
