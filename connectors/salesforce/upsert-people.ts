import type { PersonWrite, WriteResult } from '../../src/domain/crm.ts';
import type { ApiSession } from './api.ts';
import { failure } from './classify.ts';
import { failureCode } from './codes.ts';
import { writeCollection, type Collection, type Payload } from './collections.ts';
import { ESSENTIAL, PERSON_OBJECTS, type PersonObject } from './fields.ts';
import { fitFields, type Operation } from './fit-fields.ts';
import { notAccessible, type ObjectSchema, type Schema } from './schema.ts';
import { storedKey } from './stored-key.ts';

/**
 * Known people are updated by id, which puts our key on them; others are found or created by that key. In an org without
 * the key field they are created: the look-up a moment before found nobody, and it reads what was written last.
 */
export async function upsertPeople(
  session: ApiSession,
  schema: Schema,
  writes: readonly PersonWrite[],
  createAs: PersonObject,
): Promise<readonly WriteResult[]> {
  const results = new Map<PersonWrite, WriteResult>();
  const prepared = writes.flatMap((write) => {
    const outcome = prepare(schema, write, createAs);
    if (outcome.kind === 'ready') return [outcome];
    results.set(write, outcome);
    return [];
  });
  // Sorted by kind: Salesforce works through rows of one kind at a time, and a call of updates may hold several.
  for (const [, group] of Map.groupBy(prepared.toSorted(byObject), ({ collection }) => collection.kind)) {
    const [first] = group;
    if (first === undefined) continue;
    const outcomes = await writeCollection(
      session,
      first.collection,
      group.map(({ payload }) => payload),
    );
    group.forEach(({ write, object }, index) => {
      const outcome = outcomes[index];
      if (outcome?.kind === 'refused') results.set(write, outcome);
      if (outcome?.kind === 'done') {
        results.set(write, { kind: 'written', ref: { object, id: outcome.id }, created: outcome.created });
      }
    });
  }
  return writes.map((write) => results.get(write) ?? refusedUnknownObject());
}

interface Ready {
  readonly kind: 'ready';
  readonly write: PersonWrite;
  readonly object: PersonObject;
  readonly collection: Collection;
  readonly payload: Payload;
}

function prepare(
  schema: Schema,
  write: PersonWrite,
  createAs: PersonObject,
): Ready | Extract<WriteResult, { kind: 'refused' }> {
  const object = write.ref === undefined ? createAs : PERSON_OBJECTS.find((name) => name === write.ref?.object);
  if (object === undefined) return refusedUnknownObject();
  const described = schema.people[object];
  if (described === undefined) return { kind: 'refused', failure: notAccessible(object) };
  const collection = collectionFor(write, object, described);
  const fit = fitFields(described, write.fields, collection.kind, ESSENTIAL[object]);
  if (fit.kind === 'unfit') return { kind: 'refused', failure: fit.failure };
  const payload = {
    attributes: { type: object },
    ...(write.ref === undefined ? {} : { Id: write.ref.id }),
    ...fit.values,
    ...keyOf(described, write),
  };
  return { kind: 'ready', write, object, collection, payload };
}

function collectionFor(
  write: PersonWrite,
  object: PersonObject,
  { keyField }: ObjectSchema,
): Collection & { kind: Operation } {
  if (write.ref !== undefined) return { kind: 'update' };
  return keyField === undefined ? { kind: 'create' } : { kind: 'upsert', object, key: keyField.name };
}

function keyOf({ keyField }: ObjectSchema, { key }: PersonWrite): Payload {
  return keyField === undefined ? {} : { [keyField.name]: storedKey(key, keyField.length) };
}

function byObject(a: Ready, b: Ready): number {
  return a.object.localeCompare(b.object);
}

function refusedUnknownObject(): Extract<WriteResult, { kind: 'refused' }> {
  return { kind: 'refused', failure: failure('bug', failureCode('NOT_A_PERSON')) };
}
