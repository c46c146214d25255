import type { SalesforceCredentials } from '../../src/domain/crm-access.ts';
import { pinBase } from '../transport/origin.ts';
import { readSigningKey, signAssertion } from './jwt-assertion.ts';
import { oauthLineage, signInNeeded } from './oauth-lineage.ts';
import { requestTokens, type GrantAnswer } from './request-tokens.ts';
import type { FlowMeans, TokenFlow } from './token-flow.ts';

/** Salesforce's OAuth guide: below the org's own address (My Domain), which the client credentials flow insists on. */
const TOKEN_PATH = '/services/oauth2/token';
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

type Part<K extends string> =
  Extract<SalesforceCredentials, Readonly<Record<K, unknown>>> extends Readonly<Record<K, infer P>> ? P : never;

export type SalesforceApp = Part<'oauth'>;

/** The org's own app acts as its integration user; there is no refresh token. */
export async function openClientCredentials(
  { clientId, clientSecret }: Part<'clientCredentials'>,
  baseUrl: string,
  means: FlowMeans,
): Promise<TokenFlow> {
  const secret = await means.secret(clientSecret);
  return {
    lineage: JSON.stringify(['salesforce-client-credentials', baseUrl, clientId, secret]),
    ask: () =>
      ask(baseUrl, means, { grant_type: 'client_credentials', client_id: clientId, client_secret: secret }, false),
  };
}

/** A certificate stands for the app, and an admin has allowed it to act for the user. */
export async function openJwtBearer(
  { clientId, username, privateKey, loginUrl }: Part<'jwt'>,
  baseUrl: string,
  means: FlowMeans,
): Promise<TokenFlow> {
  const pem = await means.secret(privateKey);
  const key = readSigningKey(pem);
  const audience = loginUrl ?? loginHostOf(baseUrl);
  return {
    lineage: JSON.stringify(['salesforce-jwt', baseUrl, clientId, username, audience, pem]),
    ask: () => {
      if (key === undefined) return Promise.resolve({ kind: 'refused', code: 'salesforce.private_key_unusable' });
      const assertion = signAssertion(key, { clientId, username, audience }, means.now());
      return ask(baseUrl, means, { grant_type: JWT_BEARER, assertion }, false);
    },
  };
}

/** A user has authorised the app. Partner apps must have their refresh tokens rotated: each is good for one use. */
export async function openRefreshToken(app: SalesforceApp, baseUrl: string, means: FlowMeans): Promise<TokenFlow> {
  const configured = app.refreshToken === undefined ? undefined : await means.secret(app.refreshToken);
  return {
    lineage: oauthLineage('salesforce', baseUrl, app.clientId, configured),
    ask: async (current = configured) =>
      current === undefined
        ? signInNeeded('salesforce')
        : askAsApp(app, baseUrl, means, { grant_type: 'refresh_token', refresh_token: current }),
  };
}

/** Asks the org's token endpoint in the name of the app; a public client has no secret. */
export async function askAsApp(
  { clientId, clientSecret }: SalesforceApp,
  baseUrl: string,
  means: FlowMeans,
  grant: Readonly<Record<string, string>>,
): Promise<GrantAnswer> {
  const secret = clientSecret === undefined ? {} : { client_secret: await means.secret(clientSecret) };
  return ask(baseUrl, means, { ...grant, client_id: clientId, ...secret }, true);
}

function ask(
  baseUrl: string,
  { transport, now }: FlowMeans,
  form: Readonly<Record<string, string>>,
  invalidGrantIsFinal: boolean,
): Promise<GrantAnswer> {
  const base = pinBase(baseUrl);
  return requestTokens({ transport, base, path: TOKEN_PATH, form, vendor: 'salesforce', invalidGrantIsFinal, now });
}

/** Salesforce's OAuth guide: sandboxes sign in at test.salesforce.com, all other orgs at login.salesforce.com. */
function loginHostOf(baseUrl: string): string {
  return new URL(baseUrl).hostname.endsWith('.sandbox.my.salesforce.com')
    ? 'https://test.salesforce.com'
    : 'https://login.salesforce.com';
}
