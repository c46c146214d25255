import type { ConnectionId, ConversationId, TenantId } from './ids.ts';
import type { ReasonCode } from './reasons.ts';

/**
 * What may follow what. Every conversation x connection is in exactly one of these states; the table is the only place
 * that says how it may move, and the states a person can rest in are read off it.
 */
export const LEDGER_TRANSITIONS = {
  due: ['in_progress', 'due'],
  in_progress: ['due', 'waiting', 'synced', 'skipped', 'needs_review', 'failed'],
  waiting: ['in_progress', 'due'],
  synced: ['due'],
  skipped: ['due'],
  needs_review: ['due'],
  failed: ['due'],
} as const satisfies Record<string, readonly string[]>;

export type LedgerState = keyof typeof LEDGER_TRANSITIONS;

/** All states, in the order in which people read them. */
// Object.keys loses the key type; the table above has no other keys.
export const LEDGER_STATES = Object.keys(LEDGER_TRANSITIONS) as readonly LedgerState[];

/** States in which nothing happens by itself any more. Each carries a reason code that says why. */
export const TERMINAL_STATES = [
  'synced',
  'skipped',
  'needs_review',
  'failed',
] as const satisfies readonly LedgerState[];

/** True when the table allows the move. */
export function mayMove(from: LedgerState, to: LedgerState): boolean {
  return (LEDGER_TRANSITIONS[from] as readonly LedgerState[]).includes(to);
}

/** Claim order: the lower number is delivered first. Kept as numbers because the queue's index sorts by them. */
export const PRIORITY = { handoff: 1, live: 2, retry: 3, backfill: 4 } as const;
export type Priority = (typeof PRIORITY)[keyof typeof PRIORITY];

/** Names one ledger row. */
export interface LedgerKey {
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  readonly conversationId: ConversationId;
}

/** A row as the delivery sees it once it is claimed. */
export interface ClaimedRow extends LedgerKey {
  readonly priority: Priority;
  /** When the ledger first heard of the conversation: the poll times count from here. */
  readonly firstHeardAt: Date;
  /** Failed attempts since the last success. */
  readonly attempts: number;
  /** Start of the present run of failures, if there is one. */
  readonly failingSince: Date | undefined;
}

/** How a delivery ended for one row; what the ledger will say until something new happens. */
export interface RowOutcome {
  readonly state: Exclude<LedgerState, 'due' | 'in_progress'>;
  readonly reason: ReasonCode;
  /** Required for `waiting`, absent for the others. */
  readonly dueAt: Date | undefined;
  readonly attempts: number;
  readonly failingSince: Date | undefined;
  /** The vendor's own code for a refusal (`hubspot.INVALID_OPTION`), never its text. */
  readonly vendorCode: string | undefined;
}
