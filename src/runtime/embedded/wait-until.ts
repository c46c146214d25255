import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 25;

/**
 * Asks until the answer is something other than `undefined`.
 * @returns the answer, or `undefined` when `deadline` came first
 */
export async function waitUntil<T>(ask: () => Promise<T | undefined>, deadline: AbortSignal): Promise<T | undefined> {
  while (!deadline.aborted) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await delay(POLL_MS);
  }
  return undefined;
}
