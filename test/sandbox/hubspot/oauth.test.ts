import { describe, expect, it } from '@jest/globals';
import { openSandbox, send } from './open-sandbox.ts';

const redirect = 'http://localhost:8080/oauth/callback';
const app = {
  clientId: 'app',
  clientSecret: 'secret',
  redirectUris: [redirect],
  scopes: ['oauth', 'crm.objects.contacts.read'],
  optionalScopes: ['crm.objects.owners.read'],
  refreshTokens: ['earlier'],
};
const asked = { client_id: 'app', redirect_uri: redirect, scope: app.scopes.join(' '), state: 'st/ä&te' };

async function open(options: Parameters<typeof openSandbox>[0] = {}) {
  const clock = { now: Date.parse('2026-03-02T09:00:00Z') };
  const { sandbox } = await openSandbox({ apps: [app], now: () => clock.now, ...options });
  const authorize = async (changes: Readonly<Record<string, string>> = {}) => {
    const query = new URLSearchParams({ ...asked, ...changes }).toString();
    const answer = await fetch(`${sandbox.url}/oauth/authorize?${query}`, { redirect: 'manual' });
    const location = answer.headers.get('location');
    const back = location === null ? {} : Object.fromEntries(new URL(location).searchParams);
    return { status: answer.status, text: await answer.text(), back };
  };
  const exchange = async (form: Readonly<Record<string, string>>, version = '2026-03') => {
    const answer = await fetch(`${sandbox.url}/oauth/${version}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: 'app',
        client_secret: 'secret',
        redirect_uri: redirect,
        ...form,
      }),
    });
    // Tests assert what they read.
    return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, unknown>> };
  };
  const codeOf = async () => (await authorize()).back.code ?? '';
  return { sandbox, clock, authorize, exchange, codeOf };
}

describe('the installation of an app in the HubSpot sandbox', () => {
  it('sends the admin back with a code and the state, and gives tokens of the account for the code', async () => {
    const { sandbox, clock, authorize, exchange } = await open({ portalId: 77 });
    const { status, back } = await authorize({ optional_scope: 'crm.objects.owners.read tickets' });
    expect([status, back.state]).toEqual([302, 'st/ä&te']);
    const { body } = await exchange({ code: back.code ?? '' });
    expect(body).toMatchObject({ hub_id: 77, expires_in: 1800, token_type: 'bearer' });
    expect(body.scopes).toEqual([...app.scopes, 'crm.objects.owners.read']);
    const read = () => send(sandbox.url, 'GET', '/crm/v3/objects/contacts', undefined, String(body.access_token));
    expect((await read()).status).toBe(200);
    clock.now += 1_800_000;
    expect((await read()).body.category).toBe('EXPIRED_AUTHENTICATION');
  });

  it.each([
    ['an app that is not known', { client_id: 'nobody' }, /client ID/],
    ['an address that is not registered', { redirect_uri: `${redirect}/` }, /does not match the app/],
    ['a scope too few', { scope: 'oauth' }, /scopes do not match.*contacts.read/],
    ['a scope that the app has not', { scope: `${asked.scope} tickets` }, /scopes do not match.*tickets/],
  ])('%s is told to the admin, who is sent nowhere', async (_, changes, words) => {
    const { authorize } = await open();
    expect(await authorize(changes)).toMatchObject({ status: 400, text: expect.stringMatching(words), back: {} });
  });

  it.each([
    ['another address', { redirect_uri: 'http://localhost/' }, 'MISMATCH_REDIRECT_URI_AUTH_CODE'],
    ['another code', { code: 'guessed' }, 'BAD_AUTH_CODE'],
    ['another secret', { client_secret: 'guessed' }, 'BAD_CLIENT_SECRET'],
    ['another app', { client_id: 'guessed' }, 'BAD_CLIENT_ID'],
    ['another grant', { grant_type: 'password' }, 'BAD_GRANT_TYPE'],
    ['a refresh token that is not known', { grant_type: 'refresh_token', refresh_token: 'x' }, 'BAD_REFRESH_TOKEN'],
  ])('an exchange with %s is refused', async (_, changes, status) => {
    const { exchange, codeOf } = await open();
    expect(await exchange({ code: await codeOf(), ...changes })).toMatchObject({ status: 400, body: { status } });
  });

  it('a code is good for one use', async () => {
    const { exchange, codeOf } = await open();
    const code = await codeOf();
    expect((await exchange({ code })).status).toBe(200);
    expect((await exchange({ code })).body.error).toBe('invalid_grant');
  });

  it('a refresh token stays, or is replaced with each use, as the switch says', async () => {
    const { sandbox, exchange } = await open();
    const refresh = (token: unknown) => exchange({ grant_type: 'refresh_token', refresh_token: String(token) });
    expect((await refresh('earlier')).body.refresh_token).toBe('earlier');
    sandbox.setOptions({ refreshTokenRotation: true });
    const { body } = await refresh('earlier');
    expect((await refresh('earlier')).status).toBe(400);
    expect((await refresh(body.refresh_token)).status).toBe(200);
  });

  it('a refresh token that was revoked is void', async () => {
    const { sandbox, exchange } = await open();
    sandbox.revokeToken('earlier');
    const { body } = await exchange({ grant_type: 'refresh_token', refresh_token: 'earlier' });
    expect(body).toMatchObject({ error: 'invalid_grant', status: 'BAD_REFRESH_TOKEN' });
  });

  it('the token endpoint is there under every version that HubSpot still has', async () => {
    const { exchange } = await open();
    for (const version of ['v1', 'v3', '2026-03', '2026-09']) {
      expect((await exchange({ grant_type: 'refresh_token', refresh_token: 'earlier' }, version)).status).toBe(200);
    }
    expect((await exchange({}, 'v4')).status).toBe(401);
  });

  it('an admin may refuse, and may be asked', async () => {
    const { sandbox, authorize } = await open({ consent: 'deny' });
    expect((await authorize()).back).toEqual({ error: 'access_denied', state: asked.state });
    sandbox.setOptions({ consent: 'ask' });
    expect((await authorize()).text).toContain('sandbox_decision=allow');
    expect((await authorize({ sandbox_decision: 'allow' })).back).toHaveProperty('code');
  });
});
