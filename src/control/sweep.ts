import { SWEEP } from '../../temporal.config.ts';
import type { ConnectionId } from '../domain/ids.ts';

/** Looks from time to time for work that is due while nobody was woken for it. */
export interface Sweep {
  start(): void;
  /** Resolves when a round that was under way has ended. */
  stop(): Promise<void>;
  /** One round; returns how many connections were woken. */
  once(): Promise<number>;
}

/**
 * Makes up for lost wake-ups: Temporal was down when an event came, a workflow was terminated by hand, a process died
 * between commit and signal. What is in the ledger is delivered; this only decides how soon.
 */
export function createSweep(options: {
  readonly overdue: (query: { readonly now: Date; readonly olderThanMs: number }) => Promise<readonly ConnectionId[]>;
  readonly wake: (connectionIds: readonly ConnectionId[]) => void;
  readonly onFailure: (error: unknown) => void;
  readonly now?: () => Date;
  readonly everyMs?: number;
  readonly overdueAfterMs?: number;
}): Sweep {
  const now = options.now ?? (() => new Date());
  const overdueAfterMs = options.overdueAfterMs ?? SWEEP.overdueAfterMs;
  let timer: NodeJS.Timeout | undefined;
  let stopped = true;
  let round: Promise<unknown> = Promise.resolve();

  async function once(): Promise<number> {
    const connections = await options.overdue({ now: now(), olderThanMs: overdueAfterMs });
    if (connections.length > 0) options.wake(connections);
    return connections.length;
  }

  function next(): void {
    if (stopped) return;
    timer = setTimeout(() => {
      // The next round is armed when this one has ended: a slow database is not asked twice at once.
      round = once().catch(options.onFailure).finally(next);
    }, options.everyMs ?? SWEEP.everyMs);
  }

  return {
    once,
    start() {
      if (!stopped) return;
      stopped = false;
      next();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await round;
    },
  };
}
