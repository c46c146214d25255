import { z } from 'zod';
import type { CrmFailure, RecordRef, RemoveResult } from '../../src/domain/crm.ts';
import type { ApiSession } from './api.ts';
import { BATCH_SIZE } from './batch-read.ts';
import { isolateBadInputs, type BatchAttempt } from './isolate.ts';
import { slices } from '../transport/slices.ts';

/**
 * Archives records: HubSpot keeps them in its bin for 90 days and takes them off every timeline.
 *
 * It answers 204 whether a record was there or not, so `gone` is told only where it says so.
 */
export async function removeRecords(session: ApiSession, refs: readonly RecordRef[]): Promise<readonly RemoveResult[]> {
  const results = new Map<string, RemoveResult>();
  const batches = [...Map.groupBy(refs, ({ object }) => object)].flatMap(([object, group]) =>
    slices([...new Set(group.map(({ id }) => id))], BATCH_SIZE).map((ids) => ({ object, ids })),
  );
  await Promise.all(
    batches.map(async ({ object, ids }) => {
      const removed = await isolateBadInputs<string, RemoveResult>(ids, {
        statuses: [400, 404],
        attempt: (some) => archive(session, object, some),
        refuse: asResult,
      });
      removed.forEach((result, index) => results.set(`${object}/${ids[index] ?? ''}`, result));
    }),
  );
  // Every ref was in one batch, and every batch has a result for each of its ids.
  return refs.map(({ object, id }) => results.get(`${object}/${id}`) ?? { kind: 'gone' });
}

async function archive(
  session: ApiSession,
  object: string,
  ids: readonly string[],
): Promise<BatchAttempt<RemoveResult>> {
  const answer = await session.send({
    endpoint: 'batch-archive',
    method: 'POST',
    family: 'objects',
    path: [object, 'batch', 'archive'],
    body: { inputs: ids.map((id) => ({ id })) },
    answer: z.unknown(),
  });
  return answer.kind === 'ok'
    ? { kind: 'answered', results: ids.map(() => ({ kind: 'removed' })) }
    : { kind: 'refused', failure: answer.failure };
}

/** A single record that HubSpot does not find is what was wanted; an intermediary's 404 is classified as a retry. */
function asResult(failure: CrmFailure): RemoveResult {
  const isGone = failure.status === 404 && failure.disposition === 'resolve';
  return isGone ? { kind: 'gone' } : { kind: 'refused', failure };
}
