import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { retryDeliveries, type RetrySelection } from '../../src/admin/services/retry.ts';
import { pauseConnection, resumeConnection } from '../../src/admin/services/steer-connection.ts';
import {
  applyTenant,
  at,
  connectionId,
  conversationId,
  openTestStore,
  restingIn,
  SYNCED,
  tenantOf,
  type TestStore,
} from '../store/open-test-store.ts';
import { settle } from './seed.ts';

const NOTHING: RetrySelection = { conversationId: undefined, reason: undefined, connectionId: undefined };

let opened: TestStore;
let woken: string[];

const wake = (id: string) => {
  woken.push(id);
  return Promise.resolve();
};

beforeEach(async () => {
  opened = await openTestStore();
  woken = [];
  await applyTenant(opened.store, tenantOf('ten_a', ['a-hubspot']));
  await applyTenant(opened.store, tenantOf('ten_b', ['b-hubspot']));
  const { store } = opened;
  const [a, b] = [
    { tenant: 'ten_a', connection: 'a-hubspot' },
    { tenant: 'ten_b', connection: 'b-hubspot' },
  ];
  await settle(store, { ...a, conversation: 'conv_1' }, restingIn('failed'));
  await settle(store, { ...a, conversation: 'conv_2' }, restingIn('needs_review'));
  await settle(store, { ...a, conversation: 'conv_3' }, SYNCED);
  await settle(store, { ...b, conversation: 'conv_4' }, restingIn('failed'));
});
afterEach(() => opened.close());

async function stateOf(conversation: string): Promise<string | undefined> {
  return (await opened.store.ledger.find(conversationId(conversation)))[0]?.state;
}

describe('retrying', () => {
  const retry = (selection: Partial<RetrySelection>, wakeWith = wake) =>
    retryDeliveries({ ...NOTHING, ...selection }, { ledger: opened.store.ledger, wake: wakeWith, now: () => at(60) });

  it('by reason makes exactly the conversations of that reason due, at every connection, and wakes each once', async () => {
    const result = await retry({ reason: 'crm_refused_record' });
    expect(result).toEqual({ requeued: 2, connections: ['a-hubspot', 'b-hubspot'], notWoken: [] });
    expect(woken).toEqual(['a-hubspot', 'b-hubspot']);
    expect(await Promise.all(['conv_1', 'conv_2', 'conv_3', 'conv_4'].map(stateOf))).toEqual([
      'due',
      'needs_review',
      'synced',
      'due',
    ]);
  });

  it('by reason and connection touches no other connection', async () => {
    const result = await retry({ reason: 'crm_refused_record', connectionId: connectionId('b-hubspot') });
    expect(result.connections).toEqual(['b-hubspot']);
    expect(await stateOf('conv_1')).toBe('failed');
  });

  it('of one conversation touches no other', async () => {
    expect((await retry({ conversationId: conversationId('conv_2') })).requeued).toBe(1);
    expect(await stateOf('conv_2')).toBe('due');
    expect(await stateOf('conv_1')).toBe('failed');
  });

  it('of something that matches nothing changes nothing and wakes nobody', async () => {
    expect((await retry({ reason: 'internal_error' })).requeued).toBe(0);
    expect(woken).toEqual([]);
  });

  it('stands in the ledger even when Temporal is away', async () => {
    const result = await retry({ conversationId: conversationId('conv_1') }, () => Promise.reject(new Error('late')));
    expect(result).toMatchObject({ requeued: 1, notWoken: ['a-hubspot'] });
    expect(await stateOf('conv_1')).toBe('due');
  });
});

describe('pausing and resuming', () => {
  const steering = () => ({ connections: opened.store.connections, wake });

  it('changes the state of the connection, and tells its loop', async () => {
    const id = connectionId('a-hubspot');
    expect(await pauseConnection(id, steering())).toMatchObject({ kind: 'paused', before: 'active', woken: true });
    expect((await opened.store.connections.get(id))?.state.kind).toBe('paused');
    expect(await resumeConnection(id, steering())).toMatchObject({ kind: 'resumed', before: 'paused' });
    expect((await opened.store.connections.get(id))?.state.kind).toBe('active');
    expect(woken).toEqual(['a-hubspot', 'a-hubspot']);
  });

  it('ends a broken connection, with what waited for it due', async () => {
    const id = connectionId('a-hubspot');
    await opened.store.connections.markBroken(id, 'hubspot.INVALID_AUTHENTICATION', at(5));
    expect(await resumeConnection(id, steering())).toMatchObject({ kind: 'resumed', before: 'broken' });
    expect((await opened.store.connections.get(id))?.state.kind).toBe('active');
  });

  it('of a connection that is not there says so and wakes nobody', async () => {
    expect(await pauseConnection(connectionId('nowhere'), steering())).toEqual({ kind: 'unknown_connection' });
    expect(woken).toEqual([]);
  });
});
