import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { emailKey, type PersonKey } from '../../src/domain/caller.ts';
import type { CallerDecision } from '../../src/domain/caller-choice.ts';
import type { LedgerKey } from '../../src/domain/ledger.ts';
import {
  applyTenant,
  at,
  connectionId,
  conversationId,
  openTestStore,
  tenantId,
  tenantOf,
  type TestStore,
} from './open-test-store.ts';

type Place = readonly [tenant: string, connection: string, conversation: string];

const [zoe, ann] = [emailKey('zoe@example.com'), emailKey('ann@example.com')];
const CONTACT: CallerDecision = { action: 'choose', ref: { object: 'contacts', id: '51' } };
const SKIP: CallerDecision = { action: 'skip' };
let test: TestStore;

beforeAll(async () => {
  test = await openTestStore();
  await applyTenant(test.store, tenantOf('ten_acme', ['acme-1', 'acme-2']));
  await applyTenant(test.store, tenantOf('ten_other', ['other-1']));
});
afterAll(() => test.close());

function rowAt([tenant, connection, conversation]: Place): LedgerKey {
  return {
    tenantId: tenantId(tenant),
    connectionId: connectionId(connection),
    conversationId: conversationId(conversation),
  };
}

function choose(
  place: Place,
  decision: CallerDecision,
  more: { caller?: PersonKey; by?: string; second?: number } = {},
) {
  const { caller, by = 'dana', second = 0 } = more;
  return test.store.choices.choose({ ...rowAt(place), decision, caller, by, now: at(second) });
}

function forget(place: Place, caller?: PersonKey) {
  return test.store.choices.forget({ ...rowAt(place), caller, by: 'sam', now: at(90) });
}

async function inForce(place: Place, caller?: PersonKey) {
  const { tenantId, connectionId, conversationId } = rowAt(place);
  const found = await test.store.choices.inForce(tenantId, connectionId, [{ conversationId, caller }]);
  return found.get(conversationId);
}

describe('what people chose', () => {
  it('for a conversation is in force for it and for no other, not even of the same caller', async () => {
    expect(await choose(['ten_acme', 'acme-1', 'conv_own'], CONTACT, { second: 1 })).toBe(true);
    const chosen = { decision: CONTACT, scope: 'conversation', chosenAt: at(1) };
    expect(await inForce(['ten_acme', 'acme-1', 'conv_own'], zoe)).toEqual(chosen);
    expect(await inForce(['ten_acme', 'acme-1', 'conv_other'], zoe)).toBeUndefined();
    expect(await inForce(['ten_acme', 'acme-2', 'conv_own'], zoe)).toBeUndefined();
  });

  it('for a caller is in force for every conversation of theirs at the connection, unless one has its own', async () => {
    await choose(['ten_acme', 'acme-1', 'conv_first'], SKIP, { caller: ann });
    expect(await inForce(['ten_acme', 'acme-1', 'conv_later'], ann)).toMatchObject({ decision: SKIP, scope: 'caller' });
    await choose(['ten_acme', 'acme-1', 'conv_apart'], { action: 'create' });
    expect((await inForce(['ten_acme', 'acme-1', 'conv_apart'], ann))?.decision).toEqual({ action: 'create' });
    expect(await inForce(['ten_acme', 'acme-1', 'conv_later'], zoe)).toBeUndefined();
    expect(await inForce(['ten_acme', 'acme-2', 'conv_later'], ann)).toBeUndefined();
  });

  it('is answered for a whole batch at once', async () => {
    await choose(['ten_acme', 'acme-2', 'conv_a'], CONTACT);
    await choose(['ten_acme', 'acme-2', 'conv_b'], SKIP, { caller: ann });
    const { tenantId, connectionId } = rowAt(['ten_acme', 'acme-2', 'conv_a']);
    const batch = (['conv_a', 'conv_c', 'conv_d', 'conv_e'] as const).map((id, index) => ({
      conversationId: rowAt(['ten_acme', 'acme-2', id]).conversationId,
      caller: [zoe, zoe, ann, undefined][index],
    }));
    const found = await test.store.choices.inForce(tenantId, connectionId, batch);
    expect([...found].map(([id, { decision }]) => [id, decision.action])).toEqual([
      ['conv_a', 'choose'],
      ['conv_d', 'skip'],
    ]);
    expect((await test.store.choices.inForce(tenantId, connectionId, [])).size).toBe(0);
  });

  it('said twice is one choice, and another one replaces it', async () => {
    const place: Place = ['ten_acme', 'acme-1', 'conv_twice'];
    expect([await choose(place, CONTACT), await choose(place, CONTACT, { second: 5 })]).toEqual([true, false]);
    expect(await choose(place, CONTACT, { caller: zoe, second: 6 })).toBe(true);
    expect(await choose(place, SKIP, { second: 7 })).toBe(true);
    expect((await inForce(place))?.decision).toEqual(SKIP);
    expect(await test.store.choices.history(rowAt(place))).toEqual([
      { decision: SKIP, scope: 'conversation', by: 'dana', at: at(7) },
      { decision: CONTACT, scope: 'caller', by: 'dana', at: at(6) },
      { decision: CONTACT, scope: 'conversation', by: 'dana', at: at(0) },
    ]);
  });

  it('said by several at once is noted once', async () => {
    const place: Place = ['ten_acme', 'acme-1', 'conv_race'];
    const news = await Promise.all(['a', 'b', 'c', 'd'].map((by) => choose(place, SKIP, { by })));
    expect(news.filter(Boolean)).toHaveLength(1);
    expect(await test.store.choices.history(rowAt(place))).toHaveLength(1);
  });

  it('is forgotten for the conversation and its caller, stays on record, and cannot be forgotten twice', async () => {
    const place: Place = ['ten_acme', 'acme-1', 'conv_regret'];
    const kim = emailKey('kim@example.com');
    await choose(place, SKIP, { caller: kim });
    expect([await forget(place), await forget(place)]).toEqual([true, false]);
    expect(await inForce(place, kim)).toBeUndefined();
    expect(await inForce(['ten_acme', 'acme-1', 'conv_next'], kim)).toBeUndefined();
    const [last, first] = await test.store.choices.history(rowAt(place));
    expect(last).toEqual({ decision: { action: 'forget' }, scope: 'caller', by: 'sam', at: at(90) });
    expect(first).toMatchObject({ decision: SKIP, by: 'dana' });
    expect(await choose(place, SKIP, { caller: kim })).toBe(true);
    expect((await inForce(place, kim))?.decision).toEqual(SKIP);
  });

  it('is forgotten at a later conversation of the caller as well', async () => {
    const lee = emailKey('lee@example.com');
    await choose(['ten_acme', 'acme-1', 'conv_lee_1'], SKIP, { caller: lee });
    expect(await forget(['ten_acme', 'acme-1', 'conv_lee_2'])).toBe(false);
    expect(await forget(['ten_acme', 'acme-1', 'conv_lee_2'], lee)).toBe(true);
    expect(await inForce(['ten_acme', 'acme-1', 'conv_lee_3'], lee)).toBeUndefined();
  });

  it('is nothing that another tenant can see or change', async () => {
    const place: Place = ['ten_acme', 'acme-1', 'conv_private'];
    await choose(place, SKIP, { caller: zoe });
    const foreign: Place = ['ten_other', 'acme-1', 'conv_private'];
    expect(await inForce(foreign, zoe)).toBeUndefined();
    expect(await test.store.choices.history(rowAt(foreign))).toEqual([]);
    await expect(choose(foreign, CONTACT)).rejects.toThrow('no connection acme-1');
    await expect(forget(foreign, zoe)).rejects.toThrow('no connection acme-1');
    expect((await inForce(place, zoe))?.decision).toEqual(SKIP);
  });
});
