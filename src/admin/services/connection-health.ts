import type { ConnectionState } from '../../domain/connection.ts';
import { duration, relative } from '../wording.ts';
import type { ConnectionHealth } from './status-answer.ts';

/** The target: a conversation is in the CRM within a minute. What is owed for longer means that we are behind. */
const FRESH_WITHIN_MS = 60_000;

export interface DescribedHealth {
  readonly health: ConnectionHealth;
  /** Why it is not fresh, and what ends it. */
  readonly reason: string | undefined;
}

/**
 * Judges a connection. Pure.
 * @param oldestDueSince since when its oldest delivery is owed.
 */
export function describeHealth(state: ConnectionState, oldestDueSince: Date | undefined, now: Date): DescribedHealth {
  switch (state.kind) {
    case 'paused':
      return { health: 'paused', reason: 'paused by a person; resume it to deliver what waits' };
    case 'broken':
      return {
        health: 'broken',
        reason: `the CRM refused our credentials (${state.code}); renew them, then resume it`,
      };
    case 'active':
      return active(state, oldestDueSince, now);
  }
}

function active(
  { parkedUntil, parkReason }: Extract<ConnectionState, { readonly kind: 'active' }>,
  oldestDueSince: Date | undefined,
  now: Date,
): DescribedHealth {
  if (parkedUntil !== undefined && parkedUntil > now) {
    const why = parkReason === undefined ? 'left alone for a while' : `left alone for a while (${parkReason})`;
    return { health: 'parked', reason: `${why}; goes on by itself ${relative(parkedUntil, now)}` };
  }
  const owedFor = oldestDueSince === undefined ? 0 : now.getTime() - oldestDueSince.getTime();
  if (owedFor <= FRESH_WITHIN_MS) return { health: 'fresh', reason: undefined };
  return { health: 'behind', reason: `the oldest delivery is owed since ${duration(owedFor)}` };
}
