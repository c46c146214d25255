import type { CrmFailure } from './crm.ts';
import { nextPoll, nextRetry, type DuePolicy } from './due-time.ts';
import type { ClaimedRow, RowOutcome } from './ledger.ts';
import { reasonEntry, type ReasonCode } from './reasons.ts';

type FailingRow = Pick<ClaimedRow, 'attempts' | 'failingSince'>;

/** Codes under which the source says no; the client of the source has its own type with the same members. */
export interface SourceFailureFacts {
  readonly kind: string;
  readonly code: string;
  readonly retryAfterMs?: number | undefined;
}

/** An outcome in which something was decided and nothing failed. `waiting` ones say when to look again. */
export function settledAs(reason: ReasonCode, dueAt?: Date): RowOutcome {
  const { state } = reasonEntry(reason);
  if (state === 'due') throw new TypeError(`${reason} is no outcome of a delivery`);
  return { state, reason, dueAt, attempts: 0, failingSince: undefined, vendorCode: undefined };
}

/** The conversation goes on: it is looked at again at the next poll; undefined when all polls are over. */
export function stillActive(
  row: Pick<ClaimedRow, 'firstHeardAt'>,
  reason: 'conversation_active' | 'handoff_written_conversation_active',
  now: Date,
  policy: DuePolicy,
): RowOutcome | undefined {
  const poll = nextPoll(row.firstHeardAt, now, policy);
  return poll === undefined ? undefined : settledAs(reason, poll);
}

/**
 * PersonaDesk does not know the conversation. A webhook may be ahead of its API: asked again soon, with growing
 * distance, until the last poll is over; then somebody has to look.
 */
export function unknownAtSource(
  row: FailingRow & Pick<ClaimedRow, 'firstHeardAt'>,
  now: Date,
  policy: DuePolicy,
): RowOutcome {
  const lastPoll = policy.pollsAfterFirstEvent.at(-1) ?? 0;
  const over = now.getTime() - row.firstHeardAt.getTime() >= lastPoll;
  const retry = nextRetry(row, now, policy);
  if (over || retry === undefined) return settledAs('source_conversation_missing');
  return again(row, 'source_conversation_unknown', retry, now, undefined);
}

/** PersonaDesk could not be asked. Never given up: what it knows is still there when it answers again. */
export function sourceFailed(row: FailingRow, failure: SourceFailureFacts, now: Date, policy: DuePolicy): RowOutcome {
  const backOff = nextRetry({ attempts: row.attempts, failingSince: undefined }, now, policy) ?? now;
  switch (failure.kind) {
    case 'rate_limited':
      return again(row, 'source_rate_limited', later(backOff, now, failure.retryAfterMs), now, failure.code);
    case 'unauthorized':
    case 'forbidden':
      return again(row, 'source_unauthorized', new Date(now.getTime() + policy.retryCap), now, failure.code);
    default:
      return again(row, 'source_unavailable', later(backOff, now, failure.retryAfterMs), now, failure.code);
  }
}

/** What a refusal by the CRM means for the conversation it hit. */
export function crmFailed(
  row: FailingRow,
  failure: CrmFailure,
  now: Date,
  policy: DuePolicy & { readonly conflictAttempts: number },
): RowOutcome {
  switch (failure.disposition) {
    case 'reconnect':
      // Due at once: it waits because the connection is broken, and goes on the moment that is mended.
      return { ...settledAs('connection_broken', now), attempts: row.attempts, vendorCode: failure.code };
    case 'throttle': {
      const until = new Date(now.getTime() + (failure.retryAfterMs ?? policy.retryBase));
      return { ...settledAs('crm_rate_limited', until), attempts: row.attempts, vendorCode: failure.code };
    }
    case 'retry':
      return retryOrGiveUp(row, failure, now, policy);
    case 'resolve':
      return row.attempts + 1 < policy.conflictAttempts
        ? retryOrGiveUp(row, failure, now, policy)
        : failed('crm_refused_record', failure);
    case 'fix_record':
      return failed('crm_refused_record', failure);
    case 'fix_mapping':
      return failed('crm_refused_mapping', failure);
    case 'bug':
      return failed('internal_error', failure);
  }
}

function retryOrGiveUp(row: FailingRow, failure: CrmFailure, now: Date, policy: DuePolicy): RowOutcome {
  const retry = nextRetry(row, now, policy);
  return retry === undefined
    ? failed('crm_unavailable_too_long', failure)
    : again(row, 'crm_unavailable', later(retry, now, failure.retryAfterMs), now, failure.code);
}

function failed(reason: ReasonCode, failure: CrmFailure): RowOutcome {
  return { ...settledAs(reason), vendorCode: failure.code };
}

function again(row: FailingRow, reason: ReasonCode, dueAt: Date, now: Date, code: string | undefined): RowOutcome {
  return {
    ...settledAs(reason, dueAt),
    attempts: row.attempts + 1,
    failingSince: row.failingSince ?? now,
    vendorCode: code,
  };
}

function later(ours: Date, now: Date, theirsMs: number | undefined): Date {
  return theirsMs === undefined ? ours : new Date(Math.max(ours.getTime(), now.getTime() + theirsMs));
}
