import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { openSandbox } from './open-sandbox.ts';

const client = { client_id: 'app', client_secret: 'secret' };
const redirect = 'http://localhost:8080/oauth/callback';
const verifier = 'v'.repeat(43);
const challenge = createHash('sha256').update(verifier).digest('base64url');
const asked = {
  response_type: 'code',
  client_id: 'app',
  redirect_uri: redirect,
  scope: 'api refresh_token',
  state: 'st/ä&te',
  code_challenge: challenge,
  code_challenge_method: 'S256',
};

async function open(options: Parameters<typeof openSandbox>[0] = {}) {
  const clock = { now: Date.parse('2026-03-02T09:00:00Z') };
  const app = { clientId: 'app', clientSecret: 'secret', callbackUrls: [redirect] };
  const { sandbox } = await openSandbox({ connectedApps: [app], now: () => clock.now, ...options });
  const authorize = async (changes: Readonly<Record<string, string | undefined>> = {}) => {
    const all: Readonly<Record<string, string | undefined>> = { ...asked, ...changes };
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(all)) if (value !== undefined) query.set(name, value);
    const answer = await fetch(`${sandbox.url}/services/oauth2/authorize?${query.toString()}`, { redirect: 'manual' });
    const location = answer.headers.get('location');
    const back = location === null ? {} : Object.fromEntries(new URL(location).searchParams);
    return { status: answer.status, text: await answer.text(), back };
  };
  const exchange = async (form: Readonly<Record<string, string>>) => {
    const answer = await fetch(`${sandbox.url}/services/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'authorization_code', ...client, ...form }),
    });
    // Tests assert what they read.
    return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, string>> };
  };
  const codeOf = async () => (await authorize()).back.code ?? '';
  return { sandbox, clock, authorize, exchange, codeOf };
}

const form = { redirect_uri: redirect, code_verifier: verifier };

describe('the web server flow of the Salesforce sandbox', () => {
  it('sends the person back with a code and the state, and gives tokens for the code', async () => {
    const { sandbox, authorize, exchange } = await open();
    const { status, back } = await authorize();
    expect([status, back.state]).toEqual([302, 'st/ä&te']);
    const { body } = await exchange({ ...form, code: back.code ?? '' });
    expect(body).toMatchObject({ instance_url: sandbox.url, token_type: 'Bearer', scope: 'api refresh_token' });
    expect(body.id).toMatch(/\/id\/00D\w{15}\/005\w{15}$/);
    const renewed = await exchange({ grant_type: 'refresh_token', refresh_token: body.refresh_token ?? '' });
    expect(renewed.status).toBe(200);
  });

  it.each([
    ['an app that is not known', { client_id: 'nobody' }, 'invalid_client_id'],
    ['an address that is not registered', { redirect_uri: `${redirect}/` }, 'redirect_uri_mismatch'],
  ])('%s is told to the person, who is sent nowhere', async (_, changes, error) => {
    const { authorize } = await open();
    expect(await authorize(changes)).toMatchObject({ status: 400, text: expect.stringContaining(error), back: {} });
  });

  it.each([
    ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
    ['no challenge', { code_challenge: undefined }, 'invalid_request'],
    ['a challenge without its method', { code_challenge_method: undefined }, 'invalid_request'],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
  ])('%s is refused', async (_, changes, error) => {
    const { authorize } = await open();
    expect((await authorize(changes)).back).toMatchObject({ error, state: asked.state });
  });

  it.each([
    ['another verifier', { code_verifier: 'w'.repeat(43) }, 'invalid_grant', 'invalid code verifier'],
    ['no verifier', { code_verifier: '' }, 'invalid_grant', 'invalid code verifier'],
    ['another address', { redirect_uri: 'http://localhost/' }, 'redirect_uri_mismatch', 'redirect_uri must match'],
    ['another code', { code: 'guessed' }, 'invalid_grant', 'invalid authorization code'],
    ['another secret', { client_secret: 'guessed' }, 'invalid_client', 'invalid client credentials'],
  ])('an exchange with %s is refused', async (_, changes, error, description) => {
    const { exchange, codeOf } = await open();
    const { body } = await exchange({ ...form, code: await codeOf(), ...changes });
    expect(body).toEqual({ error, error_description: expect.stringContaining(description) });
  });

  it('a code is good for one use, and for fifteen minutes', async () => {
    const { clock, exchange, codeOf } = await open();
    const code = await codeOf();
    expect((await exchange({ ...form, code })).status).toBe(200);
    expect((await exchange({ ...form, code })).body.error).toBe('invalid_grant');
    const late = await codeOf();
    clock.now += 15 * 60_000;
    expect((await exchange({ ...form, code: late })).body.error_description).toBe('expired authorization code');
  });

  it('without the scope there is no refresh token', async () => {
    const { authorize, exchange } = await open();
    const { back } = await authorize({ scope: 'api' });
    expect((await exchange({ ...form, code: back.code ?? '' })).body).not.toHaveProperty('refresh_token');
  });

  it('a person may refuse, and may be asked', async () => {
    const { sandbox, authorize } = await open({ consent: 'deny' });
    expect((await authorize()).back).toMatchObject({ error: 'access_denied', state: asked.state });
    sandbox.setOptions({ consent: 'ask' });
    expect((await authorize()).text).toContain('sandbox_decision=allow');
    expect((await authorize({ sandbox_decision: 'deny' })).back).toMatchObject({ error: 'access_denied' });
    expect((await authorize({ sandbox_decision: 'allow' })).back).toHaveProperty('code');
  });
});
