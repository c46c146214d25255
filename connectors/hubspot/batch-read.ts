import type { CrmFailure } from '../../src/domain/crm.ts';
import { batchAnswerSchema, contextTexts, type BatchAnswer, type HubSpotRecord } from './answers.ts';
import type { ApiSession } from './api.ts';
import { isolateBadInputs } from './isolate.ts';
import { relatedObject, type RelatedObject, type WrittenObject } from './properties.ts';
import { slices } from '../transport/slices.ts';

/** HubSpot's limit on the inputs of an object batch. */
export const BATCH_SIZE = 100;

export interface BatchRead {
  readonly object: WrittenObject | RelatedObject;
  /** Record ids, or values of `idProperty`; each at most once. */
  readonly ids: readonly string[];
  readonly idProperty?: string;
  readonly properties: readonly string[];
}

/** What was found, and the ids of which nothing can be said. An id in neither does not exist. */
export interface BatchReading {
  readonly records: readonly HubSpotRecord[];
  readonly unread: ReadonlyMap<string, CrmFailure>;
}

/**
 * Reads by id or unique value, past any search index.
 *
 * Only a row that says so makes an id absent: a refused call says nothing about its ids.
 */
export async function batchRead(session: ApiSession, read: BatchRead): Promise<BatchReading> {
  const records = new Map<string, HubSpotRecord>();

  async function readChunk(ids: readonly string[]): Promise<readonly (CrmFailure | undefined)[]> {
    return isolateBadInputs<string, CrmFailure | undefined>(ids, {
      // An address may be one that HubSpot takes for none; ids and keys are its own or ours.
      statuses: read.idProperty === 'email' ? [400] : [],
      attempt: async (some) => {
        const result = await request(session, { ...read, ids: some });
        if (result.kind === 'failed') return { kind: 'refused', failure: result.failure };
        for (const record of result.body.results) records.set(record.id, record);
        return { kind: 'answered', results: some.map((id) => rowFailure(session, result.body, id)) };
      },
      refuse: (failure) => failure,
    });
  }

  const failures = (await Promise.all(slices(read.ids, BATCH_SIZE).map(readChunk))).flat();
  const unread = new Map<string, CrmFailure>();
  read.ids.forEach((id, index) => {
    const failure = failures[index];
    if (failure !== undefined) unread.set(id, failure);
  });
  return { records: [...records.values()], unread };
}

function request(session: ApiSession, read: BatchRead) {
  return session.send<BatchAnswer>({
    endpoint: 'batch-read',
    method: 'POST',
    family: 'objects',
    path: [read.object, 'batch', 'read'],
    body: {
      properties: read.properties,
      propertiesWithHistory: [],
      inputs: read.ids.map((id) => ({ id })),
      ...(read.idProperty === undefined ? {} : { idProperty: read.idProperty }),
    },
    answer: batchAnswerSchema,
    optionalPart: relatedObject(read.object),
  });
}

/** A row of another kind than "not found" leaves the ids it names unread, or all of the batch when it names none. */
function rowFailure(session: ApiSession, answer: BatchAnswer, id: string): CrmFailure | undefined {
  const row = answer.errors.find((each) => {
    if (each.category === 'OBJECT_NOT_FOUND') return false;
    const named = [...contextTexts(each, 'ids'), ...contextTexts(each, 'id')];
    return named.length === 0 || named.includes(id);
  });
  return row === undefined ? undefined : session.classifyRow(row, 'batch-read');
}
