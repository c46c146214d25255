import type { LinkResult, LinkWrite, RecordRef, RemoveResult, WriteResult } from '../../src/domain/crm.ts';
import type { ApiSession } from './api.ts';
import { failure } from './classify.ts';
import { failureCode } from './codes.ts';
import { deleteCollection, writeCollection, type Payload, type RowOutcome } from './collections.ts';
import { writeTolerantly } from './dispensable-fields.ts';
import { PERSON_OBJECTS } from './fields.ts';
import { isRecordId } from './record-ids.ts';
import type { Schema } from './schema.ts';

/**
 * Puts tasks on the timelines of people and of what those have to do with; linking what is linked succeeds. A task has
 * room for one of each, and a call takes each task once. A case that is gone does not keep a task from its person.
 */
export async function linkTasks(session: ApiSession, links: readonly LinkWrite[]): Promise<readonly LinkResult[]> {
  const payloads = new Map<string, Payload>();
  for (const { from, to } of links) {
    const payload = payloads.get(from.id) ?? { attributes: { type: from.object }, Id: from.id };
    payloads.set(from.id, { ...payload, [fieldFor(to)]: to.id });
  }
  const first = new Map<string, RowOutcome>();
  const write = async (rows: readonly Payload[]): Promise<readonly RowOutcome[]> => {
    const outcomes = await writeCollection(session, { kind: 'update' }, rows);
    rows.forEach(({ Id: id }, index) => {
      const outcome = outcomes[index];
      if (typeof id === 'string' && outcome !== undefined && !first.has(id)) first.set(id, outcome);
    });
    return outcomes;
  };
  const results = await writeTolerantly([...payloads.values()], NOTHING_ESSENTIAL, write);
  const byTask = new Map([...payloads.keys()].map((id, index) => [id, results[index]]));
  return links.map(({ from, to }) => {
    const result = byTask.get(from.id);
    // What was left out is refused for the reason that the first attempt was.
    if (result?.leftOut.includes(fieldFor(to)) === true) return refused(first.get(from.id));
    return result?.outcome.kind === 'done' ? { kind: 'linked' } : refused(result?.outcome);
  });
}

const NOTHING_ESSENTIAL: ReadonlySet<string> = new Set();

function fieldFor({ object }: RecordRef): 'WhoId' | 'WhatId' {
  return PEOPLE.has(object) ? 'WhoId' : 'WhatId';
}

const PEOPLE: ReadonlySet<string> = new Set(PERSON_OBJECTS);

/** Marks tasks as done, in the org's own word for it. */
export async function completeTasks(
  session: ApiSession,
  { statuses }: Schema,
  refs: readonly RecordRef[],
): Promise<readonly WriteResult[]> {
  const outcomes = await writeCollection(
    session,
    { kind: 'update' },
    refs.map(({ id }) => ({ attributes: { type: 'Task' }, Id: id, Status: statuses.closed })),
  );
  return refs.map((ref, index): WriteResult => {
    const outcome = outcomes[index];
    return outcome?.kind === 'done' ? { kind: 'written', ref, created: false } : refused(outcome);
  });
}

/** What a deletion is answered with when the record is not there. */
const GONE: ReadonlySet<string> = new Set(
  ['ENTITY_IS_DELETED', 'INVALID_CROSS_REFERENCE_KEY', 'NOT_FOUND', 'RECORD_NOT_FOUND', 'MALFORMED_ID'].map(
    failureCode,
  ),
);

/** Deletes records into the org's recycle bin. */
export async function removeRecords(session: ApiSession, refs: readonly RecordRef[]): Promise<readonly RemoveResult[]> {
  // Ids travel in the address: what is none would be an address of its own, and no record has it.
  const ids = [...new Set(refs.map(({ id }) => id).filter(isRecordId))];
  const outcomes = await deleteCollection(session, ids);
  const byId = new Map(ids.map((id, index) => [id, outcomes[index]]));
  return refs.map(({ id }): RemoveResult => {
    if (!isRecordId(id)) return { kind: 'gone' };
    const outcome = byId.get(id);
    if (outcome?.kind === 'done') return { kind: 'removed' };
    if (outcome?.kind === 'refused' && GONE.has(outcome.failure.code)) return { kind: 'gone' };
    return refused(outcome);
  });
}

function refused(outcome: RowOutcome | undefined): Extract<WriteResult, { kind: 'refused' }> {
  if (outcome?.kind === 'refused') return { kind: 'refused', failure: outcome.failure };
  return { kind: 'refused', failure: failure('retry', failureCode('NO_RESULT')) };
}
