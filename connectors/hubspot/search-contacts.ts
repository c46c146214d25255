import type { CrmFailure } from '../../src/domain/crm.ts';
import { searchAnswerSchema, type HubSpotRecord, type SearchAnswer } from './answers.ts';
import type { ApiResult, ApiSession } from './api.ts';
import { splitSearch, type NumberSearch } from './search-bodies.ts';
import type { WrittenForms } from './written-forms.ts';

/** Pages of 200 that are followed before a search counts as overflowing. */
const MAX_PAGES = 5;

/** The hits of all searches together, and the numbers that were not asked to the end. */
export interface SearchOutcome {
  readonly hits: readonly HubSpotRecord[];
  readonly unasked: ReadonlyMap<WrittenForms, CrmFailure>;
}

/** Makes all the searches. One that fails says nothing about its numbers and takes nothing from the others. */
export async function searchContacts(session: ApiSession, searches: readonly NumberSearch[]): Promise<SearchOutcome> {
  const hits: HubSpotRecord[] = [];
  const unasked = new Map<WrittenForms, CrmFailure>();
  const outcomes = await Promise.all(searches.map((search) => searchWhole(session, search)));
  for (const outcome of outcomes) {
    hits.push(...outcome.hits);
    for (const [number, failure] of outcome.unasked) unasked.set(number, failure);
  }
  return { hits, unasked };
}

/** Follows the pages; with more hits than those hold, asks each half of the numbers by itself. */
async function searchWhole(session: ApiSession, search: NumberSearch): Promise<SearchOutcome> {
  const hits: HubSpotRecord[] = [];
  let after: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const result = await requestPage(session, search, after);
    if (result.kind === 'failed') return failed(search, result.failure);
    hits.push(...result.body.results);
    after = result.body.paging?.next?.after;
    if (after === undefined) return { hits, unasked: new Map() };
    if (page === 0 && result.body.total > MAX_PAGES * search.body.limit) break;
  }
  const halves = splitSearch(search);
  return halves === undefined ? failed(search, tooManyHits()) : searchContacts(session, halves);
}

function requestPage(
  session: ApiSession,
  search: NumberSearch,
  after: string | undefined,
): Promise<ApiResult<SearchAnswer>> {
  return session.send({
    endpoint: 'search',
    method: 'POST',
    family: 'objects',
    path: ['contacts', 'search'],
    body: after === undefined ? search.body : { ...search.body, after },
    answer: searchAnswerSchema,
  });
}

function failed(search: NumberSearch, failure: CrmFailure): SearchOutcome {
  return { hits: [], unasked: new Map(search.numbers.map((number) => [number, failure])) };
}

/** More than a thousand contacts with one number are a switchboard or a test value; a person has to say what to do. */
function tooManyHits(): CrmFailure {
  return {
    disposition: 'resolve',
    code: 'hubspot.TOO_MANY_MATCHES',
    status: undefined,
    retryAfterMs: undefined,
    field: undefined,
    vendorText: undefined,
  };
}
