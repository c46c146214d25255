import type { RecordRead, RecordRef } from '../../src/domain/crm.ts';
import { readInParts } from '../transport/read-in-parts.ts';
import type { ApiSession } from './api.ts';
import { BATCH_SIZE, batchRead, type BatchReading } from './batch-read.ts';
import { WRITTEN_OBJECTS, type WrittenObject } from './properties.ts';
import { presentFields } from './verify-candidates.ts';

/** HubSpot's property guide: a property of type string holds at most this many characters. */
const TEXT_LENGTH = 65_536;

/** Reads activities and tasks by id, a batch per object side by side. Activities are never merged. */
export async function readRecords(
  session: ApiSession,
  refs: readonly RecordRef[],
  fields: readonly string[],
): Promise<readonly RecordRead[]> {
  const limits = Object.fromEntries(fields.map((field) => [field, TEXT_LENGTH]));
  const byObject = Map.groupBy(refs, ({ object }) => object);
  const reads = new Map<string, RecordRead>();
  await Promise.all(
    WRITTEN_OBJECTS.map(async (object) => {
      const ids = [...new Set(byObject.get(object)?.map(({ id }) => id))];
      for (const { records, unread } of await readObject(session, object, ids, fields)) {
        for (const [id, failure] of unread) reads.set(nameOf({ object, id }), { kind: 'could_not_check', failure });
        for (const record of records) {
          if (record.archived === true) continue;
          const ref = { object, id: record.id };
          reads.set(nameOf(ref), { kind: 'present', ref, fields: presentFields(record, fields), limits });
        }
      }
    }),
  );
  return refs.map((ref) => reads.get(nameOf(ref)) ?? { kind: 'gone' });
}

function readObject(
  session: ApiSession,
  object: WrittenObject,
  ids: readonly string[],
  properties: readonly string[],
): Promise<readonly BatchReading[]> {
  return readInParts(ids, {
    size: BATCH_SIZE,
    read: (part) => batchRead(session, { object, ids: part, properties }),
    isTooLarge: ({ unread }) => [...unread.values()].some(({ code }) => code === 'network.too_large'),
  });
}

function nameOf({ object, id }: RecordRef): string {
  return `${object}/${id}`;
}
