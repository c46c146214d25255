import { setTimeout as pause } from 'node:timers/promises';
import { WAKE_EVERY_MS } from '../../temporal.config.ts';
import type { ConnectionId } from '../domain/ids.ts';

/** Fire-and-forget wake-ups. */
export interface Waker {
  /** Asks for each connection to be woken soon; returns at once and never throws. */
  wake(connectionIds: Iterable<ConnectionId>): void;
  /** Resolves when no wake-up is under way. */
  idle(): Promise<void>;
}

/**
 * Merges wake-ups. The first for a quiet connection goes out at once; however many are asked for while it is under way,
 * or shortly after, make one more. A wake-up says "look at the ledger", so a later one covers all earlier ones. A lost
 * one costs seconds: the sweep finds what stayed due.
 *
 * @param options.everyMs the least time between two wake-ups of one connection.
 */
export function createWaker(
  send: (connectionId: ConnectionId) => Promise<void>,
  onFailure: (connectionId: ConnectionId, error: unknown) => void,
  options: { readonly everyMs?: number } = {},
): Waker {
  const everyMs = options.everyMs ?? WAKE_EVERY_MS;
  const askedAgain = new Map<ConnectionId, boolean>();
  const underWay = new Set<Promise<void>>();

  async function run(connectionId: ConnectionId): Promise<void> {
    do {
      askedAgain.set(connectionId, false);
      try {
        await send(connectionId);
      } catch (error) {
        onFailure(connectionId, error);
      }
      await pause(everyMs);
    } while (askedAgain.get(connectionId) === true);
    askedAgain.delete(connectionId);
  }

  return {
    wake(connectionIds) {
      for (const connectionId of connectionIds) {
        if (askedAgain.has(connectionId)) {
          askedAgain.set(connectionId, true);
          continue;
        }
        const running = run(connectionId).finally(() => underWay.delete(running));
        underWay.add(running);
      }
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
