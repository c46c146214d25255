import type { CrmFailure, PersonQuery, PersonSearch } from '../../src/domain/crm.ts';
import { normaliseEmail } from '../../src/domain/caller.ts';
import type { HubSpotRecord } from './answers.ts';
import type { ApiSession } from './api.ts';
import { batchRead, type BatchReading } from './batch-read.ts';
import { fitsSearch, numberSearches } from './search-bodies.ts';
import { searchContacts } from './search-contacts.ts';
import {
  indexCandidates,
  propertiesOfNumberSearch,
  propertiesToVerify,
  type CandidateIndex,
  type Judgement,
} from './verify-candidates.ts';
import { writtenForms, type WrittenForms } from './written-forms.ts';

/** What has been found so far: records of any query (of one id, the last was read last), and per query why it could not be checked. */
interface Findings {
  readonly records: readonly HubSpotRecord[];
  readonly failures: ReadonlyMap<PersonQuery, CrmFailure>;
}

/**
 * Finds people by number (search) and address (read, which does not lag). The search index lags: a contact that was
 * created a moment ago is in none of its answers, and is met again by its key when it is about to be created.
 */
export async function lookUpPeople(
  session: ApiSession,
  queries: readonly PersonQuery[],
  judgement: Judgement,
): Promise<readonly PersonSearch[]> {
  const properties = [...new Set([...propertiesToVerify(judgement.phoneFields), ...judgement.fields])];
  const found = merge(
    await Promise.all([byNumber(session, queries, judgement, properties), byEmail(session, queries, properties)]),
  );
  const index = indexCandidates(found.records, judgement);
  return queries.map((query) => toSearch(query, index, found.failures));
}

async function byNumber(
  session: ApiSession,
  queries: readonly PersonQuery[],
  judgement: Judgement,
  properties: readonly string[],
): Promise<Findings> {
  const numbers = formsByNumber(queries);
  const least = propertiesOfNumberSearch(judgement.phoneFields);
  const most = [...new Set([...least, ...judgement.fields])];
  const whole = fitsSearch(most);
  const asked = whole ? most : least;
  const searches = numberSearches([...numbers.values()], judgement.phoneFields, asked);
  const { hits, unasked } = await searchContacts(session, searches);
  const failures = new Map<PersonQuery, CrmFailure>();
  for (const query of queries) {
    const forms = query.phone === undefined ? undefined : numbers.get(query.phone.e164);
    const failure = forms === undefined ? undefined : unasked.get(forms);
    if (failure !== undefined) failures.set(query, failure);
  }
  const findings = { records: hits, failures };
  return whole ? findings : readWhole(session, queries, findings, judgement, properties);
}

/** For callers who want more fields than a search may name: the matches are read again, with all of them. */
async function readWhole(
  session: ApiSession,
  queries: readonly PersonQuery[],
  found: Findings,
  judgement: Judgement,
  properties: readonly string[],
): Promise<Findings> {
  const index = indexCandidates(found.records, judgement);
  const matches = new Map(queries.map((query) => [query, index.candidatesFor(query).map(({ ref }) => ref.id)]));
  const ids = [...new Set([...matches.values()].flat())];
  const reading = await batchRead(session, { object: 'contacts', ids, properties });
  const failures = new Map(found.failures);
  for (const [query, matched] of matches) {
    const failure = matched.map((id) => reading.unread.get(id)).find((each) => each !== undefined);
    if (failure !== undefined) failures.set(query, failure);
  }
  return { records: reading.records, failures };
}

async function byEmail(
  session: ApiSession,
  queries: readonly PersonQuery[],
  properties: readonly string[],
): Promise<Findings> {
  const addressOf = (query: PersonQuery) => normaliseEmail(query.email);
  const reading = await readBy(session, 'email', queries.map(addressOf), properties);
  return findingsOf(reading, queries, addressOf);
}

function readBy(
  session: ApiSession,
  idProperty: string,
  values: readonly (string | undefined)[],
  properties: readonly string[],
): Promise<BatchReading> {
  const ids = [...new Set(values.filter((value) => value !== undefined))];
  return batchRead(session, { object: 'contacts', idProperty, ids, properties });
}

function findingsOf(
  reading: BatchReading,
  queries: readonly PersonQuery[],
  idOf: (query: PersonQuery) => string | undefined,
): Findings {
  const failures = new Map<PersonQuery, CrmFailure>();
  for (const query of queries) {
    const id = idOf(query);
    const failure = id === undefined ? undefined : reading.unread.get(id);
    if (failure !== undefined) failures.set(query, failure);
  }
  return { records: reading.records, failures };
}

function merge(parts: readonly Findings[]): Findings {
  return {
    records: parts.flatMap((part) => part.records),
    failures: new Map(parts.flatMap((part) => [...part.failures])),
  };
}

function toSearch(
  query: PersonQuery,
  index: CandidateIndex,
  failures: ReadonlyMap<PersonQuery, CrmFailure>,
): PersonSearch {
  const failure = failures.get(query);
  return failure === undefined
    ? { kind: 'checked', candidates: index.candidatesFor(query) }
    : { kind: 'could_not_check', failure };
}

function formsByNumber(queries: readonly PersonQuery[]): ReadonlyMap<string, WrittenForms> {
  const forms = new Map<string, WrittenForms>();
  for (const { phone } of queries) {
    if (phone !== undefined && !forms.has(phone.e164)) forms.set(phone.e164, writtenForms(phone));
  }
  return forms;
}
