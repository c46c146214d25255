import { failureCode } from './codes.ts';
import type { Payload, RowOutcome } from './collections.ts';
import { RECORD_TYPE } from './record-types.ts';

/** Fields without which a record is better than none: who owns it, what else it belongs to, how it is laid out. */
const DISPENSABLE: ReadonlyMap<string, string> = new Map([
  ['OwnerId', 'refused as the owner; left to the integration user'],
  ['WhatId', 'refused; not related to it'],
  [RECORD_TYPE, 'refused; left to the default'],
]);

/** Codes that are about the owner, whether or not they name the field (partner WSDL, StatusCode). */
const ABOUT_OWNER: ReadonlySet<string> = new Set(
  ['INACTIVE_OWNER_OR_USER', 'OP_WITH_INVALID_USER_TYPE_EXCEPTION', 'TRANSFER_REQUIRES_READ'].map(failureCode),
);

/** What became of a row, and what had to be left out of it in the end. */
export interface TolerantOutcome {
  readonly outcome: RowOutcome;
  readonly leftOut: readonly string[];
}

/** Says of the fields that were left out why they were. */
export function warningsOf({ leftOut }: TolerantOutcome): readonly string[] {
  return leftOut.map((field) => `${field}: ${DISPENSABLE.get(field) ?? 'refused'}`);
}

/**
 * Writes records; one that is refused for a field it can do without is written once more without that field. Nothing is
 * sent twice in the usual case, and no neighbour is touched by it.
 *
 * @param write gives one outcome per record, in order
 * @returns one outcome per record, in order
 */
export async function writeTolerantly(
  payloads: readonly Payload[],
  essential: ReadonlySet<string>,
  write: (payloads: readonly Payload[]) => Promise<readonly RowOutcome[]>,
): Promise<readonly TolerantOutcome[]> {
  const results: TolerantOutcome[] = (await write(payloads)).map((outcome) => ({ outcome, leftOut: [] }));
  const sent = [...payloads];
  // Each round takes a field from a record, so there are at most as many as there are such fields.
  for (let round = 0; round < DISPENSABLE.size; round += 1) {
    const again = sent.flatMap((payload, index) => {
      const field = fieldAtFault(results[index]?.outcome, payload);
      return field === undefined || essential.has(field) ? [] : [{ index, field, payload: without(payload, field) }];
    });
    if (again.length === 0) break;
    const outcomes = await write(again.map(({ payload }) => payload));
    again.forEach(({ index, field, payload }, at) => {
      const outcome = outcomes[at];
      if (outcome === undefined) return;
      sent[index] = payload;
      results[index] = { outcome, leftOut: [...(results[index]?.leftOut ?? []), field] };
    });
  }
  return results;
}

/** A refusal of the whole call has a status, and says nothing of one row. */
function fieldAtFault(outcome: RowOutcome | undefined, payload: Payload): string | undefined {
  if (outcome?.kind !== 'refused' || outcome.failure.status !== undefined) return undefined;
  const { code, disposition, field } = outcome.failure;
  if (disposition === 'retry' || disposition === 'throttle' || disposition === 'reconnect') return undefined;
  const named = ABOUT_OWNER.has(code) ? 'OwnerId' : field;
  return named !== undefined && DISPENSABLE.has(named) && named in payload ? named : undefined;
}

function without(payload: Payload, field: string): Payload {
  return Object.fromEntries(Object.entries(payload).filter(([name]) => name !== field));
}
