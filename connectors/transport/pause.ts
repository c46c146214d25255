import { setTimeout as timer } from 'node:timers/promises';

/** Waits so many milliseconds, or until the signal is aborted. An aborted wait is a finished one. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

/** Waits by the system's clock. */
export const pause: Pause = async (ms, signal) => {
  await timer(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
};
