import type { CrmFailure, FieldValues, WriteResult } from '../../src/domain/crm.ts';
import type { WrittenMemory } from './account-shape.ts';
import type { ApiSession } from './api.ts';
import { writeRecords, type RecordWrite } from './batch-write.ts';
import { KEY_PROPERTIES, type WrittenObject } from './properties.ts';

/** A record to create or update where the account has no unique property that would tell which. */
export interface UnkeyedWrite {
  readonly key: string;
  readonly fields: FieldValues;
}

/** What looking for the record of a write has found. */
export type Sighting =
  | { readonly kind: 'present'; readonly id: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'refused'; readonly failure: CrmFailure };

export interface UnkeyedWriting<W extends UnkeyedWrite> {
  readonly written: WrittenMemory;
  /** Asked for what this process has not written itself; one sighting per write, in their order. */
  readonly lookFor: (writes: readonly W[]) => Promise<readonly Sighting[]>;
  /** Set on records that are created, and on no others. */
  readonly onlyNew?: FieldValues;
}

/** A write and what is known of its record. */
interface SeenWrite<W extends UnkeyedWrite = UnkeyedWrite> {
  readonly write: W;
  readonly sighting: Sighting;
}

/**
 * Updates what this process wrote before or finds in the account, and creates the rest.
 *
 * Less than an upsert: an answer that is lost after the write leaves nothing to find a note or a task by, and a search
 * follows some seconds behind. One writer per connection and the memory of what was written keep that rare.
 */
export async function writeWithoutKey<W extends UnkeyedWrite>(
  session: ApiSession,
  object: WrittenObject,
  writes: readonly W[],
  { written, lookFor, onlyNew = {} }: UnkeyedWriting<W>,
): Promise<readonly WriteResult[]> {
  const send = (seen: readonly SeenWrite[]) => writeSeen(session, object, seen, onlyNew);

  async function seekAgain(lost: readonly SeenWrite<W>[]): Promise<readonly SeenWrite<W>[]> {
    for (const { write } of lost) written.forget(object, write.key);
    const again = await seek(
      object,
      lost.map(({ write }) => write),
      written,
      lookFor,
    );
    // Deleted or merged in HubSpot since. A search may go on showing it for a while: it is made again, as an upsert would.
    return again.map((each, index) => (isSame(each.sighting, lost[index]?.sighting) ? unseen(each.write) : each));
  }

  const seen = await seek(object, writes, written, lookFor);
  const results = await send(seen);
  const gone = seen.filter(({ sighting }, index) => sighting.kind === 'present' && isGone(results[index]));
  const made = await send(await seekAgain(gone));
  return seen.flatMap((each, index) => {
    const result = made[gone.indexOf(each)] ?? results[index];
    if (result?.kind === 'written') written.remember(object, each.write.key, result.ref.id);
    return result ?? [];
  });
}

async function seek<W extends UnkeyedWrite>(
  object: WrittenObject,
  writes: readonly W[],
  written: WrittenMemory,
  lookFor: UnkeyedWriting<W>['lookFor'],
): Promise<readonly SeenWrite<W>[]> {
  const unknown = writes.filter(({ key }) => written.idOf(object, key) === undefined);
  const found = unknown.length === 0 ? [] : await lookFor(unknown);
  return writes.map((write): SeenWrite<W> => {
    const id = written.idOf(object, write.key);
    const sighting = id === undefined ? found[unknown.indexOf(write)] : ({ kind: 'present', id } as const);
    return { write, sighting: sighting ?? { kind: 'absent' } };
  });
}

/** Sends what may be written; a write whose record could not be looked for is refused for that reason. */
async function writeSeen(
  session: ApiSession,
  object: WrittenObject,
  seen: readonly SeenWrite[],
  onlyNew: FieldValues,
): Promise<readonly WriteResult[]> {
  const records = seen.map((each) => toRecordWrite(each, onlyNew));
  const sent = records.filter((record) => 'by' in record);
  const results = await writeRecords(session, KEY_PROPERTIES[object], sent);
  const resultOf = new Map(sent.map((record, index) => [record, results[index]]));
  return records.flatMap((record) => ('by' in record ? (resultOf.get(record) ?? []) : record));
}

function toRecordWrite({ write, sighting }: SeenWrite, onlyNew: FieldValues): RecordWrite | WriteResult {
  switch (sighting.kind) {
    case 'present':
      return { by: 'id', id: sighting.id, properties: write.fields };
    case 'absent':
      return { by: 'create', id: write.key, properties: { ...write.fields, ...onlyNew } };
    case 'refused':
      return sighting;
  }
}

function unseen<W extends UnkeyedWrite>(write: W): SeenWrite<W> {
  return { write, sighting: { kind: 'absent' } };
}

function isSame(one: Sighting, other: Sighting | undefined): boolean {
  return one.kind === 'present' && other?.kind === 'present' && one.id === other.id;
}

function isGone(result: WriteResult | undefined): boolean {
  return result?.kind === 'refused' && result.failure.status === 404 && result.failure.disposition === 'resolve';
}
