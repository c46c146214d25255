import type { CrmFailure, PersonRead, RecordRef } from '../../src/domain/crm.ts';
import { recordSchema, type HubSpotRecord } from './answers.ts';
import type { ApiResult, ApiSession } from './api.ts';
import { batchRead } from './batch-read.ts';
import { presentFields } from './verify-candidates.ts';

/** Ids of the contacts that were merged into this one, separated by semicolons. */
const MERGED_IDS = 'hs_merged_object_ids';

/**
 * Reads contacts by id. One that was merged is answered by the contact it became.
 *
 * Of a merged id a batch read may say that there is no such contact, while a read of one record follows the merge (as
 * HubSpot's object guide says of updates): who is missing from the batch is asked for once more, alone.
 */
export async function readPeople(
  session: ApiSession,
  refs: readonly RecordRef[],
  fields: readonly string[],
): Promise<readonly PersonRead[]> {
  const ids = [...new Set(refs.map(({ id }) => id))];
  const properties = [...new Set([...fields, MERGED_IDS])];
  const { records, unread } = await batchRead(session, { object: 'contacts', ids, properties });
  const byId = indexById(records);
  const missing = ids.filter((id) => !byId.has(id) && !unread.has(id));
  const alone = new Map(
    await Promise.all(missing.map(async (id) => [id, await readAlone(session, id, properties)] as const)),
  );
  return refs.map(({ id }): PersonRead => {
    const reading = alone.get(id);
    const record = byId.get(id) ?? (reading?.kind === 'ok' ? reading.body : undefined);
    if (record !== undefined && record.archived !== true) {
      return { kind: 'present', ref: { object: 'contacts', id: record.id }, fields: presentFields(record, fields) };
    }
    const failure = unread.get(id) ?? (reading?.kind === 'failed' ? unlessGone(reading.failure) : undefined);
    return failure === undefined ? { kind: 'gone' } : { kind: 'could_not_check', failure };
  });
}

/** Under its own id and under the ids of all that were merged into it. */
function indexById(records: readonly HubSpotRecord[]): ReadonlyMap<string, HubSpotRecord> {
  const present = records.filter(({ archived }) => archived !== true);
  const merged = present.flatMap((record) =>
    (record.properties[MERGED_IDS]?.split(';') ?? []).map((id) => [id, record] as const),
  );
  return new Map([...merged, ...present.map((record) => [record.id, record] as const)]);
}

function readAlone(session: ApiSession, id: string, properties: readonly string[]): Promise<ApiResult<HubSpotRecord>> {
  return session.send({
    endpoint: 'read',
    method: 'GET',
    family: 'objects',
    path: ['contacts', id],
    query: { properties: properties.join(',') },
    answer: recordSchema,
  });
}

/** Only HubSpot's own "no such thing" makes somebody gone; an intermediary's 404 page is classified as a retry. */
function unlessGone(failure: CrmFailure): CrmFailure | undefined {
  return failure.status === 404 && failure.disposition === 'resolve' ? undefined : failure;
}
