import type { CallerDecision } from '../../domain/caller-choice.ts';
import type { PersonKey } from '../../domain/caller.ts';
import type { RecordRef } from '../../domain/crm.ts';
import type { ConnectionId, ConversationId } from '../../domain/ids.ts';
import type { LedgerKey, LedgerState } from '../../domain/ledger.ts';
import type { AttemptTrace } from '../../domain/trace.ts';
import type { Store } from '../../store/store.ts';
import { readAttemptTrace } from './attempt-trace.ts';
import { checkRecord, type CheckedRecord, type RecordDependencies } from './review-record.ts';
import { retryDeliveries, type RetryDependencies } from './retry.ts';

interface ReviewRequest {
  readonly conversationId: ConversationId;
  /** Undefined when the conversation is known at one connection only, or waits at one only. */
  readonly connectionId: ConnectionId | undefined;
  /** Who decides; on record for good. */
  readonly by: string;
}

export interface ChoiceRequest extends ReviewRequest {
  readonly decision: CallerDecision;
  /** For every later conversation of the caller as well. */
  readonly always: boolean;
}

/** Why a choice could not be noted. */
type NotFound =
  | { readonly kind: 'unknown_conversation'; readonly connectionId: ConnectionId | undefined }
  | { readonly kind: 'several_connections'; readonly connections: readonly ConnectionId[] };

export type ChoiceResult =
  | NotFound
  | Exclude<CheckedRecord, { kind: 'present' }>
  | { readonly kind: 'not_in_review'; readonly connectionId: ConnectionId; readonly state: LedgerState }
  /** There is nothing to know the caller's later conversations by. */
  | { readonly kind: 'caller_unknown'; readonly connectionId: ConnectionId }
  | {
      readonly kind: 'chosen';
      readonly connectionId: ConnectionId;
      readonly decision: CallerDecision;
      readonly always: boolean;
      /** False when the same had been chosen before. */
      readonly isNew: boolean;
      /** False when its loop could not be told; it finds out by itself. */
      readonly woken: boolean;
    };

export type ForgetResult =
  NotFound | { readonly kind: 'forgotten' | 'nothing_to_forget'; readonly connectionId: ConnectionId };

export interface ForgetDependencies {
  readonly ledger: Pick<Store['ledger'], 'find'>;
  readonly attempts: Pick<Store['attempts'], 'list'>;
  readonly choices: Pick<Store['choices'], 'choose' | 'forget'>;
  readonly now: () => Date;
}

export interface ChoiceDependencies extends ForgetDependencies, RecordDependencies {
  readonly ledger: ForgetDependencies['ledger'] & RetryDependencies['ledger'];
  readonly wake: RetryDependencies['wake'];
}

/**
 * Notes what a person chose for a conversation that waits, and delivers it again at once. Said twice it is one choice.
 *
 * @throws StoreError when our own database is away; when it went away in between, the choice is noted and the
 * conversation still waits: choosing again delivers it.
 */
export async function chooseForConversation(
  { conversationId, connectionId: named, by, decision, always }: ChoiceRequest,
  dependencies: ChoiceDependencies,
): Promise<ChoiceResult> {
  const row = theOne(await dependencies.ledger.find(conversationId, named), named, ({ state }) => isInReview(state));
  if ('kind' in row) return row;
  const { connectionId, state, tenantId } = row;
  if (!isInReview(state)) return { kind: 'not_in_review', connectionId, state };
  const trace = await lastTrace(row, dependencies);
  const caller = always ? keyOf(trace) : undefined;
  if (always && caller === undefined) return { kind: 'caller_unknown', connectionId };
  const checked = await checkDecision(connectionId, decision, trace, dependencies);
  if (checked.kind !== 'checked') return checked;
  const key = { tenantId, connectionId, conversationId };
  const noted = { ...key, decision: checked.decision, caller, by, now: dependencies.now() };
  const isNew = await dependencies.choices.choose(noted);
  const retried = await retryDeliveries({ conversationId, connectionId, reason: undefined }, dependencies);
  return {
    kind: 'chosen',
    connectionId,
    decision: checked.decision,
    always,
    isNew,
    woken: retried.notWoken.length === 0,
  };
}

/** Takes back what was chosen at a conversation, and what is in force for its caller. Delivers nothing again. */
export async function forgetChoice(
  { conversationId, connectionId: named, by }: ReviewRequest,
  dependencies: ForgetDependencies,
): Promise<ForgetResult> {
  const row = theOne(await dependencies.ledger.find(conversationId, named), named, () => true);
  if ('kind' in row) return row;
  const { connectionId, tenantId } = row;
  const caller = keyOf(await lastTrace(row, dependencies));
  const key = { tenantId, connectionId, conversationId };
  const forgotten = await dependencies.choices.forget({ ...key, caller, by, now: dependencies.now() });
  return { kind: forgotten ? 'forgotten' : 'nothing_to_forget', connectionId };
}

type LedgerRow = Awaited<ReturnType<Store['ledger']['find']>>[number];

/** The row that is meant: the only one, or the only one that fits. */
function theOne(
  rows: readonly LedgerRow[],
  connectionId: ConnectionId | undefined,
  fits: (row: LedgerRow) => boolean,
): LedgerRow | NotFound {
  const [row, ...others] = rows;
  if (row === undefined) return { kind: 'unknown_conversation', connectionId };
  if (others.length === 0) return row;
  const [first, ...more] = rows.filter(fits);
  if (first !== undefined && more.length === 0) return first;
  return { kind: 'several_connections', connections: rows.map((each) => each.connectionId) };
}

function isInReview(state: LedgerState): boolean {
  return state === 'needs_review';
}

async function lastTrace(
  { connectionId, conversationId }: LedgerKey,
  { attempts }: Pick<ForgetDependencies, 'attempts'>,
): Promise<AttemptTrace | undefined> {
  const [latest] = await attempts.list(connectionId, conversationId, 1);
  return readAttemptTrace(latest?.trace);
}

function keyOf(trace: AttemptTrace | undefined): PersonKey | undefined {
  return trace?.caller?.kind === 'identified' ? trace.caller.key : undefined;
}

/** A candidate was in the CRM when it was found, and the delivery looks once more; anybody else is looked for now. */
async function checkDecision(
  connectionId: ConnectionId,
  decision: CallerDecision,
  trace: AttemptTrace | undefined,
  dependencies: RecordDependencies,
): Promise<
  { readonly kind: 'checked'; readonly decision: CallerDecision } | Exclude<CheckedRecord, { kind: 'present' }>
> {
  if (decision.action !== 'choose') return { kind: 'checked', decision };
  const candidates = trace?.lookUp?.candidates.map(({ ref }) => ref) ?? [];
  const candidate = candidates.find((ref) => isNamed(ref, decision.ref));
  if (candidate !== undefined) return { kind: 'checked', decision: { action: 'choose', ref: candidate } };
  const checked = await checkRecord(connectionId, decision.ref, dependencies);
  return checked.kind === 'present' ? { kind: 'checked', decision: { action: 'choose', ref: checked.ref } } : checked;
}

/** People write `contact` for `Contact`. */
function isNamed(ref: RecordRef, named: RecordRef): boolean {
  return ref.id === named.id && ref.object.toLowerCase() === named.object.toLowerCase();
}
