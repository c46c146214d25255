import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PRIORITY } from '../../src/domain/ledger.ts';
import { acme, namesOf, oneConnection, written } from './one-connection.ts';
import { ACCEPT, at, eventOf, NOW, openTestStore, recorded, waitingUntil, type TestStore } from './open-test-store.ts';

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

describe('claim', () => {
  it('takes the most urgent first, then the longest due, and nothing that is not due yet', async () => {
    await acmeLife.accept(['live-new'], at(-1));
    await acmeLife.accept(['live-old'], at(-9));
    await acmeLife.accept(['future'], at(1));
    await test.store.inbox.accept([eventOf('ten_acme', 'handoff', 'handoff.requested')], ACCEPT);
    await acmeLife.accept(['backfill'], at(-99));
    await test.sql(`update ledger set priority = $1 where conversation_id = 'backfill'`, [PRIORITY.backfill]);
    expect(namesOf((await acmeLife.claim(NOW, 3)).rows)).toEqual(['handoff', 'live-old', 'live-new']);
    expect(namesOf(await test.store.ledger.claim({ connectionId: acme, fence: 1, limit: 9, now: NOW }))).toEqual([
      'backfill',
    ]);
  });

  it('never gives one row to two claimers that run at once', async () => {
    const all = Array.from({ length: 200 }, (_, index) => `race-${index}`);
    await acmeLife.accept(all);
    const fence = await test.store.connections.takeFence(acme);
    const claims = await Promise.all(
      Array.from({ length: 20 }, () => test.store.ledger.claim({ connectionId: acme, fence, limit: 10, now: NOW })),
    );
    const taken = claims.flatMap(namesOf);
    expect(new Set(taken).size).toBe(taken.length);
    const rest = await test.store.ledger.claim({ connectionId: acme, fence, limit: 200, now: NOW });
    expect([...taken, ...namesOf(rest)].toSorted()).toEqual(all.toSorted());
  });

  it('takes over what an earlier writer left in progress', async () => {
    await acmeLife.accept(['left-1', 'left-2']);
    await acmeLife.claim();
    expect(namesOf((await acmeLife.claim()).rows).toSorted()).toEqual(['left-1', 'left-2']);
  });

  it('gives nothing to a writer whose token is no longer the newest', async () => {
    await acmeLife.accept(['mine-1']);
    const old = await test.store.connections.takeFence(acme);
    await test.store.connections.takeFence(acme);
    expect(await test.store.ledger.claim({ connectionId: acme, fence: old, limit: 9, now: NOW })).toEqual([]);
    expect(await acmeLife.find('mine-1')).toMatchObject({ state: 'due', dueAt: NOW });
  });

  it('hands out what was written before and how often it failed', async () => {
    await acmeLife.accept(['again-1']);
    const first = await acmeLife.claim();
    expect(first.rows[0]).toMatchObject({ attempts: 0, failingSince: undefined, firstHeardAt: NOW });
    expect(first.rows[0]?.written).toEqual({ person: undefined, activity: undefined, task: undefined });
    await acmeLife.record(first.fence, [recorded('again-1', waitingUntil(at(5)), { written })]);
    expect((await acmeLife.claim(at(5))).rows[0]).toMatchObject({ attempts: 1, failingSince: NOW, written });
  });
});
