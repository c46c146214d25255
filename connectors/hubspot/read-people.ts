import type { PersonRead, RecordRef } from '../../src/domain/crm.ts';
import type { HubSpotRecord } from './answers.ts';
import type { ApiSession } from './api.ts';
import { batchRead } from './batch-read.ts';
import { presentFields } from './verify-candidates.ts';

/** Ids of the contacts that were merged into this one, separated by semicolons. */
const MERGED_IDS = 'hs_merged_object_ids';

/** Reads contacts by id. One that was merged is answered by the contact it became, when HubSpot gives that one. */
export async function readPeople(
  session: ApiSession,
  refs: readonly RecordRef[],
  fields: readonly string[],
): Promise<readonly PersonRead[]> {
  const ids = [...new Set(refs.map(({ id }) => id))];
  const properties = [...new Set([...fields, MERGED_IDS])];
  const { records, unread } = await batchRead(session, { object: 'contacts', ids, properties });
  const byId = new Map<string, HubSpotRecord>();
  for (const record of records) {
    if (record.archived === true) continue;
    for (const merged of record.properties[MERGED_IDS]?.split(';') ?? []) byId.set(merged, record);
  }
  for (const record of records) if (record.archived !== true) byId.set(record.id, record);
  return refs.map(({ id }): PersonRead => {
    const record = byId.get(id);
    if (record !== undefined) {
      return { kind: 'present', ref: { object: 'contacts', id: record.id }, fields: presentFields(record, fields) };
    }
    const failure = unread.get(id);
    return failure === undefined ? { kind: 'gone' } : { kind: 'could_not_check', failure };
  });
}
