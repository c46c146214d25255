import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PRIORITY, type RowOutcome } from '../../src/domain/ledger.ts';
import {
  ACCEPT,
  applyTenant,
  at,
  connectionId,
  conversationId,
  eventOf,
  NOW,
  openTestStore,
  recorded,
  restingIn,
  SYNCED,
  tenantId,
  tenantOf,
  waitingUntil,
  type TestStore,
} from './open-test-store.ts';

const first = connectionId('acme-1');
const second = connectionId('acme-2');
let test: TestStore;

beforeAll(async () => {
  test = await openTestStore();
});

beforeEach(async () => {
  test.clock.now = NOW;
  await test.sql('truncate ledger, attempts, connections');
  await applyTenant(test.store, tenantOf('ten_acme', ['acme-1', 'acme-2']));
});

afterAll(async () => {
  await test.close();
});

const accept = (names: readonly string[], now = NOW) =>
  test.store.inbox.accept(
    names.map((name) => eventOf('ten_acme', name)),
    { ...ACCEPT, now },
  );

/** Claims what is due on the first connection and ends it as said. */
async function deliver(outcomes: Readonly<Record<string, RowOutcome>>, now = NOW): Promise<void> {
  const fence = await test.store.connections.takeFence(first);
  await test.store.ledger.claim({ connectionId: first, fence, limit: 1000, now });
  const rows = Object.entries(outcomes).map(([name, outcome]) => recorded(name, outcome));
  await test.store.ledger.record({ tenantId: tenantId('ten_acme'), connectionId: first, fence, now, rows, people: [] });
}

describe('nextDue', () => {
  it('says when the queue wants attention', async () => {
    expect(await test.store.ledger.nextDue(first)).toEqual({ dueNow: false, nextDueAt: undefined });
    await accept(['a', 'b']);
    expect(await test.store.ledger.nextDue(first)).toEqual({ dueNow: true, nextDueAt: NOW });
    await deliver({ a: waitingUntil(at(60)), b: waitingUntil(at(30)) });
    expect(await test.store.ledger.nextDue(first)).toEqual({ dueNow: false, nextDueAt: at(30) });
    test.clock.now = at(30);
    expect(await test.store.ledger.nextDue(first)).toEqual({ dueNow: true, nextDueAt: at(30) });
  });

  it('finds the earliest due time under any priority', async () => {
    await accept(['a', 'b', 'c', 'd']);
    await deliver(Object.fromEntries(['a', 'b', 'c', 'd'].map((name, i) => [name, waitingUntil(at(40 - i))])));
    for (const priority of Object.values(PRIORITY)) {
      await test.sql(`update ledger set priority = $1 where conversation_id = 'd'`, [priority]);
      expect((await test.store.ledger.nextDue(first)).nextDueAt).toEqual(at(37));
    }
  });

  it('takes what a gone writer left for due, and what the present writer holds for busy', async () => {
    await accept(['a']);
    const fence = await test.store.connections.takeFence(first);
    await test.store.ledger.claim({ connectionId: first, fence, limit: 9, now: NOW });
    expect((await test.store.ledger.nextDue(first)).dueNow).toBe(false);
    await test.store.connections.takeFence(first);
    expect((await test.store.ledger.nextDue(first)).dueNow).toBe(true);
  });
});

describe('overdue', () => {
  const overdue = (now: Date) => test.store.ledger.overdue({ now, olderThanMs: 5000 });

  it('names connections with work that nobody took, after a while', async () => {
    await accept(['a']);
    expect(await overdue(at(4))).toEqual([]);
    expect(await overdue(at(5))).toEqual(['acme-1', 'acme-2']);
    await deliver({ a: SYNCED });
    expect(await overdue(at(5))).toEqual(['acme-2']);
  });

  it('names connections whose writer fell silent', async () => {
    await accept(['a']);
    const fence = await test.store.connections.takeFence(first);
    await test.store.ledger.claim({ connectionId: first, fence, limit: 9, now: NOW });
    // An event for the row that is held says nothing about its writer.
    await accept(['a'], at(50));
    expect(await overdue(at(59))).not.toContain('acme-1');
    expect(await overdue(at(60))).toContain('acme-1');
  });

  it('leaves out connections that may not work', async () => {
    await accept(['a']);
    await test.store.connections.pause(first);
    await test.store.connections.park(second, at(60), 'hubspot.RATE_LIMITS');
    expect(await overdue(at(59))).toEqual([]);
    expect(await overdue(at(60))).toEqual(['acme-2']);
  });
});

describe('requeue', () => {
  it('makes one conversation due now at every connection, with a clean slate', async () => {
    await accept(['a', 'b']);
    await deliver({ a: { ...restingIn('failed'), attempts: 7, failingSince: at(-9) }, b: SYNCED });
    const result = await test.store.ledger.requeue({ conversationId: conversationId('a'), now: at(5) });
    // At the second connection it is due already.
    expect(result).toEqual({ requeued: 1, connections: ['acme-1'] });
    expect((await test.store.ledger.find(conversationId('a'), first))[0]).toMatchObject({
      state: 'due',
      reason: 'retry_requested',
      askedBy: 'retry',
      priority: PRIORITY.retry,
      dueAt: at(5),
      dueSince: at(5),
      attempts: 0,
      failingSince: undefined,
    });
  });

  it('takes rows that fit every filter given', async () => {
    await accept(['a', 'b', 'c']);
    await deliver({ a: restingIn('failed'), b: restingIn('skipped'), c: restingIn('failed') });
    const requeue = (more: object) => test.store.ledger.requeue({ now: NOW, ...more });
    expect(await requeue({ connectionId: second })).toEqual({ requeued: 0, connections: [] });
    expect(await requeue({ connectionId: second, reason: 'crm_refused_record' })).toMatchObject({ requeued: 0 });
    expect(await requeue({ connectionId: first, reason: 'caller_withheld' })).toMatchObject({ requeued: 1 });
    expect(await requeue({ reason: 'crm_refused_record' })).toEqual({ requeued: 2, connections: ['acme-1'] });
  });

  it('leaves a row with its writer, and an urgent one urgent', async () => {
    await accept(['held']);
    const fence = await test.store.connections.takeFence(first);
    await test.store.ledger.claim({ connectionId: first, fence, limit: 9, now: NOW });
    expect(await test.store.ledger.requeue({ connectionId: first, now: NOW })).toMatchObject({ requeued: 0 });
    await deliver({ held: waitingUntil(at(60)) });
    await test.sql(`update ledger set priority = $1`, [PRIORITY.handoff]);
    await test.store.ledger.requeue({ connectionId: first, now: NOW });
    expect((await test.store.ledger.find(conversationId('held'), first))[0]).toMatchObject({
      state: 'due',
      priority: PRIORITY.handoff,
    });
  });

  it('delivers a conversation at once that was only due later', async () => {
    await test.store.inbox.accept([eventOf('ten_acme', 'later', 'call.started')], ACCEPT);
    expect(await test.store.ledger.requeue({ conversationId: conversationId('later'), now: NOW })).toMatchObject({
      requeued: 2,
    });
    expect((await test.store.ledger.nextDue(first)).dueNow).toBe(true);
  });

  it('refuses to requeue everything', async () => {
    await expect(test.store.ledger.requeue({ now: NOW })).rejects.toThrow(TypeError);
  });
});

describe('summary', () => {
  it('counts by state and reason, says what is oldest and how fresh, also for a connection without rows', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `s-${index}`);
    for (const [index, name] of names.entries()) await accept([name], at(-index - 1));
    await deliver({ ...Object.fromEntries(names.map((name) => [name, SYNCED])), 's-19': waitingUntil(at(9)) });
    await test.sql(`delete from ledger where connection_id = 'acme-2'`);
    const [summary, empty] = await test.store.ledger.summary(NOW);
    expect(summary).toEqual({
      connectionId: 'acme-1',
      tenantId: 'ten_acme',
      counts: { due: 0, in_progress: 0, waiting: 1, synced: 19, skipped: 0, needs_review: 0, failed: 0 },
      reasons: [
        { state: 'synced', reason: 'written', count: 19 },
        { state: 'waiting', reason: 'crm_unavailable', count: 1 },
      ],
      oldestDueSince: at(-20),
      // 1 to 19 seconds: the 10th and the 19th of 19 values.
      freshness: { p50Ms: 10_000, p95Ms: 19_000, samples: 19 },
    });
    expect(empty).toMatchObject({
      connectionId: 'acme-2',
      reasons: [],
      oldestDueSince: undefined,
      freshness: undefined,
    });
  });

  it('takes only the last day for freshness, and no backfill', async () => {
    await accept(['day', 'backfill']);
    await deliver({ day: SYNCED, backfill: SYNCED });
    await test.sql(`update ledger set priority = $1 where conversation_id = 'backfill'`, [PRIORITY.backfill]);
    expect((await test.store.ledger.summary(at(86_399)))[0]?.freshness?.samples).toBe(1);
    expect((await test.store.ledger.summary(at(86_400)))[0]?.freshness).toBeUndefined();
  });
});
