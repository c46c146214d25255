import type { LinkResult, LinkWrite, RecordRef, RemoveResult, WriteResult } from '../../src/domain/crm.ts';
import type { ApiSession } from './api.ts';
import { failure } from './classify.ts';
import { failureCode } from './codes.ts';
import { deleteCollection, writeCollection, type RowOutcome } from './collections.ts';
import { isRecordId } from './read-people.ts';
import type { Schema } from './schema.ts';

/** Puts tasks on people's timelines; linking what is linked succeeds. */
export async function linkTasks(session: ApiSession, links: readonly LinkWrite[]): Promise<readonly LinkResult[]> {
  const outcomes = await writeCollection(
    session,
    { kind: 'update' },
    links.map(({ from, to }) => ({ attributes: { type: from.object }, Id: from.id, WhoId: to.id })),
  );
  return outcomes.map((outcome) => (outcome.kind === 'done' ? { kind: 'linked' } : outcome));
}

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
  if (outcome?.kind === 'refused') return outcome;
  return { kind: 'refused', failure: failure('retry', failureCode('NO_RESULT')) };
}
