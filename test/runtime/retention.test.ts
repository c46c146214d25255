import { describe, expect, it } from '@jest/globals';
import { purgeExpired, runRetention, type ExpiringStore } from '../../src/runtime/retention.ts';

/** A store that has so many expired rows of each kind. */
function storeWith(rows: { inbox: number; snapshots: number; attempts: number }): ExpiringStore {
  const purge = (kind: keyof typeof rows) => (limit: number) => {
    const purged = Math.min(limit, rows[kind]);
    rows[kind] -= purged;
    return Promise.resolve(purged);
  };
  return {
    inbox: { purgeExpired: (_now, limit) => purge('inbox')(limit) },
    snapshots: { purgeExpired: (_now, limit) => purge('snapshots')(limit) },
    attempts: { purgeExpired: (_now, _keep, limit) => purge('attempts')(limit) },
  };
}

describe('retention', () => {
  it('deletes everything that has expired, however much, in slices', async () => {
    const rows = { inbox: 2_500, snapshots: 1_000, attempts: 1 };
    expect(await purgeExpired(storeWith(rows), new Date())).toBe(3_501);
    expect(rows).toEqual({ inbox: 0, snapshots: 0, attempts: 0 });
  });

  it('goes on after a round that failed, and ends when the process stops', async () => {
    const stopping = new AbortController();
    const failures: unknown[] = [];
    const store = storeWith({ inbox: 3, snapshots: 0, attempts: 0 });
    let rounds = 0;
    const failsFirst: ExpiringStore = {
      ...store,
      inbox: {
        purgeExpired: (now, limit) => {
          rounds += 1;
          return rounds === 1 ? Promise.reject(new Error('away')) : store.inbox.purgeExpired(now, limit);
        },
      },
    };
    await runRetention({
      store: failsFirst,
      stopping: stopping.signal,
      onPurged: () => stopping.abort(),
      onFailure: (error) => failures.push(error),
      everyMs: 1,
    });
    expect([failures.length, rounds]).toEqual([1, 2]);
  });
});
