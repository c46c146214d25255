import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SignedInTokens, TokenOwner } from '../../src/domain/tokens.ts';
import { openStore } from '../../src/store/store.ts';
import { at, connectionId, MASTER_KEY, NOW, openTestStore, tenantId, type TestStore } from './open-test-store.ts';

let test: TestStore;
let serial = 0;
let owner: TokenOwner;

beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  serial += 1;
  test.clock.now = NOW;
  await test.sql('truncate authorizations');
  owner = { tenantId: tenantId('ten_acme'), connectionId: connectionId(`signed-in-${serial}`), lineage: 'app' };
});

function begin(state: string, now = NOW) {
  const { tenantId: tenant, connectionId: connection } = owner;
  return test.store.authorizations.begin({
    tenantId: tenant,
    connectionId: connection,
    lineage: 'app',
    state,
    verifier: `verifier of ${state}`,
    redirectUri: 'http://localhost:8080/oauth/callback',
    replace: false,
    now,
    expiresAt: new Date(now.getTime() + 600_000),
  });
}

function signedIn(n: number, account = 'account-1'): SignedInTokens {
  return { accessToken: `access-${n}`, refreshToken: `refresh-${n}`, expiresAt: undefined, account };
}

const KEEP = { supersedes: undefined, replace: false } as const;

describe('a sign-in that was asked for', () => {
  it('is taken by one of any number of processes that present its state, with all it is bound to', async () => {
    const id = await begin('state-1');
    const stores = [1, 2, 3].map(() =>
      openStore({ databaseUrl: test.url, masterKeys: { current: MASTER_KEY, previous: [] }, poolSize: 2 }),
    );
    const taken = await Promise.all(stores.map((store) => store.authorizations.take('state-1', at(1))));
    await Promise.all(stores.map((store) => store.close()));
    const won = taken.filter(({ kind }) => kind === 'taken');
    expect(won).toMatchObject([{ pending: { id, lineage: 'app', verifier: 'verifier of state-1', replace: false } }]);
    expect(taken.filter(({ kind }) => kind === 'used')).toHaveLength(2);
  });

  it('is told from one that came too late and one that was never made', async () => {
    await begin('late');
    expect(await test.store.authorizations.take('late', at(600))).toEqual({ kind: 'expired' });
    expect(await test.store.authorizations.take('other', at(1))).toEqual({ kind: 'unknown' });
  });

  it('is forgotten a day after it ended', async () => {
    const id = await begin('old');
    await begin('new', at(25 * 3600));
    expect(await test.store.authorizations.progress(id)).toBeUndefined();
  });
});

describe('tokens of a sign-in', () => {
  it('come in the place of a refusal for good, and are renewed by their own refresh token', async () => {
    const revoked = { kind: 'revoked', code: 'x' } as const;
    await test.store.tokens.renew(owner, undefined, () => Promise.resolve(revoked));
    expect(await test.store.tokens.signIn(owner, signedIn(1), KEEP)).toEqual({ kind: 'kept' });
    expect(await test.store.tokens.current(owner)).toMatchObject({ accessToken: 'access-1', generation: 1 });
    const asked: (string | undefined)[] = [];
    await test.store.tokens.renew(owner, 1, (refreshToken) => {
      asked.push(refreshToken);
      return Promise.resolve({ kind: 'issued', ...signedIn(2) });
    });
    expect(asked).toEqual(['refresh-1']);
  });

  it('hold for a configured refresh token that they supersede, also after a renewal, and not for another one', async () => {
    const configured = { ...owner, lineage: 'app and token' };
    await test.store.tokens.signIn(owner, signedIn(1), { supersedes: 'app and token', replace: false });
    const issued = { kind: 'issued', ...signedIn(2) } as const;
    await test.store.tokens.renew(configured, 1, () => Promise.resolve(issued));
    for (const good of [owner, configured]) {
      expect(await test.store.tokens.current(good)).toMatchObject({ accessToken: 'access-2' });
    }
    expect(await test.store.tokens.current({ ...owner, lineage: 'app and newer token' })).toBeUndefined();
  });

  it('wait for a renewal that is under way, whose answer does not come over them', async () => {
    await test.store.tokens.signIn(owner, signedIn(1), KEEP);
    const asked = Promise.withResolvers<undefined>();
    const answer = Promise.withResolvers<undefined>();
    const renewal = test.store.tokens.renew(owner, 1, async () => {
      asked.resolve(undefined);
      await answer.promise;
      return { kind: 'issued', ...signedIn(2) };
    });
    await asked.promise;
    const kept = test.store.tokens.signIn(owner, signedIn(3), KEEP);
    answer.resolve(undefined);
    await Promise.all([renewal, kept]);
    expect(await test.store.tokens.current(owner)).toMatchObject({ accessToken: 'access-3', generation: 3 });
  });

  it('of another account than a renewal has named are refused', async () => {
    const issued = { kind: 'issued', ...signedIn(1) } as const;
    await test.store.tokens.renew({ ...owner, lineage: 'configured' }, undefined, () => Promise.resolve(issued));
    expect(await test.store.tokens.signIn(owner, signedIn(2, 'account-2'), KEEP)).toEqual({
      kind: 'other_account',
      account: 'account-1',
    });
    expect(await test.store.tokens.current({ ...owner, lineage: 'configured' })).toMatchObject({
      accessToken: 'access-1',
    });
  });
});
