import { setTimeout as delay } from 'node:timers/promises';

/** Waits; returns early, and without an error, when `stopping` is aborted. */
export async function pauseUnless(stopping: AbortSignal, ms: number): Promise<void> {
  try {
    await delay(ms, undefined, { signal: stopping });
  } catch (error) {
    if (!stopping.aborted) throw error;
  }
}
