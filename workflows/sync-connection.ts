import { condition, continueAsNew, proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/activities.ts';
import { CONTINUE_AS_NEW_AFTER_EVENTS, DELIVER_DUE } from '../temporal.config.ts';
import { wakeSignal } from './messages.ts';

const { deliverDue } = proxyActivities<Activities>({
  startToCloseTimeout: DELIVER_DUE.startToCloseTimeout,
  heartbeatTimeout: DELIVER_DUE.heartbeatTimeout,
  retry: DELIVER_DUE.retry,
});

/** The connection, and nothing else: the ledger is the state, so a run that is terminated and started again lost nothing. */
export interface SyncConnectionInput {
  readonly connectionId: string;
  /** Another length of history than the product's own at which the run continues as new; for tests. */
  readonly continueAsNewAfterEvents?: number;
}

/**
 * The one writer of a connection: delivers what is due, then sleeps until it is woken or something becomes due.
 * It never ends by itself; it continues as new so that its history stays small.
 */
export async function syncConnection(input: SyncConnectionInput): Promise<void> {
  const { connectionId, continueAsNewAfterEvents = CONTINUE_AS_NEW_AFTER_EVENTS } = input;
  let woken = false;
  setHandler(wakeSignal, () => {
    woken = true;
  });
  for (;;) {
    // Before the delivery, not after: a wake-up that comes while it runs must lead to another look at the ledger.
    woken = false;
    const { more, waitMs } = await deliverDue({ connectionId });
    if (workflowInfo().historyLength >= continueAsNewAfterEvents || workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof syncConnection>(input);
    }
    if (more) continue;
    if (waitMs === undefined) await condition(() => woken);
    else await condition(() => woken, waitMs);
  }
}
