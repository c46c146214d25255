import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { TokenAnswer, TokenOwner } from '../../src/domain/tokens.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { at, connectionId, MASTER_KEY, NOW, openTestStore, tenantId, type TestStore } from './open-test-store.ts';

let test: TestStore;
let serial = 0;
let owner: TokenOwner;

beforeAll(async () => {
  test = await openTestStore();
});

afterAll(() => test.close());

beforeEach(() => {
  serial += 1;
  test.clock.now = NOW;
  owner = { tenantId: tenantId('ten_acme'), connectionId: connectionId(`tokens-${serial}`), lineage: 'first' };
});

/** A token endpoint that counts how often it is asked, and with which refresh token. */
function endpoint(...answers: readonly TokenAnswer[]) {
  const asked: (string | undefined)[] = [];
  return {
    asked,
    ask: (refreshToken: string | undefined): Promise<TokenAnswer> => {
      const answer = answers[asked.length];
      asked.push(refreshToken);
      return answer === undefined ? Promise.reject(new Error('asked once too often')) : Promise.resolve(answer);
    },
  };
}

function issued(n: number, refreshToken: string | undefined = `refresh-${n}`): TokenAnswer {
  return { kind: 'issued', accessToken: `access-${n}`, refreshToken, expiresAt: at(1800), account: undefined };
}

const tokens = () => test.store.tokens;

describe('the tokens of a connection', () => {
  it('are kept: what was issued is in force for every process', async () => {
    expect(await tokens().current(owner)).toBeUndefined();
    const { ask } = endpoint(issued(1));
    const first = { generation: 1, accessToken: 'access-1', issuedAt: NOW, expiresAt: at(1800) };
    expect(await tokens().renew(owner, undefined, ask)).toEqual({ kind: 'renewed', tokens: first });
    const other = anotherStore();
    expect(await other.tokens.current(owner)).toEqual(first);
    await other.close();
  });

  it('the refresh token of the last answer is the next one to be used, and stays when none comes', async () => {
    const { ask, asked } = endpoint(issued(1), { ...issued(2), refreshToken: undefined } as TokenAnswer, issued(3));
    for (const seen of [undefined, 1, 2]) await tokens().renew(owner, seen, ask);
    expect(asked).toEqual([undefined, 'refresh-1', 'refresh-1']);
  });

  it('are not renewed when somebody else has done so since', async () => {
    const { ask, asked } = endpoint(issued(1), issued(2));
    await tokens().renew(owner, undefined, ask);
    await tokens().renew(owner, 1, ask);
    expect(await tokens().renew(owner, 1, ask)).toMatchObject({ kind: 'renewed', tokens: { generation: 2 } });
    expect(asked).toHaveLength(2);
  });

  it('twenty who ask at the same moment, from four processes, make one call and get one token', async () => {
    const stores = [1, 2, 3, 4].map(anotherStore);
    const { ask, asked } = endpoint(issued(1));
    const renewals = await Promise.all(
      stores.flatMap((store) => Array.from({ length: 5 }, () => store.tokens.renew(owner, undefined, ask))),
    );
    expect(asked).toHaveLength(1);
    expect(new Set(renewals.map((renewal) => JSON.stringify(renewal))).size).toBe(1);
    await Promise.all(stores.map((store) => store.close()));
  });

  it('a refusal for good is remembered: nobody asks again with these credentials', async () => {
    const { ask, asked } = endpoint({ kind: 'revoked', code: 'hubspot.token_invalid_grant' }, issued(2));
    const failure = { kind: 'revoked', code: 'hubspot.token_invalid_grant' };
    expect(await tokens().renew(owner, undefined, ask)).toEqual({ kind: 'failed', failure, retryAt: undefined });
    test.clock.now = at(30 * 24 * 3600);
    expect(await tokens().renew(owner, undefined, ask)).toEqual({ kind: 'failed', failure, retryAt: undefined });
    expect(asked).toHaveLength(1);
  });

  it.each(['passing', 'refused'] as const)('after a %s failure the next try is half a minute away', async (kind) => {
    const failure = { kind, code: 'timeout' };
    const { ask, asked } = endpoint(failure, issued(2));
    const failed = { kind: 'failed', failure, retryAt: at(30) };
    expect(await tokens().renew(owner, undefined, ask)).toEqual(failed);
    test.clock.now = at(29);
    expect(await tokens().renew(owner, undefined, ask)).toEqual(failed);
    expect(asked).toHaveLength(1);
    test.clock.now = at(30);
    expect(await tokens().renew(owner, undefined, ask)).toMatchObject({ kind: 'renewed' });
  });

  it('a failure leaves the tokens that are there in force, and the refresh token too', async () => {
    const { ask, asked } = endpoint(issued(1), { kind: 'passing', code: 'timeout' }, issued(3));
    await tokens().renew(owner, undefined, ask);
    await tokens().renew(owner, 1, ask);
    expect(await tokens().current(owner)).toMatchObject({ accessToken: 'access-1' });
    test.clock.now = at(60);
    await tokens().renew(owner, 1, ask);
    expect(asked).toEqual([undefined, 'refresh-1', 'refresh-1']);
  });

  it('other credentials begin anew: no token, no refresh token and no refusal of the old ones counts', async () => {
    const { ask, asked } = endpoint(issued(1), { kind: 'revoked', code: 'x' }, issued(3));
    await tokens().renew(owner, undefined, ask);
    await tokens().renew(owner, 1, ask);
    const renewed = { ...owner, lineage: 'second' };
    expect(await tokens().current(renewed)).toBeUndefined();
    expect(await tokens().renew(renewed, undefined, ask)).toMatchObject({
      kind: 'renewed',
      tokens: { generation: 2, accessToken: 'access-3' },
    });
    expect(asked).toEqual([undefined, 'refresh-1', undefined]);
    expect(await tokens().current(owner)).toBeUndefined();
  });

  it('other credentials that are refused at once leave nothing of the old ones behind', async () => {
    const { ask } = endpoint(issued(1), { kind: 'revoked', code: 'x' });
    await tokens().renew(owner, undefined, ask);
    await tokens().renew({ ...owner, lineage: 'second' }, undefined, ask);
    const [row] = await rowOf();
    expect(row).toMatchObject({ access_token: null, refresh_token: null, failure_kind: 'revoked' });
  });

  it('what the endpoint issued is kept though the connection broke while it was being written down', async () => {
    const { ask, asked } = endpoint(issued(1), issued(2));
    const breaking = async (refreshToken: string | undefined) => {
      const answer = await ask(refreshToken);
      if (asked.length === 2) await breakConnections();
      return answer;
    };
    await tokens().renew(owner, undefined, ask);
    expect(await tokens().renew(owner, 1, breaking)).toMatchObject({ tokens: { accessToken: 'access-2' } });
    expect(asked).toEqual([undefined, 'refresh-1']);
    expect(await tokens().current(owner)).toMatchObject({ accessToken: 'access-2' });
  });

  it('an endpoint that throws leaves no lock and no trace', async () => {
    await expect(tokens().renew(owner, undefined, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await rowOf()).toEqual([]);
    const { ask } = endpoint(issued(1));
    expect(await tokens().renew(owner, undefined, ask)).toMatchObject({ kind: 'renewed' });
  });

  it('no token and no credential stands in the table in clear', async () => {
    const { ask } = endpoint({ ...issued(1, 'rt-planted'), accessToken: 'at-planted' } as TokenAnswer);
    await tokens().renew({ ...owner, lineage: 'lineage-planted' }, undefined, ask);
    const [{ row } = { row: '' }] = await test.sql<{ row: string }>(
      'select t::text as row from tokens t where connection_id = $1',
      [owner.connectionId],
    );
    expect(row).toContain(owner.connectionId);
    for (const planted of ['at-planted', 'rt-planted', 'lineage-planted']) {
      expect(row).not.toContain(planted);
      expect(row).not.toContain(Buffer.from(planted).toString('hex'));
    }
  });
});

function anotherStore(): Store {
  return openStore({
    databaseUrl: test.url,
    masterKeys: { current: MASTER_KEY, previous: [] },
    clock: () => test.clock.now,
    poolSize: 2,
  });
}

function rowOf() {
  return test.sql<Record<string, unknown>>('select * from tokens where connection_id = $1', [owner.connectionId]);
}

/** Ends the store's connections as a restart of the server does. */
async function breakConnections(): Promise<void> {
  const [{ ended } = { ended: 0 }] = await test.sql<{ ended: number }>(
    `select count(pg_terminate_backend(pid))::int as ended from pg_stat_activity
     where datname = current_database() and application_name = 'crm-sync'`,
  );
  if (ended === 0) throw new Error('there was no connection to break');
}
