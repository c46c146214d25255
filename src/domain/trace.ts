import type { Caller } from './caller.ts';
import type { CrmFailure, RecordRef } from './crm.ts';
import type { DeliveryPlan } from './plan.ts';

/** One request to the CRM, as it is shown to people. */
export interface TracedRequest {
  readonly endpoint: string;
  readonly status: number | undefined;
  readonly durationMs: number;
}

/**
 * What one delivery attempt knew, decided and did for one conversation: the material of `explain`.
 * It holds personal data and is only ever stored sealed.
 */
export interface AttemptTrace {
  /** ISO 8601 UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** What the source answered: `found`, `not_found`, or the code of its failure. */
  readonly source: string;
  readonly caller: Caller | undefined;
  /** The number as the source or the event wrote it. */
  readonly rawNumber: string | undefined;
  readonly lookUp: TracedLookUp | undefined;
  /** The filter that took the conversation out, in words. */
  readonly filter?: string | undefined;
  readonly plan: DeliveryPlan | undefined;
  /** Records that this attempt wrote. */
  readonly wrote: readonly RecordRef[];
  readonly failures: readonly TracedFailure[];
  /** What the CRM did not take and the conversation does without: a field without access, a deal that is gone. */
  readonly warnings: readonly string[];
  /** Requests of the whole batch; a batch is shared by `batchSize` conversations. */
  readonly requests: readonly TracedRequest[];
  readonly batchSize: number;
}

/** A refusal, and what its code means. */
export interface TracedFailure extends CrmFailure {
  /** One sentence without personal data; absent for a code that nobody has listed yet. */
  readonly means?: string | undefined;
}

/** How the person was looked for. */
export interface TracedLookUp {
  /**
   * `choice` = a person chose, `index` = remembered and verified, `search` = asked the CRM, `written` = this conversation
   * already has its person.
   */
  readonly by: 'choice' | 'index' | 'search' | 'written';
  readonly outcome: 'found' | 'none' | 'ambiguous' | 'could_not_check' | 'not_searched';
  readonly candidates: readonly { readonly ref: RecordRef; readonly matchedBy: string }[];
  /** The rule that chose, in words. */
  readonly rule: string;
}
