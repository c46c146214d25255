import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { beginAuthorization } from '../../src/admin/services/authorize.ts';
import { ACCEPT, at, connectionId, eventOf, NOW, recorded } from '../store/open-test-store.ts';
import { ID, openAuthorizeStage, TENANT, type AuthorizeStage } from './authorize-stage.ts';

let stage: AuthorizeStage;

beforeAll(async () => {
  stage = await openAuthorizeStage();
});
afterAll(() => stage.close());
beforeEach(async () => {
  stage.opened.clock.now = NOW;
  await stage.opened.sql('truncate tokens, authorizations, connections, ledger, people');
  stage.hubspot.reset();
  stage.salesforce.reset();
  stage.scripted.answerWith();
});

const CRMS = ['hubspot', 'salesforce'] as const;

async function statusOf(crm: (typeof CRMS)[number], token: string): Promise<number> {
  const path = { hubspot: '/crm/objects/2026-03/contacts?limit=1', salesforce: '/services/data/v67.0/limits' };
  const answer = await fetch(`${stage[crm].url}${path[crm]}`, { headers: { authorization: `Bearer ${token}` } });
  await answer.arrayBuffer();
  return answer.status;
}

async function progressOf(begun: { readonly authorizationId: string }) {
  return stage.opened.store.authorizations.progress(begun.authorizationId);
}

describe.each(CRMS)('signing in to %s by browser', (crm) => {
  it('gives tokens that the CRM takes, and goes on with rotated ones', async () => {
    await stage.configure(crm);
    const begun = await stage.begin();
    expect(await progressOf(begun)).toEqual({ usedAt: undefined, outcome: undefined });
    const page = await stage.open(begun.url);
    expect([page.status, page.text]).toEqual([200, expect.stringContaining(`${ID} is signed in to account`)]);
    expect(await progressOf(begun)).toMatchObject({ outcome: { kind: 'signed_in' } });
    stage[crm].setOptions({ refreshTokenRotation: true });
    const tokens = await stage.tokens();
    for (const round of [1, 2, 3]) {
      const token = await tokens.accessToken();
      expect(await statusOf(crm, token)).toBe(200);
      stage[crm].revokeToken(token);
      stage.opened.clock.now = at(round * 90);
      expect(await tokens.refused(token)).toBe('renewed');
    }
  });

  it('a sign-in outlives a re-apply, and a refresh token that leaves the configuration', async () => {
    await stage.configure(crm, { oauth: { refreshToken: { stored: 'refresh' } } });
    await stage.open((await stage.begin()).url);
    const token = await stage.accessToken();
    await stage.configure(crm, { oauth: { refreshToken: { stored: 'refresh' } } });
    expect(await stage.accessToken()).toBe(token);
    await stage.configure(crm);
    expect(await stage.accessToken()).toBe(token);
  });

  it('another refresh token in the configuration takes the place of the sign-in', async () => {
    await stage.configure(crm, { oauth: { refreshToken: { stored: 'refresh' } } });
    await stage.open((await stage.begin()).url);
    await stage.opened.store.secrets.put(TENANT, 'newer', 'not-known-to-the-crm');
    await stage.configure(crm, { oauth: { refreshToken: { stored: 'newer' } } });
    await expect(stage.accessToken()).rejects.toMatchObject({ failure: { code: `${crm}.token_invalid_grant` } });
  });

  it('a process that runs learns within a minute that somebody has signed in anew', async () => {
    await stage.configure(crm);
    await stage.open((await stage.begin()).url);
    const tokens = await stage.tokens();
    const before = await tokens.accessToken();
    await stage.open((await stage.begin()).url);
    stage.opened.clock.now = at(59);
    expect(await tokens.accessToken()).toBe(before);
    stage.opened.clock.now = at(60);
    expect(await tokens.accessToken()).toBe(await stage.accessToken());
    expect(await tokens.accessToken()).not.toBe(before);
  });

  it('nobody has signed in: the connection says so', async () => {
    await stage.configure(crm);
    await expect(stage.accessToken()).rejects.toMatchObject({
      failure: { disposition: 'reconnect', code: `${crm}.sign_in_needed` },
    });
  });

  it('a connection that broke for its credentials goes on, and one that a person paused stays paused', async () => {
    await stage.configure(crm);
    const { store } = stage.opened;
    await store.inbox.accept([eventOf('ten_acme', 'conv_1')], ACCEPT);
    const fence = await store.connections.takeFence(ID);
    await store.ledger.claim({ connectionId: ID, fence, limit: 10, now: NOW });
    const waiting = { state: 'waiting', reason: 'connection_broken', dueAt: at(900), attempts: 1 } as const;
    const outcome = { ...waiting, failingSince: NOW, vendorCode: `${crm}.x` };
    const rows = [recorded('conv_1', outcome)];
    await store.ledger.record({ tenantId: TENANT, connectionId: ID, fence, now: NOW, rows, people: [] });
    await store.connections.pause(ID);
    await store.connections.markBroken(ID, `${crm}.x`, NOW);
    await stage.open((await stage.begin()).url);
    expect((await stage.connection()).state).toEqual({ kind: 'paused' });
    expect(await stage.opened.sql('select state, reason from ledger')).toEqual([
      { state: 'due', reason: 'retry_requested' },
    ]);
  });

  it('consent that is refused changes nothing, and the page says what to do', async () => {
    await stage.configure(crm);
    stage[crm].setOptions({ consent: 'deny' });
    const begun = await stage.begin();
    const page = await stage.open(begun.url);
    expect([page.status, page.text]).toEqual([400, expect.stringMatching(/was not allowed.*Sign in as an admin/s)]);
    expect(await progressOf(begun)).toMatchObject({ outcome: { kind: 'denied', code: 'access_denied' } });
    expect(await stage.opened.sql('select 1 from tokens where access_token is not null')).toEqual([]);
  });

  it('a state is good for one use', async () => {
    await stage.configure(crm);
    const callback = await stage.consent((await stage.begin()).url);
    const pages = await Promise.all([stage.open(callback), stage.open(callback), stage.open(callback)]);
    expect(pages.map(({ status }) => status).toSorted()).toEqual([200, 400, 400]);
    const refused = pages.filter(({ status }) => status === 400);
    for (const { text } of refused) expect(text).toContain('has been used already');
    expect(await stage.opened.sql('select generation::int from tokens')).toEqual([{ generation: 1 }]);
  });

  it('a state is good for ten minutes', async () => {
    await stage.configure(crm);
    const callback = await stage.consent((await stage.begin()).url);
    stage.opened.clock.now = at(601);
    const page = await stage.open(callback);
    expect([page.status, page.text]).toEqual([400, expect.stringContaining('The time for this sign-in is over')]);
    expect(await stage.opened.sql('select 1 from tokens')).toEqual([]);
  });

  it.each([
    '',
    '?code=x',
    '?state=guessed',
    '?state=guessed&code=x',
    '?state=a&state=b&code=x',
    '?error=access_denied',
  ])('an address that was not made here is refused (%s)', async (query) => {
    await stage.configure(crm);
    await stage.begin();
    const page = await stage.open(`${stage.redirectUri}${query}`);
    expect([page.status, page.text]).toEqual([400, expect.stringMatching(/not an answer of a CRM|not started here/)]);
  });

  it('a configuration that changed meanwhile is not signed in to', async () => {
    await stage.configure(crm);
    const begun = await stage.begin();
    const callback = await stage.consent(begun.url);
    await stage.configure(crm, { oauth: { clientId: 'another-app' } });
    expect((await stage.open(callback)).text).toContain('has changed since this address was made');
    expect(await progressOf(begun)).toMatchObject({ outcome: { kind: 'configuration_changed' } });
    expect(stage[crm].requestCounts().token).toBe(0);
  });

  it('another account than before is refused, unless it is to be replaced', async () => {
    await stage.configure(crm);
    await stage.open((await stage.begin()).url);
    const before = await stage.accessToken();
    if (crm === 'hubspot') stage.hubspot.setOptions({ portalId: 999 });
    else stage.salesforce.setOptions({ organizationId: '00D9Z00000OtherUAO' });
    const page = await stage.open((await stage.begin()).url);
    expect(page.text).toMatch(/has worked with account .* so far. Nothing was changed.*--replace/s);
    expect(await stage.accessToken()).toBe(before);
    const replaced = await stage.open((await stage.begin({ replace: true })).url);
    expect(replaced.status).toBe(200);
    expect(await stage.accessToken()).not.toBe(before);
  });

  it.each([
    ['a code that is too old', 400, { error: 'invalid_grant' }, 'token_invalid_grant', /too old, or somebody has used/],
    [
      'another callback',
      400,
      { error: 'redirect_uri_mismatch' },
      'token_redirect_uri_mismatch',
      /Register exactly http/,
    ],
    ['a client that is not known', 401, { error: 'invalid_client' }, 'token_invalid_client', /Correct `clientId`/],
    ['an outage', 503, '<html>planted</html>', 'token_HTTP_503', /see that this machine reaches it/],
    ['no refresh token', 200, { access_token: 'planted' }, 'no_refresh_token', /allow the app the scope/],
    ['no account', 200, { access_token: 'planted', refresh_token: 'planted' }, 'token_unreadable_answer', /reaches it/],
  ])('an exchange that fails for %s says what to do', async (_, status, body, code, next) => {
    stage.scripted.answerWith({ status, body });
    await stage.configure(crm, { baseUrl: stage.scripted.url });
    const begun = await stage.begin();
    const state = new URL(begun.url).searchParams.get('state') ?? '';
    const page = await stage.open(`${stage.redirectUri}?state=${state}&code=code-of-the-crm`);
    expect([page.status, page.text]).toEqual([400, expect.stringMatching(next)]);
    expect(page.text).toContain(`${crm}.${code}`);
    for (const secret of ['planted', 'code-of-the-crm', state]) expect(page.text).not.toContain(secret);
    expect(await progressOf(begun)).toEqual({
      usedAt: NOW,
      outcome: { kind: 'exchange_failed', code: `${crm}.${code}` },
    });
  });

  it('a token endpoint that never answers ends within its deadline', async () => {
    await stage.configure(crm);
    stage[crm].injectFault({ match: { path: '/token' }, fault: { kind: 'stall', ms: 60_000 } });
    const begun = await stage.begin();
    const page = await stage.open(begun.url);
    expect(page.text).toMatch(/could not be completed \(timeout\).*see that this machine reaches it/s);
  });

  it('a secret that is missing is named as such', async () => {
    await stage.configure(crm, { oauth: { clientSecret: { stored: 'nowhere' } } });
    expect((await stage.open((await stage.begin()).url)).text).toContain('A secret of the connection is not where');
  });

  it('keeps nothing in clear: state, verifier and tokens', async () => {
    await stage.configure(crm);
    const begun = await stage.begin();
    await stage.open(begun.url);
    const token = await stage.accessToken();
    const state = new URL(begun.url).searchParams.get('state') ?? '';
    const rows = JSON.stringify([
      await stage.opened.sql('select a::text from authorizations a'),
      await stage.opened.sql('select t::text from tokens t'),
    ]);
    for (const secret of [state, token]) {
      expect(rows).not.toContain(secret);
      expect(rows).not.toContain(Buffer.from(secret).toString('hex'));
    }
    expect(stage.logged.join()).not.toContain(state);
  });
});

describe('Salesforce', () => {
  it('is asked with PKCE, its method named', async () => {
    await stage.configure('salesforce');
    const { searchParams } = new URL((await stage.begin()).url);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
      scope: 'api refresh_token',
      redirect_uri: stage.redirectUri,
    });
  });

  it('a code with another verifier is of no use to whoever has seen it', async () => {
    await stage.configure('salesforce');
    const stolen = new URL(await stage.consent((await stage.begin()).url)).searchParams.get('code') ?? '';
    const other = new URL((await stage.begin()).url).searchParams.get('state') ?? '';
    const page = await stage.open(`${stage.redirectUri}?state=${other}&code=${stolen}`);
    expect(page.text).toContain('salesforce.token_invalid_grant');
  });

  it('an org at another address is named, and not taken even to replace', async () => {
    stage.scripted.answerWith({
      status: 200,
      body: {
        access_token: 'a',
        refresh_token: 'r',
        instance_url: 'https://other.my.salesforce.com',
        id: 'https://login.salesforce.com/id/00D4S000000SandUAO/005000000000101AAA',
      },
    });
    await stage.configure('salesforce', { baseUrl: stage.scripted.url });
    const state = new URL((await stage.begin({ replace: true })).url).searchParams.get('state') ?? '';
    const page = await stage.open(`${stage.redirectUri}?state=${state}&code=x`);
    expect(page.text).toContain('The org that was signed in to is at https://other.my.salesforce.com');
    expect(await stage.opened.sql('select 1 from tokens')).toEqual([]);
  });
});

describe('HubSpot', () => {
  it('is asked at its own address for consent, not at that of its API', async () => {
    await stage.configure('hubspot', { baseUrl: 'https://api.hubapi.com' });
    const { origin, pathname, searchParams } = new URL((await stage.begin()).url);
    expect(`${origin}${pathname}`).toBe('https://app.hubspot.com/oauth/authorize');
    expect(searchParams.get('scope')).toContain('crm.objects.contacts.write');
  });

  it('people of an account that was replaced are forgotten', async () => {
    await stage.configure('hubspot');
    await stage.open((await stage.begin()).url);
    const person = `insert into people values ($1, 'key', 'contacts', '1', true, now())`;
    await stage.opened.sql(person, [ID]);
    await stage.open((await stage.begin({ replace: true })).url);
    expect(await stage.opened.sql('select 1 from people')).toHaveLength(1);
    stage.hubspot.setOptions({ portalId: 999 });
    await stage.open((await stage.begin({ replace: true })).url);
    expect(await stage.opened.sql('select 1 from people')).toEqual([]);
  });
});

describe('the page after a sign-in', () => {
  it('is kept by nobody, tells no other site, runs nothing', async () => {
    await stage.configure('hubspot');
    const { headers } = await stage.open((await stage.begin()).url);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('repeats nothing of what the browser brought', async () => {
    await stage.configure('hubspot');
    const state = new URL((await stage.begin()).url).searchParams.get('state') ?? '';
    const { text } = await stage.open(
      `${stage.redirectUri}?state=${state}&error=%3Cscript%3E&error_description=planted`,
    );
    expect(text).toContain('(unknown_error)');
    expect(text).not.toMatch(/<script|planted/);
  });

  it.each([
    ['sync.example.com', '/oauth/callback', 400],
    ['sync.example.com', '/', 421],
    ['evil.example.com', '/oauth/callback', 421],
  ])('may be asked for by its public name, and nothing else may (%s%s)', async (host, path, status) => {
    const { port } = new URL(stage.adminUrl);
    const answered = await new Promise<number | undefined>((resolve, reject) => {
      const sent = request({ port, path, host: '127.0.0.1', headers: { host }, agent: false });
      sent.on('error', reject).on('response', (response) => {
        response.resume().on('end', () => resolve(response.statusCode));
      });
      sent.end();
    });
    expect(answered).toBe(status);
  });
});

describe('what cannot be signed in to by browser', () => {
  it('is said before anybody opens an address', async () => {
    await stage.configure('hubspot', { credentials: { accessToken: { stored: 'client' } } });
    const { store } = stage.opened;
    const signInFor = () => Promise.resolve(undefined);
    const ask = (id: typeof ID) =>
      beginAuthorization(
        { connectionId: id, replace: false, redirectUri: stage.redirectUri },
        { ...store, signInFor, now: () => NOW },
      );
    expect(await ask(ID)).toEqual({ kind: 'no_sign_in', crm: 'hubspot' });
    expect(await ask(connectionId('nobody'))).toEqual({ kind: 'unknown_connection' });
  });
});
