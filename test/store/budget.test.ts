import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PRIORITY } from '../../src/domain/ledger.ts';
import {
  ACCEPT,
  applyTenant,
  at,
  connectionId,
  eventOf,
  NOW,
  openTestStore,
  tenantOf,
  type TestStore,
} from './open-test-store.ts';

const first = connectionId('acme-1');
const second = connectionId('acme-2');
const NOTHING = { handoff: 0, live: 0, retry: 0, backfill: 0 };
const day = { day: '2026-03-02', resetsAt: at(3_600), allowed: 1_000, used: 40 };
let test: TestStore;

beforeAll(async () => {
  test = await openTestStore();
  await applyTenant(test.store, tenantOf('ten_acme', ['acme-1', 'acme-2']));
});

afterAll(async () => {
  await test.close();
});

describe('the calls of a day', () => {
  it('are added up over batches and classes, also when batches end at once, and survive a restart', async () => {
    const calls = { ...NOTHING, live: 3, handoff: 1 };
    await Promise.all(
      Array.from({ length: 10 }, () => test.store.budget.add({ connectionId: first, day, calls, now: NOW })),
    );
    await test.store.budget.add({ connectionId: first, day, calls: { ...NOTHING, backfill: 2 }, now: NOW });
    expect(await test.store.budget.callsOn(first, '2026-03-02')).toBe(42);
    expect(await test.store.budget.today(NOW)).toEqual([
      { connectionId: first, ...day, calls: { handoff: 10, live: 30, retry: 0, backfill: 2 } },
    ]);
  });

  it('are those of one connection and one day', async () => {
    expect(await test.store.budget.callsOn(second, '2026-03-02')).toBe(0);
    expect(await test.store.budget.callsOn(first, '2026-03-03')).toBe(0);
  });

  it('are over when the day is', async () => {
    expect(await test.store.budget.today(at(3_600))).toEqual([]);
    const tomorrow = { ...day, day: '2026-03-03', resetsAt: at(7_200), used: 5 };
    await test.store.budget.add({ connectionId: first, day: tomorrow, calls: { ...NOTHING, live: 5 }, now: at(3_600) });
    expect(await test.store.budget.today(at(3_600))).toEqual([
      { connectionId: first, ...tomorrow, calls: { ...NOTHING, live: 5 } },
    ]);
    expect(await test.store.budget.callsOn(first, '2026-03-02')).toBe(42);
  });
});

describe('a queue of which the budget admits only a part', () => {
  const names = (rows: readonly { readonly conversationId: string }[]) => rows.map((row) => row.conversationId);

  it('gives out what is admitted, says when that is due, and takes over nothing else', async () => {
    const { store } = test;
    await store.inbox.accept([eventOf('ten_acme', 'handoff', 'handoff.requested')], ACCEPT);
    await store.inbox.accept([eventOf('ten_acme', 'live')], ACCEPT);
    const due = { dueNow: true, nextDueAt: NOW };
    const nothing = { dueNow: false, nextDueAt: undefined };
    const claim = async (maxPriority?: 1 | 2) => {
      const fence = await store.connections.takeFence(second);
      return names(await store.ledger.claim({ connectionId: second, fence, limit: 9, maxPriority, now: NOW }));
    };
    expect(await store.ledger.nextDue(second, PRIORITY.handoff)).toEqual(due);
    expect(await claim(PRIORITY.handoff)).toEqual(['handoff']);
    expect(await store.ledger.nextDue(second, PRIORITY.handoff)).toEqual(nothing);
    expect(await store.ledger.nextDue(second)).toEqual(due);
    expect(await claim()).toEqual(['handoff', 'live']);
    // Both are now in the hands of a writer that is gone; only one of them may be taken over.
    expect(await claim(PRIORITY.handoff)).toEqual(['handoff']);
    expect(await store.ledger.nextDue(second, PRIORITY.handoff)).toEqual(nothing);
    expect((await store.ledger.nextDue(second)).dueNow).toBe(true);
  });
});
