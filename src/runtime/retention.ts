import type { Store } from '../store/store.ts';
import { pauseUnless } from './pause.ts';

const HOUR_MS = 3_600_000;

/** How long the trace of an attempt is kept for `explain`. The inbox and the snapshots carry their own ends. */
const KEEP_ATTEMPTS_MS = 90 * 24 * HOUR_MS;

/** Rows per statement: small enough that a purge holds up no delivery. */
const SLICE = 1_000;

/** What is kept only for a time. */
export type ExpiringStore = {
  readonly [K in 'inbox' | 'snapshots' | 'attempts']: Pick<Store[K], 'purgeExpired'>;
};

/** Deletes what has outlived its purpose; returns how many rows went. */
export async function purgeExpired(store: ExpiringStore, now: Date): Promise<number> {
  return (
    (await inSlices(() => store.inbox.purgeExpired(now, SLICE))) +
    (await inSlices(() => store.snapshots.purgeExpired(now, SLICE))) +
    (await inSlices(() => store.attempts.purgeExpired(now, KEEP_ATTEMPTS_MS, SLICE)))
  );
}

/** Purges at once and then every hour, until told to stop; a round that fails is told about and tried again. */
export async function runRetention(options: {
  readonly store: ExpiringStore;
  readonly stopping: AbortSignal;
  readonly onPurged: (rows: number) => void;
  readonly onFailure: (error: unknown) => void;
  readonly everyMs?: number;
}): Promise<void> {
  while (!options.stopping.aborted) {
    try {
      const rows = await purgeExpired(options.store, new Date());
      if (rows > 0) options.onPurged(rows);
    } catch (error) {
      options.onFailure(error);
    }
    await pauseUnless(options.stopping, options.everyMs ?? HOUR_MS);
  }
}

async function inSlices(purge: () => Promise<number>): Promise<number> {
  let total = 0;
  for (;;) {
    const purged = await purge();
    total += purged;
    if (purged < SLICE) return total;
  }
}
