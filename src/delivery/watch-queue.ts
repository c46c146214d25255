import type { ConnectionId } from '../domain/ids.ts';
import { PRIORITY } from '../domain/ledger.ts';
import type { DeliverDependencies } from './dependencies.ts';

/** A look at a queue that goes on while a batch is delivered. */
export interface QueueWatch {
  /** Aborted when something more urgent than backfill is due, and at the latest when the batch has waited long enough. */
  readonly signal: AbortSignal;
  stop(): void;
}

/** Between two looks, milliseconds: what a person who waits to be called back loses at most. */
const LOOK_EVERY_MS = 1_000;

/** Watches for work that should not wait for a large batch. */
export function watchQueue(
  { store, policy }: Pick<DeliverDependencies, 'store' | 'policy'>,
  connectionId: ConnectionId,
): QueueWatch {
  const urgent = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    const { dueNow } = await store.ledger.nextDue(connectionId, PRIORITY.retry);
    if (dueNow) urgent.abort();
  }

  function lookAgain(): void {
    timer = setTimeout(() => {
      // Without our database the batch cannot be recorded either: it had better end, and say so itself.
      void look()
        .catch(() => {
          urgent.abort();
        })
        .finally(() => {
          if (timer !== undefined && !urgent.signal.aborted) lookAgain();
        });
    }, LOOK_EVERY_MS);
  }

  lookAgain();
  return {
    signal: AbortSignal.any([urgent.signal, AbortSignal.timeout(policy.largeBatchWait)]),
    stop: () => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
