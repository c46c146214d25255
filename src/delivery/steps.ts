import type { Caller } from '../domain/caller.ts';
import type { ConditionFacts } from '../domain/condition.ts';
import type { ContentDecision } from '../domain/content-policy.ts';
import type { CrmFailure, FieldValues, OwnerAnswer, OwnerQuery, RecordRef, RelatedAnswer } from '../domain/crm.ts';
import type { KnownConversation } from '../domain/known-conversation.ts';
import type { RowOutcome } from '../domain/ledger.ts';
import type { DeliveryPlan, WrittenRecords } from '../domain/plan.ts';
import type { ReasonCode } from '../domain/reasons.ts';
import type { FollowUp } from '../domain/task-policy.ts';
import type { TracedLookUp } from '../domain/trace.ts';
import type { ClaimedLedgerRow } from '../store/ledger-rows.ts';

/** A claimed conversation whose truth has been fetched. */
export interface Loaded {
  readonly row: ClaimedLedgerRow;
  readonly known: KnownConversation;
  readonly caller: Caller;
  /** ISO 8601 UTC. */
  readonly occurredAt: string;
  /** Who the caller was matched with before, by our index of people; to be verified in the CRM. */
  readonly remembered: RecordRef | undefined;
  readonly judgement: Judgement;
}

/** What the policies of the connection say of a conversation before the CRM is asked. */
export interface Judgement {
  /** What conditions are judged by. */
  readonly facts: ConditionFacts;
  /** What may leave. */
  readonly content: ContentDecision;
  /** The task to be written, if there is a person or one was asked for. */
  readonly followUp: FollowUp | undefined;
}

/** Whose timeline the conversation belongs on. */
export type PersonChoice =
  | {
      readonly kind: 'matched';
      readonly ref: RecordRef;
      /** Present values of the fields that decide; undefined when they were not read, and then nothing is changed. */
      readonly fields: FieldValues | undefined;
      readonly rule: string;
    }
  | { readonly kind: 'create'; readonly rule: string }
  /** The conversation is written, on nobody's timeline. */
  | { readonly kind: 'log_without_person'; readonly rule: string }
  /** Nobody, by this rule; `reason` is what the ledger will say, even if a task is written. */
  | { readonly kind: 'nobody'; readonly rule: string; readonly reason: ReasonCode };

/** A conversation whose person has been decided. */
export interface LookedUp extends Loaded {
  readonly choice: PersonChoice;
  readonly lookUp: TracedLookUp | undefined;
  /** Remarks on the way here. */
  readonly warnings?: readonly string[] | undefined;
  /** Of records that were written before. */
  readonly present?: PresentRecords | undefined;
}

/** Records that are written for a conversation beside its person. */
export type Part = 'activity' | 'task';

/** What the CRM holds of what we wrote; absent where nobody looked. */
type PresentRecords = Readonly<Partial<Record<Part, PresentRecord>>>;

export type PresentRecord =
  | {
      readonly kind: 'present';
      /** The fields that were looked at. */
      readonly asked: ReadonlySet<string>;
      /** Empty fields are absent. */
      readonly fields: FieldValues;
      /** Characters that a field takes, where the CRM says so. */
      readonly limits?: Readonly<Record<string, number>> | undefined;
    }
  | { readonly kind: 'gone' };

/** What the CRM said of those whom the records of a conversation may be given to. */
export interface OwnerFacts {
  readonly recordOwner: RecordOwner;
  /** By {@link ownerKey}; whoever was not asked for is absent. */
  readonly answers: ReadonlyMap<string, OwnerAnswer>;
}

/** Who owns the person's record, in the CRM's own id; undefined when nobody does, or nobody asked. */
export type RecordOwner =
  | { readonly kind: 'known'; readonly ownerId: string | undefined }
  | { readonly kind: 'could_not_check'; readonly failure: CrmFailure };

/** Names an owner among the answers. */
export function ownerKey({ by, value }: OwnerQuery): string {
  return `${by}:${value}`;
}

/** What else the person has in the CRM, per record that is to be put on it; undefined keeps what was linked before. */
export type RelatedFacts = Readonly<Record<Part, RelatedAnswer | undefined>>;

/** A conversation of which all is known that its plan is made of. */
export interface LookedAround extends LookedUp {
  readonly owners: OwnerFacts;
  readonly related: RelatedFacts;
}

/** A conversation whose writes are decided. */
export interface Planned extends LookedAround {
  readonly plan: DeliveryPlan;
}

/** A conversation that needs nothing more from this batch; whatever is known of the way here goes into its trace. */
export interface Settled {
  readonly row: ClaimedLedgerRow;
  readonly outcome: RowOutcome;
  readonly written: WrittenRecords;
  /** `found`, `not_found` or the code of the source's failure. */
  readonly source: string;
  readonly known?: KnownConversation | undefined;
  readonly caller?: Caller | undefined;
  readonly lookUp?: TracedLookUp | undefined;
  /** The filter that took it out, in words. */
  readonly filter?: string | undefined;
  readonly plan?: DeliveryPlan | undefined;
  readonly wrote?: readonly RecordRef[] | undefined;
  /** Refusals that stop this conversation, and may stop the connection. */
  readonly failures?: readonly CrmFailure[] | undefined;
  /** What the conversation does without: remarks that stop nothing. */
  readonly warnings?: readonly string[] | undefined;
}

/** Settles a conversation before anything was written for it. */
export function settle(loaded: Loaded, outcome: RowOutcome, more: Partial<Settled> = {}): Settled {
  return {
    row: loaded.row,
    outcome,
    written: loaded.row.written,
    source: 'found',
    known: loaded.known,
    caller: loaded.caller,
    ...more,
  };
}

/** What a step hands on: those that go to the next step, and those that are settled. */
export interface StepResult<T> {
  readonly next: readonly T[];
  readonly settled: readonly Settled[];
}

/** Sorts the results of a step by whether they are settled. */
export function split<T extends object>(results: readonly (T | Settled)[]): StepResult<T> {
  const next: T[] = [];
  const settled: Settled[] = [];
  for (const result of results) {
    if (isSettled(result)) settled.push(result);
    else next.push(result);
  }
  return { next, settled };
}

function isSettled(result: object): result is Settled {
  return 'outcome' in result;
}
