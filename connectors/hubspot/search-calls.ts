import type { CrmFailure } from '../../src/domain/crm.ts';
import { searchAnswerSchema, type HubSpotRecord } from './answers.ts';
import type { ApiSession } from './api.ts';
import type { Sighting } from './write-without-key.ts';

/** HubSpot's own place for an integration's id of a call. Not unique, and not accepted as one. */
export const CALL_EXTERNAL_ID = 'hs_call_external_id';

/** What the ids of one search may take of the 3,000 characters of its body (HubSpot's search guide). */
const IDS_RESERVE = 2_400;
/** Hits a page holds at most (HubSpot's search guide). */
const PAGE_SIZE = 200;
/** Half of a page: room for calls that somebody else's retries have doubled. */
const IDS_PER_SEARCH = PAGE_SIZE / 2;

/**
 * Finds calls by their external id. The search index lags, so "absent" is true of calls some seconds old only.
 *
 * @returns one sighting per id, in their order
 */
export async function searchCalls(session: ApiSession, ids: readonly string[]): Promise<readonly Sighting[]> {
  const searches = await Promise.all(packIds(ids).map((some) => searchSome(session, some)));
  const sightings = new Map(searches.flatMap((found) => [...found]));
  return ids.map((id) => sightings.get(id) ?? { kind: 'absent' });
}

async function searchSome(session: ApiSession, ids: readonly string[]): Promise<ReadonlyMap<string, Sighting>> {
  // An IN filter on text wants lower case and ignores it (HubSpot's search guide): the hits are compared exactly below.
  const values = [...new Set(ids.map((id) => id.toLowerCase()))];
  const result = await session.send({
    endpoint: 'search',
    method: 'POST',
    family: 'objects',
    path: ['calls', 'search'],
    body: {
      filterGroups: [{ filters: [{ propertyName: CALL_EXTERNAL_ID, operator: 'IN', values }] }],
      properties: [CALL_EXTERNAL_ID],
      limit: PAGE_SIZE,
    },
    answer: searchAnswerSchema,
  });
  if (result.kind === 'failed') return new Map(ids.map((id) => [id, { kind: 'refused', failure: result.failure }]));
  const { results, paging } = result.body;
  // More hits than fit a page: a call that is not among them may be on the next one.
  const otherwise: Sighting =
    paging?.next === undefined ? { kind: 'absent' } : { kind: 'refused', failure: tooManyCalls() };
  return new Map(ids.map((id) => [id, oldestOf(results, id) ?? otherwise]));
}

/** Of several calls with one id, always the same one: the first that was made. */
function oldestOf(records: readonly HubSpotRecord[], externalId: string): Sighting | undefined {
  const [oldest] = records
    .filter((record) => record.archived !== true && record.properties[CALL_EXTERNAL_ID] === externalId)
    .map(({ id }) => id)
    .toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1));
  return oldest === undefined ? undefined : { kind: 'present', id: oldest };
}

function packIds(ids: readonly string[]): readonly (readonly string[])[] {
  const packs: string[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const id of ids) {
    const cost = JSON.stringify(id).length + 1;
    if (size + cost > IDS_RESERVE || packs.at(-1)?.length === IDS_PER_SEARCH) {
      packs.push([]);
      size = 0;
    }
    packs.at(-1)?.push(id);
    size += cost;
  }
  return packs;
}

function tooManyCalls(): CrmFailure {
  return {
    disposition: 'resolve',
    code: 'hubspot.TOO_MANY_MATCHES',
    status: undefined,
    retryAfterMs: undefined,
    field: CALL_EXTERNAL_ID,
    vendorText: undefined,
  };
}
