import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PRIORITY } from '../../src/domain/ledger.ts';
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
  type TestStore,
} from './open-test-store.ts';

let test: TestStore;
let unreadable = 0;

beforeAll(async () => {
  test = await openTestStore({ onUnreadableEvents: (count) => (unreadable += count), poolSize: 20 });
  await applyTenant(test.store, tenantOf('ten_acme', ['acme-1', 'acme-2']));
  await applyTenant(test.store, tenantOf('ten_other', ['other-1']));
});

afterAll(async () => {
  await test.close();
});

interface Row {
  readonly connection_id: string;
  readonly state: string;
  readonly reason: string;
  readonly priority: number;
  readonly due_at: Date | null;
  readonly due_since: Date;
}

const rowsOf = (conversation: string) =>
  test.sql<Row>(
    `select connection_id, state, reason, priority, due_at, due_since from ledger where conversation_id = $1 order by 1`,
    [conversation],
  );

async function deliver(connection: string, conversation: string, outcome = SYNCED): Promise<void> {
  const fence = await test.store.connections.takeFence(connectionId(connection));
  await test.store.ledger.claim({ connectionId: connectionId(connection), fence, limit: 1000, now: at(1e6) });
  const result = await test.store.ledger.record({
    tenantId: tenantId('ten_acme'),
    connectionId: connectionId(connection),
    fence,
    now: NOW,
    rows: [recorded(conversation, outcome)],
    people: [],
  });
  expect(result.recorded).toEqual([conversation]);
}

describe('accept', () => {
  it('makes a new conversation due at every connection of its tenant and of no other', async () => {
    const { outcomes, wake } = await test.store.inbox.accept([eventOf('ten_acme', 'new-1')], ACCEPT);
    expect(outcomes).toEqual(['accepted']);
    expect(wake).toEqual(['acme-1', 'acme-2']);
    const row = { state: 'due', reason: 'event_received', priority: PRIORITY.live, due_at: NOW, due_since: NOW };
    expect(await rowsOf('new-1')).toEqual([
      { connection_id: 'acme-1', ...row },
      { connection_id: 'acme-2', ...row },
    ]);
  });

  it('accepts one of fifty deliveries of an event that arrive at once', async () => {
    const event = eventOf('ten_acme', 'parallel-1');
    const results = await Promise.all(Array.from({ length: 50 }, () => test.store.inbox.accept([event], ACCEPT)));
    expect(results.filter(({ outcomes }) => outcomes[0] === 'accepted')).toHaveLength(1);
    expect(results.filter(({ wake }) => wake.length > 0)).toHaveLength(1);
    expect(await rowsOf('parallel-1')).toHaveLength(2);
  });

  it('accepts an event once that stands twice in a group, and says which', async () => {
    const [a, b] = [eventOf('ten_acme', 'twice-1'), eventOf('ten_acme', 'twice-2')];
    const { outcomes } = await test.store.inbox.accept([a, b, { ...a }], ACCEPT);
    expect(outcomes).toEqual(['accepted', 'accepted', 'duplicate']);
    const again = await test.store.inbox.accept([b, eventOf('ten_acme', 'twice-3')], ACCEPT);
    expect(again.outcomes).toEqual(['duplicate', 'accepted']);
  });

  it('takes equal event ids of two tenants for two events', async () => {
    const { outcomes } = await test.store.inbox.accept(
      [
        eventOf('ten_acme', 'same-1', 'handoff.requested', { eventId: 'evt_same' }),
        eventOf('ten_other', 'same-1', 'call.started', { eventId: 'evt_same' }),
      ],
      ACCEPT,
    );
    expect(outcomes).toEqual(['accepted', 'accepted']);
    const rows = await rowsOf('same-1');
    expect(rows.map((row) => [row.connection_id, row.priority, row.due_at])).toEqual([
      ['acme-1', PRIORITY.handoff, NOW],
      ['acme-2', PRIORITY.handoff, NOW],
      ['other-1', PRIORITY.live, at(900)],
    ]);
  });

  it('a duplicate makes nothing due again', async () => {
    const event = eventOf('ten_acme', 'dup-1');
    await test.store.inbox.accept([event], ACCEPT);
    await deliver('acme-1', 'dup-1');
    const { wake } = await test.store.inbox.accept([event], ACCEPT);
    expect(wake).toEqual([]);
    expect((await rowsOf('dup-1'))[0]).toMatchObject({ connection_id: 'acme-1', state: 'synced' });
  });

  it('keeps an event of an unknown type as ignored, and makes nothing due', async () => {
    const event = { ...eventOf('ten_acme', 'ignored-1'), type: 'invoice.paid\0', known: false };
    const { outcomes, wake } = await test.store.inbox.accept([event], ACCEPT);
    expect([outcomes, wake]).toEqual([['accepted'], []]);
    expect(await rowsOf('ignored-1')).toEqual([]);
    expect(await test.sql(`select type, ignored from inbox where event_id = $1`, [event.eventId])).toEqual([
      { type: 'invoice.paid', ignored: true },
    ]);
  });

  it.each(['0000-01-01T00:00:00Z', '+275760-09-13T00:00:00Z', 'no instant'])(
    'one event with the instant %s does not keep its neighbours out',
    async (createdAt) => {
      const strange = eventOf('ten_acme', 'strange-1', 'conversation.completed', { createdAt });
      const { outcomes } = await test.store.inbox.accept([strange, eventOf('ten_acme', 'neighbour-1')], ACCEPT);
      expect(outcomes).toEqual(['accepted', 'accepted']);
    },
  );

  it('takes an empty group, and events of a tenant without connections', async () => {
    expect(await test.store.inbox.accept([], ACCEPT)).toEqual({ outcomes: [], wake: [] });
    expect(await test.store.inbox.accept([eventOf('ten_nobody', 'c')], ACCEPT)).toEqual({
      outcomes: ['accepted'],
      wake: [],
    });
  });

  it('call.started does not deliver again what was delivered, a later event does', async () => {
    await test.store.inbox.accept([eventOf('ten_acme', 'late-1')], ACCEPT);
    await deliver('acme-1', 'late-1', restingIn('skipped'));
    await test.store.inbox.accept([eventOf('ten_acme', 'late-1', 'call.started')], ACCEPT);
    expect((await rowsOf('late-1'))[0]).toMatchObject({ state: 'skipped', due_at: null });
    const later = at(60);
    const { wake } = await test.store.inbox.accept([eventOf('ten_acme', 'late-1', 'handoff.requested')], {
      ...ACCEPT,
      now: later,
    });
    expect(wake).toContain('acme-1');
    expect((await rowsOf('late-1'))[0]).toMatchObject({
      state: 'due',
      priority: PRIORITY.handoff,
      due_at: later,
      due_since: later,
    });
  });

  it('counts freshness from the event that has content, not from the start of the call', async () => {
    await test.store.inbox.accept([eventOf('ten_acme', 'fresh-1', 'call.started')], ACCEPT);
    await test.store.inbox.accept([eventOf('ten_acme', 'fresh-1')], { ...ACCEPT, now: at(300) });
    expect((await rowsOf('fresh-1'))[0]).toMatchObject({ due_at: at(300), due_since: at(300) });
  });

  it('wakes no connection that may not work', async () => {
    await applyTenant(test.store, tenantOf('ten_idle', ['idle-paused', 'idle-broken', 'idle-parked', 'idle-not']));
    await test.store.connections.pause(connectionId('idle-paused'));
    await test.store.connections.markBroken(connectionId('idle-broken'), 'hubspot.EXPIRED', NOW);
    await test.store.connections.park(connectionId('idle-parked'), at(1), 'hubspot.RATE_LIMITS');
    const { wake } = await test.store.inbox.accept([eventOf('ten_idle', 'idle-1')], ACCEPT);
    expect(wake).toEqual(['idle-not']);
    expect(await rowsOf('idle-1')).toHaveLength(4);
    const later = await test.store.inbox.accept([eventOf('ten_idle', 'idle-1')], { ...ACCEPT, now: at(2) });
    expect(later.wake).toEqual(['idle-not', 'idle-parked']);
  });

  it('takes many groups with common conversations in any order at once, and loses none', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `crossing-${index}`);
    const groups = Array.from({ length: 20 }, (_, index) =>
      (index % 2 === 0 ? names : names.toReversed()).map((name) => eventOf('ten_acme', name)),
    );
    const results = await Promise.all(groups.map((group) => test.store.inbox.accept(group, ACCEPT)));
    expect(results.flatMap(({ outcomes }) => outcomes).every((outcome) => outcome === 'accepted')).toBe(true);
    const stored = await test.sql(`select 1 from inbox where conversation_id like 'crossing-%'`);
    expect(stored).toHaveLength(20 * 30);
  });
});

describe('factsOf', () => {
  it('says what the events of each conversation say, oldest first, and counts what cannot be read', async () => {
    const { eventId, ...broken } = eventOf('ten_acme', 'facts-1');
    await test.store.inbox.accept(
      [
        eventOf('ten_acme', 'facts-1', 'conversation.completed', {
          createdAt: at(9).toISOString(),
          fromNumber: '+1555',
        }),
        eventOf('ten_acme', 'facts-1', 'call.started', { createdAt: at(1).toISOString() }),
        { ...broken, eventId, body: Buffer.from('{"not":"an event"}') },
        { ...eventOf('ten_acme', 'facts-1'), body: Buffer.from('{') },
        eventOf('ten_other', 'facts-1', 'handoff.requested'),
      ],
      ACCEPT,
    );
    unreadable = 0;
    const facts = await test.store.inbox.factsOf(tenantId('ten_acme'), ['facts-1', 'facts-2'].map(conversationId));
    expect(unreadable).toBe(2);
    expect(facts.get(conversationId('facts-2'))).toEqual([]);
    expect(facts.get(conversationId('facts-1'))?.map((fact) => [fact.type, fact.fromNumber])).toEqual([
      ['call.started', undefined],
      ['conversation.completed', '+1555'],
    ]);
  });
});

describe('purgeExpired', () => {
  it('deletes expired events of conversations at rest, and keeps those that are still owed', async () => {
    const short = { ...ACCEPT, retentionMs: 1000 };
    await applyTenant(test.store, tenantOf('ten_purge', ['purge-1']));
    await test.store.inbox.accept([eventOf('ten_purge', 'purge-owed')], short);
    await test.store.inbox.accept([{ ...eventOf('ten_purge', 'purge-gone'), known: false }], short);
    await test.store.inbox.accept([{ ...eventOf('ten_purge', 'purge-young'), known: false }], ACCEPT);
    expect(await test.store.inbox.purgeExpired(at(0), 100)).toBe(0);
    expect(await test.store.inbox.purgeExpired(at(1), 100)).toBe(1);
    const left = await test.sql<{ conversation_id: string }>(
      `select conversation_id from inbox where tenant_id = 'ten_purge' order by 1`,
    );
    expect(left.map((row) => row.conversation_id)).toEqual(['purge-owed', 'purge-young']);
  });
});
