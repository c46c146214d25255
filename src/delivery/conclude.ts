import type { CrmFailure } from '../domain/crm.ts';
import type { RowOutcome } from '../domain/ledger.ts';
import { crmFailed, settledAs, stillActive } from '../domain/outcome.ts';
import type { Applied } from './draft.ts';
import type { DeliveryPolicy } from './policy.ts';
import type { Settled } from './steps.ts';

/** Turns what applying came to into what the ledger will say. */
export function conclude(applied: Applied, now: Date, policy: DeliveryPolicy): Settled {
  const { planned, written, wrote, failures, warnings } = applied;
  return {
    row: planned.row,
    outcome: outcomeOf(applied, now, policy),
    written,
    source: 'found',
    known: planned.known,
    caller: planned.caller,
    lookUp: planned.lookUp,
    plan: planned.plan,
    wrote,
    failures,
    warnings: [...(planned.warnings ?? []), ...warnings],
  };
}

function outcomeOf({ planned, failures }: Applied, now: Date, policy: DeliveryPolicy): RowOutcome {
  const failure = weightiest(failures);
  if (failure !== undefined) return crmFailed(planned.row, failure, now, policy);
  const { reason } = planned.plan;
  if (reason === 'handoff_written_conversation_active') {
    return stillActive(planned.row, reason, now, policy) ?? settledAs('written_without_end');
  }
  return settledAs(reason);
}

/** When several writes of one conversation failed, what stops the most decides: a broken connection before a bad field. */
const WEIGHT: readonly CrmFailure['disposition'][] = [
  'reconnect',
  'throttle',
  'retry',
  'resolve',
  'bug',
  'fix_mapping',
  'fix_record',
];

function weightiest(failures: readonly CrmFailure[]): CrmFailure | undefined {
  return failures.toSorted((a, b) => WEIGHT.indexOf(a.disposition) - WEIGHT.indexOf(b.disposition))[0];
}
