import type { FieldValues, WriteResult } from '../../src/domain/crm.ts';
import type { ApiSession } from './api.ts';
import { batchRead } from './batch-read.ts';
import { noResult, writeRecords } from './batch-write.ts';
import { explainRefusal } from './key-property.ts';
import { KEY_PROPERTIES } from './properties.ts';

const KEY = KEY_PROPERTIES.contacts;

/** A person by key; the properties carry the key. */
export interface KeyedPerson {
  readonly key: string;
  readonly properties: FieldValues;
}

/**
 * Finds or creates people by key where some properties are for new records only, which an upsert cannot say.
 *
 * Whoever is looked for is usually new: they are created at once. Only when HubSpot refuses the batch because somebody
 * is there already (or holds an address of one of them) is it asked who, in one read.
 *
 * @param onlyNew set on those who are created, and on nobody else
 */
export async function createPeople(
  session: ApiSession,
  people: readonly KeyedPerson[],
  onlyNew: FieldValues,
): Promise<readonly WriteResult[]> {
  const results = new Map<KeyedPerson, WriteResult>();
  const create = async (some: readonly KeyedPerson[], statuses: readonly number[]): Promise<void> => {
    const writes = some.map(({ key, properties }) => ({
      by: 'create' as const,
      id: key,
      properties: { ...properties, ...onlyNew },
    }));
    const created = await writeRecords(session, KEY, writes, statuses);
    some.forEach((person, index) => results.set(person, created[index] ?? refusedForNow()));
  };

  // 409 is left out: it says that somebody is there, and halving to find whom would cost more than asking.
  await create(people, [400, 404]);
  const conflicting = people.filter((person) => isConflict(results.get(person)));
  if (conflicting.length > 0) {
    const { present, absent } = await tellApart(session, conflicting, results);
    await create(absent, [400, 404, 409]);
    const updates = present.map(({ key, properties }) => ({ by: 'key' as const, id: key, properties }));
    const updated = await writeRecords(session, KEY, updates);
    present.forEach((person, index) => results.set(person, updated[index] ?? refusedForNow()));
  }
  return people.map((person) => results.get(person) ?? refusedForNow());
}

/** Who of them has a record with the key; of whom that cannot be said, the reason becomes the result. */
async function tellApart(
  session: ApiSession,
  people: readonly KeyedPerson[],
  results: Map<KeyedPerson, WriteResult>,
): Promise<{ readonly present: readonly KeyedPerson[]; readonly absent: readonly KeyedPerson[] }> {
  const ids = people.map(({ key }) => key);
  const reading = await batchRead(session, { object: 'contacts', idProperty: KEY.name, ids, properties: [KEY.name] });
  const held = new Set(reading.records.map(({ properties }) => properties[KEY.name]));
  const readable: KeyedPerson[] = [];
  for (const person of people) {
    const failure = reading.unread.get(person.key);
    if (failure === undefined) readable.push(person);
    else results.set(person, { kind: 'refused', failure: await explainRefusal(session, KEY, failure) });
  }
  return {
    present: readable.filter(({ key }) => held.has(key)),
    absent: readable.filter(({ key }) => !held.has(key)),
  };
}

function isConflict(result: WriteResult | undefined): boolean {
  return result?.kind === 'refused' && result.failure.status === 409;
}

function refusedForNow(): WriteResult {
  return { kind: 'refused', failure: noResult() };
}
