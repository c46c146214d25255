import type { ActivityWrite, PersonWrite, TaskWrite, WriteResult } from '../../src/domain/crm.ts';
import type { ApiSession } from './api.ts';
import { writeRecords, type RecordWrite } from './batch-write.ts';
import { ACTIVITY_OBJECT, KEY_PROPERTIES, type KeyProperty } from './properties.ts';

/** Known people are updated by id, which puts our key on them; others are found or created by that key. */
export function upsertPeople(session: ApiSession, writes: readonly PersonWrite[]): Promise<readonly WriteResult[]> {
  const key = KEY_PROPERTIES.contacts;
  return writeRecords(
    session,
    key,
    writes.map((write): RecordWrite => {
      const properties = { ...write.fields, [key.name]: write.key };
      return write.ref === undefined
        ? { by: 'key', id: write.key, properties }
        : { by: 'id', id: write.ref.id, properties };
    }),
  );
}

/** Calls, messages and chats are different objects in HubSpot; their batches leave side by side. */
export async function upsertActivities(
  session: ApiSession,
  writes: readonly ActivityWrite[],
): Promise<readonly WriteResult[]> {
  const byObject = Map.groupBy(writes, ({ kind }) => ACTIVITY_OBJECT[kind]);
  const written = await Promise.all(
    [...byObject].map(async ([object, group]) => {
      const results = await upsertByKey(session, KEY_PROPERTIES[object], group);
      return group.map((write, index) => [write, results[index]] as const);
    }),
  );
  const results = new Map(written.flat());
  return writes.flatMap((write) => results.get(write) ?? []);
}

export function upsertTasks(session: ApiSession, writes: readonly TaskWrite[]): Promise<readonly WriteResult[]> {
  return upsertByKey(session, KEY_PROPERTIES.tasks, writes);
}

function upsertByKey(
  session: ApiSession,
  key: KeyProperty,
  writes: readonly { readonly key: string; readonly fields: ActivityWrite['fields'] }[],
): Promise<readonly WriteResult[]> {
  return writeRecords(
    session,
    key,
    writes.map((write) => ({ by: 'key', id: write.key, properties: { ...write.fields, [key.name]: write.key } })),
  );
}
