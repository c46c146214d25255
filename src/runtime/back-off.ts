const FIRST_MS = 200;
const LONGEST_MS = 15_000;

/** How long to wait before the n-th attempt in a row (from 1): 0.2 s, doubled each time, 15 s at most. */
export function backOffMs(attempt: number): number {
  return Math.min(FIRST_MS * 2 ** (attempt - 1), LONGEST_MS);
}
