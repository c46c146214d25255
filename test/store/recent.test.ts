import { NOTHING_WRITTEN } from '../../src/domain/plan.ts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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
  SYNCED,
  tenantId,
  tenantOf,
  type TestStore,
} from './open-test-store.ts';

let test: TestStore;

beforeAll(async () => {
  test = await openTestStore();
  await applyTenant(test.store, tenantOf('ten_acme', ['acme-1']));
  await applyTenant(test.store, tenantOf('ten_other', ['other-1']));
});
afterAll(() => test.close());

describe('what happened last', () => {
  it('is seen over all connections, newest change first, and no further than asked', async () => {
    const { inbox, ledger, connections } = test.store;
    await inbox.accept([eventOf('ten_acme', 'first')], { ...ACCEPT, now: at(0) });
    await inbox.accept([eventOf('ten_other', 'second')], { ...ACCEPT, now: at(1) });
    await inbox.accept([eventOf('ten_acme', 'b'), eventOf('ten_acme', 'a')], { ...ACCEPT, now: at(2) });
    const newest = async (limit: number) => (await ledger.recent(limit)).map((row) => row.conversationId);
    expect(await newest(10)).toEqual(['a', 'b', 'second', 'first']);
    const connection = connectionId('acme-1');
    const fence = await connections.takeFence(connection);
    await ledger.claim({ connectionId: connection, fence, limit: 1, now: at(3) });
    await ledger.record({
      tenantId: tenantId('ten_acme'),
      connectionId: connection,
      fence,
      now: at(4),
      rows: [recorded('first', SYNCED)],
      people: [],
    });
    expect(await newest(2)).toEqual(['first', 'a']);
    expect((await ledger.recent(1))[0]).toEqual({
      conversationId: 'first',
      connectionId: 'acme-1',
      state: 'synced',
      reason: 'written',
      updatedAt: at(4),
    });
  });

  it('is seen of one connection as a delivery would claim it, and stays where it is', async () => {
    const { ledger } = test.store;
    const connection = connectionId('acme-1');
    const before = await ledger.recent(10);
    const last = await ledger.peek({ connectionId: connection, last: 2 });
    expect(last.map((row) => row.conversationId)).toEqual(['first', 'a']);
    const named = { connectionId: connection, conversationIds: [conversationId('b'), conversationId('unheard-of')] };
    expect(await ledger.peek(named)).toMatchObject([{ conversationId: 'b', priority: 2, written: NOTHING_WRITTEN }]);
    expect(await ledger.peek({ ...named, conversationIds: [] })).toEqual([]);
    expect(await ledger.recent(10)).toEqual(before);
  });

  it('is told by tenant when an event came in, ignored ones included, whatever time the event itself names', async () => {
    const { inbox } = test.store;
    expect(await inbox.lastReceivedAt(tenantId('ten_silent'))).toBeUndefined();
    const before = await inbox.lastReceivedAt(tenantId('ten_other'));
    expect(before).toEqual(at(1));
    const ignored = { ...eventOf('ten_acme', 'x', 'call.started', { createdAt: NOW.toISOString() }), known: false };
    await inbox.accept([ignored], { ...ACCEPT, now: at(9) });
    expect(await inbox.lastReceivedAt(tenantId('ten_acme'))).toEqual(at(9));
    expect(await inbox.lastReceivedAt(tenantId('ten_other'))).toEqual(before);
  });
});
