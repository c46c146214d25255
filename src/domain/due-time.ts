import type { KnownEventType } from './event.ts';
import { PRIORITY, type LedgerState, type Priority } from './ledger.ts';

/** Times, in milliseconds, that decide when a row is due. */
export interface DuePolicy {
  /** After the first event: when the source is asked again whether the conversation has ended. Ascending. */
  readonly pollsAfterFirstEvent: readonly number[];
  /** First wait after a failure; doubles up to `retryCap`. */
  readonly retryBase: number;
  readonly retryCap: number;
  /** A record that has kept failing for longer than this is given up. Long enough for an outage over a weekend. */
  readonly giveUpAfter: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export const DUE_POLICY: DuePolicy = {
  pollsAfterFirstEvent: [15 * MINUTE, HOUR, 4 * HOUR, 24 * HOUR],
  retryBase: 2 * SECOND,
  retryCap: 15 * MINUTE,
  giveUpAfter: 72 * HOUR,
};

/** When a row is due, and how urgent it is. */
export interface Due {
  readonly dueAt: Date;
  readonly priority: Priority;
}

/**
 * When an event makes its conversation due. `call.started` says that content will come: it only arms the first poll, in
 * case every later webhook is lost. The other events say that there is something to look at now.
 */
export function dueAfterEvent(type: KnownEventType, now: Date, policy: DuePolicy): Due {
  switch (type) {
    case 'call.started':
      return { dueAt: after(now, policy.pollsAfterFirstEvent[0] ?? 0), priority: PRIORITY.live };
    case 'handoff.requested':
      return { dueAt: now, priority: PRIORITY.handoff };
    case 'conversation.routed':
    case 'conversation.completed':
      return { dueAt: now, priority: PRIORITY.live };
  }
}

/** Merges what a new event asks for with what the row already waits for: the earlier time and the greater urgency win. */
export function mergeDue(current: { readonly state: LedgerState; readonly due: Due | undefined }, asked: Due): Due {
  const { due } = current;
  if (due === undefined) return asked;
  return {
    dueAt: due.dueAt < asked.dueAt ? due.dueAt : asked.dueAt,
    // Number comparison of two members of the same const table.
    priority: due.priority < asked.priority ? due.priority : asked.priority,
  };
}

/** The next poll of a conversation that has not ended; undefined when all polls are behind us. */
export function nextPoll(firstHeardAt: Date, now: Date, policy: DuePolicy): Date | undefined {
  return policy.pollsAfterFirstEvent.map((ms) => after(firstHeardAt, ms)).find((at) => at > now);
}

/** When a failed row is tried again; undefined when it is time to give up. */
export function nextRetry(
  row: { readonly attempts: number; readonly failingSince: Date | undefined },
  now: Date,
  policy: DuePolicy,
): Date | undefined {
  if (row.failingSince !== undefined && now.getTime() - row.failingSince.getTime() > policy.giveUpAfter)
    return undefined;
  // 2^30 base steps are beyond any cap: the clamp keeps the power finite for absurd counts.
  const wait = Math.min(policy.retryBase * 2 ** Math.min(row.attempts, 30), policy.retryCap);
  return after(now, wait);
}

function after(instant: Date, ms: number): Date {
  return new Date(instant.getTime() + ms);
}
