import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { emailKey } from '../../src/domain/caller.ts';
import { PRIORITY, type RowOutcome } from '../../src/domain/ledger.ts';
import { acme, namesOf, oneConnection, written } from './one-connection.ts';
import {
  ACCEPT,
  at,
  conversationId,
  eventOf,
  NOW,
  openTestStore,
  recorded,
  SYNCED,
  tenantId,
  waitingUntil,
  type TestStore,
} from './open-test-store.ts';

let test: TestStore;
let acmeLife: ReturnType<typeof oneConnection>;

beforeAll(async () => {
  test = await openTestStore({ poolSize: 20 });
  acmeLife = oneConnection(test);
});

beforeEach(() => acmeLife.reset());

afterAll(async () => {
  await test.close();
});

describe('record', () => {
  it('writes the outcome, the attempt and the snapshot down together', async () => {
    await acmeLife.accept(['done-1'], at(-3));
    const { fence } = await acmeLife.claim();
    const result = await acmeLife.record(fence, [
      recorded('done-1', SYNCED, {
        written,
        mappingVersion: 'm1',
        snapshot: { body: { id: 'done-1' }, expiresAt: at(60) },
        trace: { rule: 'by phone' },
        calls: 4,
        startedAt: at(-1),
      }),
    ]);
    expect(result).toEqual({ recorded: ['done-1'], stale: [] });
    expect(await acmeLife.find('done-1')).toMatchObject({
      state: 'synced',
      reason: 'written',
      dueAt: undefined,
      mappingVersion: 'm1',
      written,
      syncedAt: NOW,
      freshnessMs: 3000,
    });
    expect(await test.store.attempts.list(acme, conversationId('done-1'), 9)).toEqual([
      { startedAt: at(-1), finishedAt: NOW, state: 'synced', reason: 'written', calls: 4, trace: { rule: 'by phone' } },
    ]);
    expect(await test.store.snapshots.get(tenantId('ten_acme'), conversationId('done-1'))).toEqual({
      takenAt: NOW,
      body: { id: 'done-1' },
    });
    expect(await test.store.snapshots.get(tenantId('ten_other'), conversationId('done-1'))).toBeUndefined();
  });

  it('takes nothing from a writer whose rows were taken over, not even the person it found', async () => {
    await acmeLife.accept(['over-1']);
    const old = await acmeLife.claim();
    const next = await acmeLife.claim();
    const result = await test.store.ledger.record({
      tenantId: tenantId('ten_acme'),
      connectionId: acme,
      fence: old.fence,
      now: NOW,
      rows: [recorded('over-1', SYNCED, { written })],
      people: [{ key: emailKey('zoe@example.com'), ref: { object: 'contacts', id: '9' }, createdByUs: true }],
    });
    expect(result).toEqual({ recorded: [], stale: ['over-1'] });
    expect(await acmeLife.find('over-1')).toMatchObject({ state: 'in_progress', fence: next.fence });
    expect(await test.sql('select 1 from people')).toEqual([]);
    expect(await test.sql('select 1 from attempts')).toEqual([]);
    expect((await acmeLife.record(next.fence, [recorded('over-1', SYNCED)])).recorded).toEqual(['over-1']);
  });

  it('records the rows it still holds when others of the batch were taken over', async () => {
    await acmeLife.accept(['held-1', 'held-2']);
    const { fence } = await acmeLife.claim();
    await test.sql(`update ledger set fence = fence + 1 where conversation_id = 'held-2'`);
    expect(await acmeLife.record(fence, [recorded('held-1', SYNCED), recorded('held-2', SYNCED)])).toEqual({
      recorded: ['held-1'],
      stale: ['held-2'],
    });
    expect(await acmeLife.find('held-1')).toMatchObject({ state: 'synced' });
  });

  it('a repeated record of the same batch changes nothing', async () => {
    await acmeLife.accept(['once-1']);
    const { fence } = await acmeLife.claim();
    await acmeLife.record(fence, [recorded('once-1', SYNCED)]);
    expect(await acmeLife.record(fence, [recorded('once-1', waitingUntil(at(9)))])).toEqual({
      recorded: [],
      stale: ['once-1'],
    });
    expect(await test.store.attempts.list(acme, conversationId('once-1'), 9)).toHaveLength(1);
  });

  it('an event that arrives during a delivery makes the row due once more, with what was written kept', async () => {
    await acmeLife.accept(['meanwhile-1']);
    const { fence } = await acmeLife.claim();
    await test.store.inbox.accept([eventOf('ten_acme', 'meanwhile-1', 'handoff.requested')], { ...ACCEPT, now: at(2) });
    expect(await acmeLife.find('meanwhile-1')).toMatchObject({ state: 'in_progress', dueAt: at(2) });
    await acmeLife.record(fence, [recorded('meanwhile-1', SYNCED, { written })], at(3));
    expect(await acmeLife.find('meanwhile-1')).toMatchObject({
      state: 'due',
      reason: 'event_received',
      priority: PRIORITY.handoff,
      dueAt: at(2),
      dueSince: at(2),
      written,
      syncedAt: at(3),
    });
    expect(namesOf((await acmeLife.claim(at(3))).rows)).toEqual(['meanwhile-1']);
  });

  it('call.started during a delivery asks for nothing', async () => {
    await acmeLife.accept(['started-1']);
    const { fence } = await acmeLife.claim();
    await test.store.inbox.accept([eventOf('ten_acme', 'started-1', 'call.started')], ACCEPT);
    await acmeLife.record(fence, [recorded('started-1', SYNCED)]);
    expect(await acmeLife.find('started-1')).toMatchObject({ state: 'synced', dueAt: undefined });
  });

  it('a failure still owes the delivery since it was first owed, a poll owes the next one only', async () => {
    await acmeLife.accept(['owed-1', 'owed-2']);
    const { fence } = await acmeLife.claim();
    const active: RowOutcome = { ...SYNCED, state: 'waiting', reason: 'conversation_active', dueAt: at(900) };
    await acmeLife.record(fence, [recorded('owed-1', waitingUntil(at(9))), recorded('owed-2', active)]);
    expect(await acmeLife.find('owed-1')).toMatchObject({ dueSince: NOW, dueAt: at(9), vendorCode: 'timeout' });
    expect(await acmeLife.find('owed-2')).toMatchObject({ dueSince: at(900), dueAt: at(900) });
  });

  it('an attempt without a plan keeps the mapping version and the snapshot of the last one', async () => {
    await acmeLife.accept(['keep-1']);
    const first = await acmeLife.claim();
    const snapshot = { body: 'first', expiresAt: at(60) };
    await acmeLife.record(first.fence, [recorded('keep-1', waitingUntil(NOW), { mappingVersion: 'm1', snapshot })]);
    const second = await acmeLife.claim();
    await acmeLife.record(second.fence, [recorded('keep-1', SYNCED)]);
    expect(await acmeLife.find('keep-1')).toMatchObject({ mappingVersion: 'm1' });
    expect((await test.store.snapshots.get(tenantId('ten_acme'), conversationId('keep-1')))?.body).toBe('first');
    const [newest] = await test.store.attempts.list(acme, conversationId('keep-1'), 1);
    expect(newest).toMatchObject({ state: 'synced' });
  });

  it.each([
    ['waits without a due time', { ...waitingUntil(NOW), dueAt: undefined }],
    ['rests with a due time', { ...SYNCED, dueAt: NOW }],
  ])('refuses an outcome that %s before it touches the batch', async (_name, outcome) => {
    await acmeLife.accept(['wrong-1']);
    const { fence } = await acmeLife.claim();
    await expect(acmeLife.record(fence, [recorded('wrong-1', outcome)])).rejects.toThrow(TypeError);
    expect(await acmeLife.find('wrong-1')).toMatchObject({ state: 'in_progress' });
  });
});

describe('release', () => {
  const release = (fence: number, ids: readonly string[], dueAt: Date) =>
    test.store.ledger.release({
      connectionId: acme,
      fence,
      conversationIds: ids.map(conversationId),
      dueAt,
      reason: 'crm_rate_limited',
    });

  it('puts rows back to wait without charging an attempt, and leaves rows of other writers alone', async () => {
    await acmeLife.accept(['back-1', 'back-2']);
    const { fence } = await acmeLife.claim();
    await test.sql(`update ledger set fence = fence + 1 where conversation_id = 'back-2'`);
    await release(fence, ['back-1', 'back-2'], at(30));
    expect(await acmeLife.find('back-1')).toMatchObject({
      state: 'waiting',
      reason: 'crm_rate_limited',
      attempts: 0,
      dueAt: at(30),
      dueSince: NOW,
    });
    expect(await acmeLife.find('back-2')).toMatchObject({ state: 'in_progress' });
  });

  it('what arrived meanwhile is due at its own time', async () => {
    await acmeLife.accept(['back-3']);
    const { fence } = await acmeLife.claim();
    await acmeLife.accept(['back-3'], at(1));
    await release(fence, ['back-3'], at(30));
    expect(await acmeLife.find('back-3')).toMatchObject({ state: 'due', reason: 'event_received', dueAt: at(1) });
  });
});

describe('retention', () => {
  it('deletes attempts and snapshots past their time, a bounded number at once', async () => {
    const ids = ['old-1', 'old-2', 'old-3'];
    await acmeLife.accept(ids);
    const { fence } = await acmeLife.claim();
    const snapshot = { body: 'x', expiresAt: at(60) };
    await acmeLife.record(
      fence,
      ids.map((id) => recorded(id, SYNCED, { snapshot })),
    );
    expect(await test.store.attempts.purgeExpired(at(59), 60_000, 10)).toBe(0);
    expect(await test.store.attempts.purgeExpired(at(60), 60_000, 2)).toBe(2);
    expect(await test.store.attempts.purgeExpired(at(60), 60_000, 2)).toBe(1);
    expect(await test.store.snapshots.purgeExpired(at(59), 10)).toBe(0);
    expect(await test.store.snapshots.purgeExpired(at(60), 10)).toBe(3);
  });
});
