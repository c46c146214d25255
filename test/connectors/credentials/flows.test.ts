import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, verify, type KeyObject } from 'node:crypto';
import { NoAccessTokenError, type AccessTokens } from '../../../connectors/credentials/access-tokens.ts';
import { createHttpTransport, type HttpTransport } from '../../../connectors/transport/http-transport.ts';
import { at, NOW, openTestStore, type TestStore } from '../../store/open-test-store.ts';
import { openCredentials } from './open-credentials.ts';
import { startTokenEndpoint, type TokenEndpoint } from './token-endpoint.ts';

let test: TestStore;
let transport: HttpTransport;
let endpoint: TokenEndpoint;
let serial = 0;

beforeAll(async () => {
  test = await openTestStore();
  transport = createHttpTransport({ totalTimeoutMs: 2_000 });
});
afterAll(async () => {
  await transport.close();
  await test.close();
});
beforeEach(async () => {
  serial += 1;
  test.clock.now = NOW;
  endpoint = await startTokenEndpoint({ refreshToken: 'configured' });
});
afterEach(() => endpoint.close());

type Secrets = Readonly<Record<string, string>>;

function signIn(crm: 'hubspot' | 'salesforce', credentials: object, secrets: Secrets, baseUrl = endpoint.url) {
  return openCredentials({
    access: { crm, baseUrl, credentials },
    connectionId: `flows-${serial}`,
    secrets,
    tokens: test.store.tokens,
    transport,
    now: () => test.clock.now,
  });
}

const secret = { env: 'SECRET' };
const clientCredentials = { clientCredentials: { clientId: 'our-app', clientSecret: secret } };

describe('a configured token', () => {
  it('is sent as it stands, and refused means that a person must act', async () => {
    const tokens = signIn('hubspot', { accessToken: secret }, { SECRET: 'pat-1' });
    expect(await tokens.accessToken()).toBe('pat-1');
    expect(await tokens.refused('pat-1')).toBe('broken');
    expect(endpoint.forms).toEqual([]);
  });

  it('that was replaced since is tried before anybody is asked', async () => {
    const secrets: Record<string, string> = { SECRET: 'pat-1' };
    const tokens = signIn('hubspot', { accessToken: secret }, secrets);
    secrets.SECRET = 'pat-2';
    expect(await tokens.refused('pat-1')).toBe('renewed');
    expect(await tokens.accessToken()).toBe('pat-2');
  });
});

describe('HubSpot OAuth', () => {
  const oauth = { oauth: { clientId: 'our-app', clientSecret: secret, refreshToken: { env: 'REFRESH' } } };

  it('asks the dated endpoint with a form, and for the next token with the rotated refresh token', async () => {
    const tokens = signIn('hubspot', oauth, { SECRET: 's', REFRESH: 'configured' });
    const first = await tokens.accessToken();
    expect(endpoint.accepts(first)).toBe(true);
    await tokens.refused(first);
    const form = { grant_type: 'refresh_token', client_id: 'our-app', client_secret: 's' };
    expect(endpoint.forms).toEqual([
      { ...form, refresh_token: 'configured' },
      { ...form, refresh_token: expect.stringMatching(/^refresh-/) },
    ]);
    expect(endpoint.paths).toEqual(['/oauth/2026-03/token', '/oauth/2026-03/token']);
  });

  it('a client secret that was replaced goes on with the rotated refresh token', async () => {
    const first = signIn('hubspot', oauth, { SECRET: 'old', REFRESH: 'configured' });
    const token = await first.accessToken();
    const second = signIn('hubspot', oauth, { SECRET: 'new', REFRESH: 'configured' });
    expect(await second.accessToken()).toBe(token);
    expect(await second.refused(token)).toBe('renewed');
    expect(endpoint.forms[1]).toMatchObject({
      client_secret: 'new',
      refresh_token: expect.stringMatching(/^refresh-/),
    });
  });
});

describe('Salesforce client credentials', () => {
  it('asks the org itself, without a refresh token, again after a refusal', async () => {
    const tokens = signIn('salesforce', clientCredentials, { SECRET: 's' });
    const first = await tokens.accessToken();
    expect(await tokens.refused(first)).toBe('renewed');
    const form = { grant_type: 'client_credentials', client_id: 'our-app', client_secret: 's' };
    expect(endpoint.forms).toEqual([form, form]);
    expect(endpoint.paths).toEqual(['/services/oauth2/token', '/services/oauth2/token']);
  });

  it('a new client secret makes the tokens and the refusals of the old one void', async () => {
    endpoint.answerWith({ status: 401, body: { error: 'invalid_client' } });
    const failure = await failureOf(signIn('salesforce', clientCredentials, { SECRET: 'wrong' }));
    expect(failure).toMatchObject({ disposition: 'reconnect', code: 'salesforce.token_invalid_client' });
    endpoint.answerWith();
    const tokens = signIn('salesforce', clientCredentials, { SECRET: 'right' });
    expect(endpoint.accepts(await tokens.accessToken())).toBe(true);
  });

  it('a refusal that an admin mends in Salesforce is asked about again half a minute later', async () => {
    endpoint.answerWith({ status: 400, body: { error: 'invalid_grant', error_description: 'inactive user' } });
    const tokens = signIn('salesforce', clientCredentials, { SECRET: 's' });
    expect(await failureOf(tokens)).toMatchObject({ disposition: 'reconnect' });
    endpoint.answerWith();
    test.clock.now = at(29);
    expect(await failureOf(tokens)).toMatchObject({ disposition: 'reconnect' });
    expect(endpoint.forms).toHaveLength(1);
    test.clock.now = at(31);
    expect(endpoint.accepts(await tokens.accessToken())).toBe(true);
  });
});

describe('Salesforce JWT bearer', () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const jwt = { clientId: 'our-app', username: 'sync@acme.example', privateKey: { env: 'KEY' } };

  it('sends an assertion that our key has signed, valid for three minutes', async () => {
    const tokens = signIn('salesforce', { jwt }, { KEY: pem });
    expect(endpoint.accepts(await tokens.accessToken())).toBe(true);
    const { grant_type: grant, assertion = '' } = endpoint.forms[0] ?? {};
    expect(grant).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    expect(readAssertion(assertion, publicKey)).toEqual({
      head: { alg: 'RS256' },
      claims: {
        iss: 'our-app',
        sub: 'sync@acme.example',
        aud: 'https://login.salesforce.com',
        exp: NOW.getTime() / 1000 + 180,
      },
    });
  });

  it('names the audience that is configured', async () => {
    const loginUrl = 'https://test.salesforce.com';
    await signIn('salesforce', { jwt: { ...jwt, loginUrl } }, { KEY: pem }).accessToken();
    expect(readAssertion(endpoint.forms[0]?.assertion ?? '', publicKey).claims).toMatchObject({ aud: loginUrl });
  });

  it.each([
    ['no key at all', 'planted-key'],
    ['a public key', publicKey.export({ type: 'spki', format: 'pem' }).toString()],
    [
      'a key of another kind',
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ],
  ])('%s is a refusal by its own code, before anything is sent', async (_, key) => {
    const failure = await failureOf(signIn('salesforce', { jwt }, { KEY: key }));
    expect(failure).toMatchObject({ disposition: 'reconnect', code: 'salesforce.private_key_unusable' });
    expect(JSON.stringify(failure)).not.toContain('planted-key');
    expect(endpoint.forms).toEqual([]);
  });
});

describe('a token endpoint that gives none', () => {
  const oauth = { oauth: { clientId: 'our-app', clientSecret: secret, refreshToken: secret } };
  const html = '<html>planted page</html>';

  it.each([
    ['a limit', 429, { error: 'rate_limit_exceeded' }, 'retry', 'token_rate_limit_exceeded'],
    ['an outage', 503, html, 'retry', 'token_HTTP_503'],
    ['a trouble of its own', 400, { error: 'temporarily_unavailable' }, 'retry', 'token_temporarily_unavailable'],
    ['a page of an intermediary', 403, html, 'retry', 'token_HTTP_403'],
    ['a success without a token', 200, { ok: true }, 'retry', 'token_unreadable_answer'],
    ['a page that says all is well', 200, html, 'retry', 'token_unreadable_answer'],
    ['another address', 404, html, 'reconnect', 'token_HTTP_404'],
    ['a client that is not known', 401, { error: 'invalid_client' }, 'reconnect', 'token_invalid_client'],
    ['a refresh token that is void', 400, { error: 'invalid_grant' }, 'reconnect', 'token_invalid_grant'],
    ['words in place of a code', 400, { error: 'user planted@example.com' }, 'retry', 'token_HTTP_400'],
  ])('%s', async (_, status, body, disposition, code) => {
    endpoint.answerWith({ status, body });
    for (const crm of ['hubspot', 'salesforce'] as const) {
      serial += 1;
      const failure = await failureOf(signIn(crm, oauth, { SECRET: 'planted-secret' }));
      expect(failure).toMatchObject({ disposition, code: `${crm}.${code}`, vendorText: undefined });
      expect(JSON.stringify(failure)).not.toContain('planted');
    }
  });

  it('no answer at all passes', async () => {
    await endpoint.close();
    const tokens = signIn('salesforce', clientCredentials, { SECRET: 's' });
    expect(await failureOf(tokens)).toMatchObject({ disposition: 'retry', code: 'network.refused' });
  });
});

function readAssertion(assertion: string, key: KeyObject): { readonly head: unknown; readonly claims: unknown } {
  const [head = '', claims = '', signature = ''] = assertion.split('.');
  const isSigned = verify('RSA-SHA256', Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, 'base64url'));
  if (!isSigned) throw new Error('the assertion is not signed with our key');
  const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
  return { head: read(head), claims: read(claims) };
}

async function failureOf(tokens: AccessTokens) {
  const error = await tokens.accessToken().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof NoAccessTokenError)) throw new Error('there was a token, or another error');
  return error.failure;
}
