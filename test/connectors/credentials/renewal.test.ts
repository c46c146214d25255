import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { NoAccessTokenError, type AccessTokens } from '../../../connectors/credentials/access-tokens.ts';
import { createHttpTransport, type HttpTransport } from '../../../connectors/transport/http-transport.ts';
import { openStore, type Store } from '../../../src/store/store.ts';
import { at, MASTER_KEY, NOW, openTestStore, type TestStore } from '../../store/open-test-store.ts';
import { openCredentials } from './open-credentials.ts';
import { startTokenEndpoint, type TokenEndpoint } from './token-endpoint.ts';

let test: TestStore;
let transport: HttpTransport;
let endpoint: TokenEndpoint;
let serial = 0;
const opened: Store[] = [];

beforeAll(async () => {
  test = await openTestStore();
  transport = createHttpTransport();
});
afterAll(async () => {
  await transport.close();
  await test.close();
});
beforeEach(async () => {
  serial += 1;
  test.clock.now = NOW;
  endpoint = await startTokenEndpoint({ refreshToken: 'configured', expiresInSeconds: 1800 });
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
  await endpoint.close();
});

/** One process more, on the same database. */
function aProcess(refreshToken = 'configured', crm: 'hubspot' | 'salesforce' = 'hubspot'): AccessTokens {
  const store = openStore({
    databaseUrl: test.url,
    masterKeys: { current: MASTER_KEY, previous: [] },
    clock: () => test.clock.now,
    poolSize: 3,
  });
  opened.push(store);
  const oauth = { clientId: 'our-app', clientSecret: { env: 'SECRET' }, refreshToken: { env: 'REFRESH' } };
  return openCredentials({
    access: { crm, baseUrl: endpoint.url, credentials: { oauth } },
    connectionId: `renewal-${serial}`,
    secrets: { SECRET: 'client-secret', REFRESH: refreshToken },
    tokens: store.tokens,
    transport,
    now: () => test.clock.now,
  });
}

describe('tokens that are renewed', () => {
  it('two worker processes, one token, refresh with rotation at the same moment: one refresh, nobody logged out', async () => {
    const [one, other] = [aProcess(), aProcess()];
    for (let round = 1; round <= 5; round += 1) {
      const calls = [one, other].flatMap((process) => Array.from({ length: 10 }, () => process.accessToken()));
      const tokens = new Set(await Promise.all(calls));
      expect([round, tokens.size, endpoint.issued]).toEqual([round, 1, round]);
      for (const token of tokens) expect(endpoint.accepts(token)).toBe(true);
      test.clock.now = at(round * 1800);
    }
    expect(new Set(endpoint.forms.map((form) => form.refresh_token)).size).toBe(5);
  });

  it('two worker processes whose token is refused at the same moment renew it once', async () => {
    const [one, other] = [aProcess(), aProcess()];
    const token = await one.accessToken();
    expect(await other.accessToken()).toBe(token);
    test.clock.now = at(300);
    endpoint.revokeAccess();
    expect(await Promise.all([one.refused(token), other.refused(token)])).toEqual(['renewed', 'renewed']);
    const renewed = await Promise.all([one.accessToken(), other.accessToken()]);
    expect(new Set(renewed).size).toBe(1);
    expect(endpoint.accepts(renewed[0])).toBe(true);
    expect(endpoint.issued).toBe(2);
  });

  it('a token is used until shortly before it ends, and one that was issued outlives a restart', async () => {
    const token = await aProcess().accessToken();
    const restarted = aProcess();
    test.clock.now = at(1800 - 121);
    expect(await restarted.accessToken()).toBe(token);
    test.clock.now = at(1800 - 119);
    expect(await restarted.accessToken()).not.toBe(token);
    expect(endpoint.issued).toBe(2);
  });

  it('a token with a short life is not renewed before every request', async () => {
    await endpoint.close();
    endpoint = await startTokenEndpoint({ refreshToken: 'configured', expiresInSeconds: 60 });
    const process = aProcess();
    const token = await process.accessToken();
    test.clock.now = at(30);
    expect(await process.accessToken()).toBe(token);
  });

  it('a token endpoint that is away does not matter while the token still lives', async () => {
    const process = aProcess();
    const token = await process.accessToken();
    test.clock.now = at(1750);
    endpoint.answerWith({ status: 503, body: {} });
    expect(await process.accessToken()).toBe(token);
  });

  it('a token that replaced a refused one and is refused at once means that a person must act', async () => {
    const process = aProcess();
    test.clock.now = at(0);
    expect(await process.refused(await process.accessToken())).toBe('renewed');
    test.clock.now = at(5);
    expect(await process.refused(await process.accessToken())).toBe('broken');
    expect(endpoint.issued).toBe(2);
  });

  it('a refused token is not sent again while there is no other', async () => {
    const process = aProcess();
    const token = await process.accessToken();
    endpoint.answerWith({ status: 503, body: {} });
    expect(await process.refused(token)).toBe('later');
    const failure = await failureOf(process);
    expect(failure).toMatchObject({ disposition: 'retry', code: 'hubspot.token_HTTP_503', retryAfterMs: 30_000 });
    endpoint.answerWith();
    test.clock.now = at(31);
    expect(await process.accessToken()).not.toBe(token);
  });

  it('a revoked refresh token ends in one call, however many processes ask and however often', async () => {
    endpoint.answerWith({ status: 400, body: { error: 'invalid_grant', status: 'BAD_REFRESH_TOKEN' } });
    const processes = [aProcess(), aProcess()];
    for (let minute = 0; minute < 10; minute += 1) {
      test.clock.now = at(minute * 60);
      const failures = await Promise.all(processes.map(failureOf));
      for (const failure of failures) {
        expect(failure).toMatchObject({ disposition: 'reconnect', code: 'hubspot.token_invalid_grant' });
      }
    }
    expect(endpoint.forms).toHaveLength(1);
  });

  it('a new refresh token in the configuration ends a revocation at once', async () => {
    await endpoint.close();
    endpoint = await startTokenEndpoint({ refreshToken: 'authorised-anew', expiresInSeconds: 1800 });
    expect(await failureOf(aProcess('configured'))).toMatchObject({ code: 'hubspot.token_invalid_grant' });
    expect(endpoint.accepts(await aProcess('authorised-anew').accessToken())).toBe(true);
    expect(endpoint.forms).toHaveLength(2);
  });

  it('Salesforce names no end: its token is used until it is refused', async () => {
    await endpoint.close();
    endpoint = await startTokenEndpoint({ refreshToken: 'configured' });
    const process = aProcess('configured', 'salesforce');
    const token = await process.accessToken();
    test.clock.now = at(30 * 24 * 3600);
    expect(await process.accessToken()).toBe(token);
    expect(await process.refused(token)).toBe('renewed');
    expect(await process.accessToken()).not.toBe(token);
    expect(endpoint.paths).toEqual(['/services/oauth2/token', '/services/oauth2/token']);
    expect(endpoint.forms[1]).toMatchObject({ grant_type: 'refresh_token', client_id: 'our-app' });
  });
});

async function failureOf(process: AccessTokens) {
  const error = await process.accessToken().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof NoAccessTokenError)) throw new Error('there was a token, or another error');
  for (const planted of ['configured', 'client-secret']) expect(String(error)).not.toContain(planted);
  return error.failure;
}
