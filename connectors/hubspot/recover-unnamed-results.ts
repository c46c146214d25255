import type { HubSpotRecord } from './answers.ts';
import type { ApiSession } from './api.ts';
import { batchRead } from './batch-read.ts';
import type { TracedWrite } from './batch-write.ts';
import type { WriteMatch } from './match-write-answer.ts';
import type { KeyProperty } from './properties.ts';

/**
 * For answers that hold a record but not its unique property: which write it belongs to.
 *
 * HubSpot does not promise which properties a write answers with. A single one is clear by elimination; several are
 * read back by key, in one call.
 */
export async function recoverUnnamedResults(
  session: ApiSession,
  key: KeyProperty,
  match: WriteMatch,
): Promise<ReadonlyMap<TracedWrite, HubSpotRecord>> {
  const { unanswered, unnamed } = match;
  const [write] = unanswered;
  const [record] = unnamed;
  if (write === undefined || record === undefined) return new Map();
  if (unanswered.length === 1 && unnamed.length === 1) return new Map([[write, record]]);
  // An update names its records, and what was created without a key cannot be asked for by it.
  if (write.by === 'id' || !(key.name in write.properties)) return new Map();

  const ids = unanswered.map(({ id }) => id);
  const reading = await batchRead(session, { object: key.object, idProperty: key.name, ids, properties: [key.name] });
  const keyOf = new Map(reading.records.map((each) => [each.id, each.properties[key.name]]));
  const recovered = new Map<TracedWrite, HubSpotRecord>();
  for (const each of unnamed) {
    const owner = unanswered.find(({ id }) => id === keyOf.get(each.id));
    if (owner !== undefined) recovered.set(owner, each);
  }
  return recovered;
}
