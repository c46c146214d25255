import type { ActivityWrite, FieldValues, TaskWrite, WriteResult } from '../../src/domain/crm.ts';
import type { AccountShape, WrittenMemory } from './account-shape.ts';
import type { ApiSession } from './api.ts';
import { writeRecords } from './batch-write.ts';
import { ACTIVITY_OBJECT, KEY_PROPERTIES, type WrittenObject } from './properties.ts';
import { CALL_EXTERNAL_ID, searchCalls } from './search-calls.ts';
import { writeWithoutKey, type UnkeyedWriting } from './write-without-key.ts';

/** What writing activities and tasks goes by. */
export interface TimelineWriting {
  readonly shape: AccountShape;
  readonly written: WrittenMemory;
}

interface KeyedFields {
  readonly key: string;
  readonly fields: FieldValues;
}

/** Calls, messages and chats are different objects in HubSpot; their batches leave side by side. */
export async function upsertActivities(
  session: ApiSession,
  writes: readonly ActivityWrite[],
  writing: TimelineWriting,
): Promise<readonly WriteResult[]> {
  const byObject = Map.groupBy(writes, ({ kind }) => ACTIVITY_OBJECT[kind]);
  const written = await Promise.all(
    [...byObject].map(async ([object, group]) => {
      const results = await upsert(session, object, group, writing);
      return group.map((write, index) => [write, results[index]] as const);
    }),
  );
  const results = new Map(written.flat());
  return writes.flatMap((write) => results.get(write) ?? []);
}

export function upsertTasks(
  session: ApiSession,
  writes: readonly TaskWrite[],
  writing: TimelineWriting,
): Promise<readonly WriteResult[]> {
  return upsert(session, 'tasks', writes, writing);
}

function upsert(
  session: ApiSession,
  object: WrittenObject,
  writes: readonly KeyedFields[],
  { shape, written }: TimelineWriting,
): Promise<readonly WriteResult[]> {
  if (!shape.unkeyed.has(object)) return upsertByKey(session, object, writes);
  if (object !== 'calls') return writeWithoutKey(session, object, writes, { written, lookFor: nothingToLookFor });
  const calls = writes.map(({ key, fields }) => ({ key, fields: { [CALL_EXTERNAL_ID]: key, ...fields } }));
  return writeWithoutKey(session, object, calls, {
    written,
    lookFor: (unseen) =>
      searchCalls(
        session,
        unseen.map(({ fields }) => fields[CALL_EXTERNAL_ID]),
      ),
  });
}

function upsertByKey(
  session: ApiSession,
  object: WrittenObject,
  writes: readonly KeyedFields[],
): Promise<readonly WriteResult[]> {
  const key = KEY_PROPERTIES[object];
  return writeRecords(
    session,
    key,
    writes.map((write) => ({ by: 'key', id: write.key, properties: { ...write.fields, [key.name]: write.key } })),
  );
}

/** Communications, notes and tasks have no field for an integration's id, and a body is no identity. */
const nothingToLookFor: UnkeyedWriting<KeyedFields>['lookFor'] = (writes) =>
  Promise.resolve(writes.map(() => ({ kind: 'absent' })));
