import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { defaultUsers } from '../../../sandbox/salesforce/org-defaults.ts';
import { openSandbox, refusal, send } from './open-sandbox.ts';

const [integration, dana, , , left] = defaultUsers;
const app = { clientId: 'app', clientSecret: 'secret', runAs: integration?.id ?? '' };

async function signIn(url: string, form: Record<string, string>) {
  const response = await fetch(`${url}/services/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

const limitsWith = async (url: string, bearer: string | undefined) =>
  send(url, 'GET', '/limits', undefined, { authorization: `Bearer ${bearer ?? ''}` });

describe('sessions', () => {
  it('no token, an unknown, an expired and a revoked one are an invalid session', async () => {
    const { sandbox, call } = await openSandbox({
      accessTokens: [{ token: 'old', expiresAt: 1 }, { token: 'test-token' }],
    });
    expect(refusal(await call('GET', '/limits', undefined, { authorization: '' }))).toEqual([
      401,
      'INVALID_SESSION_ID',
    ]);
    expect(refusal(await limitsWith(sandbox.url, 'unknown'))).toEqual([401, 'INVALID_SESSION_ID']);
    expect(refusal(await limitsWith(sandbox.url, 'old'))).toEqual([401, 'INVALID_SESSION_ID']);
    expect((await call('GET', '/limits')).status).toBe(200);
    sandbox.revokeToken('test-token');
    expect(refusal(await call('GET', '/limits'))).toEqual([401, 'INVALID_SESSION_ID']);
  });

  it('records name the user of the token', async () => {
    const { sandbox, call } = await openSandbox();
    sandbox.addToken({ token: 'danas', userId: dana?.id ?? '' });
    const { body } = await call('POST', '/sobjects/Account', { Name: 'A' }, { authorization: 'Bearer danas' });
    expect(sandbox.records('Account')[0]).toMatchObject({
      id: body.id,
      fields: { CreatedById: dana?.id, OwnerId: dana?.id },
    });
  });
});

describe('client credentials', () => {
  it('give a token that works, with the instance to use it at', async () => {
    const { sandbox } = await openSandbox({ connectedApps: [app] });
    const { status, body } = await signIn(sandbox.url, {
      grant_type: 'client_credentials',
      client_id: 'app',
      client_secret: 'secret',
    });
    expect([status, body.token_type, body.instance_url]).toEqual([200, 'Bearer', sandbox.url]);
    expect(body).not.toHaveProperty('refresh_token');
    expect(body).not.toHaveProperty('expires_in');
    expect((await limitsWith(sandbox.url, body.access_token)).status).toBe(200);
  });

  it('a wrong secret, an app without a user and an inactive user are told apart', async () => {
    const { sandbox } = await openSandbox({
      connectedApps: [app, { clientId: 'off' }, { clientId: 'gone', runAs: left?.id ?? '' }],
    });
    const errorOf = async (form: Record<string, string>) =>
      (await signIn(sandbox.url, { grant_type: 'client_credentials', ...form })).body.error;
    expect(await errorOf({ client_id: 'app', client_secret: 'wrong' })).toBe('invalid_client');
    expect(await errorOf({ client_id: 'nobody', client_secret: 'secret' })).toBe('invalid_client');
    expect(await errorOf({ client_id: 'off' })).toBe('invalid_grant');
    expect(await errorOf({ client_id: 'gone' })).toBe('inactive_user');
    expect((await signIn(sandbox.url, { grant_type: 'password' })).body.error).toBe('unsupported_grant_type');
  });
});

describe('JWT bearer', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
  const certificate = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const jwtApp = { clientId: 'jwt-app', certificate };

  function assertion(claims: Record<string, unknown> = {}, key = privateKey): string {
    const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const all = {
      iss: 'jwt-app',
      sub: integration?.username,
      aud: 'https://login.salesforce.com',
      exp: Math.floor(Date.now() / 1_000) + 180,
      ...claims,
    };
    const head = `${encode({ alg: 'RS256' })}.${encode(all)}`;
    return `${head}.${sign('RSA-SHA256', Buffer.from(head), key).toString('base64url')}`;
  }

  async function exchange(text: string) {
    const { sandbox } = await openSandbox({ connectedApps: [jwtApp] });
    const grant_type = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
    return { sandbox, ...(await signIn(sandbox.url, { grant_type, assertion: text })) };
  }

  it('a signed assertion of an active user gives a token', async () => {
    const { sandbox, status, body } = await exchange(assertion());
    expect(status).toBe(200);
    expect((await limitsWith(sandbox.url, body.access_token)).status).toBe(200);
  });

  it.each([
    ['a strange signature', assertion({}, stranger), 'invalid_grant'],
    ['a wrong audience', assertion({ aud: 'https://example.com' }), 'invalid_grant'],
    ['an expired one', assertion({ exp: 1 }), 'invalid_grant'],
    ['one that lives too long', assertion({ exp: Math.floor(Date.now() / 1_000) + 3_600 }), 'invalid_grant'],
    ['an unknown user', assertion({ sub: 'who@example.com' }), 'invalid_grant'],
    ['an inactive user', assertion({ sub: left?.username }), 'inactive_user'],
    ['an unknown app', assertion({ iss: 'else' }), 'invalid_client'],
    ['no assertion at all', 'x.y', 'invalid_grant'],
  ])('%s is refused', async (_, text, error) => {
    const { status, body } = await exchange(text);
    expect(body.error).toBe(error);
    expect(status).toBeGreaterThanOrEqual(400);
  });
});

describe('refresh tokens', () => {
  const consent = { ...app, refreshTokens: [{ token: 'first', userId: dana?.id ?? '' }] };
  const form = (refresh_token: string) => ({
    grant_type: 'refresh_token',
    client_id: 'app',
    client_secret: 'secret',
    refresh_token,
  });

  it('each use gives the next one, and the last one works', async () => {
    const { sandbox } = await openSandbox({ connectedApps: [consent] });
    const one = await signIn(sandbox.url, form('first'));
    const two = await signIn(sandbox.url, form(one.body.refresh_token ?? ''));
    expect([one.status, two.status]).toEqual([200, 200]);
    expect(two.body.refresh_token).not.toBe(one.body.refresh_token);
  });

  it('a used one used again ends the whole family, access tokens included', async () => {
    const { sandbox } = await openSandbox({ connectedApps: [consent] });
    const { body } = await signIn(sandbox.url, form('first'));
    expect((await limitsWith(sandbox.url, body.access_token)).status).toBe(200);
    expect((await signIn(sandbox.url, form('first'))).body.error).toBe('invalid_grant');
    expect((await signIn(sandbox.url, form(body.refresh_token ?? ''))).body.error).toBe('invalid_grant');
    expect((await limitsWith(sandbox.url, body.access_token)).status).toBe(401);
  });

  it('without rotation the one token keeps working', async () => {
    const { sandbox } = await openSandbox({ connectedApps: [consent], refreshTokenRotation: false });
    const { body } = await signIn(sandbox.url, form('first'));
    expect(body).not.toHaveProperty('refresh_token');
    expect((await signIn(sandbox.url, form('first'))).status).toBe(200);
  });

  it('a revoked one is an invalid grant', async () => {
    const { sandbox } = await openSandbox({ connectedApps: [consent] });
    sandbox.revokeToken('first');
    expect((await signIn(sandbox.url, form('first'))).body.error).toBe('invalid_grant');
  });
});
