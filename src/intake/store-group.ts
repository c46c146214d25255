import type { DuePolicy } from '../domain/due-time.ts';
import type { ConnectionId } from '../domain/ids.ts';
import { errorCode } from './error-code.ts';
import type { AcceptedEvent, IntakeLog, IntakeStore, Wake } from './ports.ts';

export interface StoreGroupDependencies {
  readonly store: Pick<IntakeStore, 'inbox'>;
  readonly wake: Wake;
  readonly clock: () => Date;
  readonly policy: DuePolicy;
  readonly retentionMs: number;
  readonly log: IntakeLog;
}

/**
 * Makes the function that puts a group of events on disk and then wakes the connections that have something to do. It also wakes
 * for a group whose senders are gone: what is stored is delivered, whoever was told so.
 */
export function createStoreGroup(
  dependencies: StoreGroupDependencies,
): (events: readonly AcceptedEvent[]) => Promise<readonly ('accepted' | 'duplicate')[]> {
  const { store, clock, policy, retentionMs } = dependencies;
  return async (events) => {
    const { outcomes, wake } = await store.inbox.accept(events, { now: clock(), policy, retentionMs });
    if (wake.length > 0) wakeQuietly(wake, dependencies);
    return outcomes;
  };
}

/** The events are on disk: a wake-up that fails must not turn their answer into a 503. The sweep makes up for it. */
function wakeQuietly(connectionIds: readonly ConnectionId[], { wake, log }: StoreGroupDependencies): void {
  try {
    wake(connectionIds);
  } catch (error) {
    log('intake.wake_failed', { connections: connectionIds.length, code: errorCode(error) });
  }
}
