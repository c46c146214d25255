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
 * Finds or creates people by key, which an upsert cannot do without overwriting what it finds.
 *
 * Whoever is looked for is usually new: they are created at once. Only when HubSpot refuses the batch because somebody
 * is there already (or holds an address of one of them) is it asked who, in one read. Whoever is there stays as they
 * are: what is to be changed on them was planned without having seen them.
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
    await create(await withoutRecord(session, conflicting, results), [400, 404, 409]);
  }
  return people.map((person) => results.get(person) ?? refusedForNow());
}

/** Said of people who were not there when the plan was made, and are. */
const MET = 'the contact was there already and was left as it is';

/** Who of them has no record with the key; those who have one are found, and of whom neither can be said, the reason is. */
async function withoutRecord(
  session: ApiSession,
  people: readonly KeyedPerson[],
  results: Map<KeyedPerson, WriteResult>,
): Promise<readonly KeyedPerson[]> {
  const ids = people.map(({ key }) => key);
  const reading = await batchRead(session, { object: 'contacts', idProperty: KEY.name, ids, properties: [KEY.name] });
  const holders = new Map(reading.records.map(({ id, properties }) => [properties[KEY.name], id]));
  const absent: KeyedPerson[] = [];
  for (const person of people) {
    const failure = reading.unread.get(person.key);
    const id = holders.get(person.key);
    if (failure !== undefined) {
      results.set(person, { kind: 'refused', failure: await explainRefusal(session, KEY, failure) });
    } else if (id === undefined) absent.push(person);
    else results.set(person, { kind: 'written', ref: { object: KEY.object, id }, created: false, warnings: [MET] });
  }
  return absent;
}

function isConflict(result: WriteResult | undefined): boolean {
  return result?.kind === 'refused' && result.failure.status === 409;
}

function refusedForNow(): WriteResult {
  return { kind: 'refused', failure: noResult() };
}
