import type { HubSpotCredentials } from '../../src/domain/crm-access.ts';
import { pinBase } from '../transport/origin.ts';
import { requestTokens, type GrantAnswer } from './request-tokens.ts';
import type { FlowMeans, TokenFlow } from './token-flow.ts';
import { oauthLineage, signInNeeded } from './oauth-lineage.ts';

/** HubSpot's OAuth guide: access tokens last 30 minutes, and each answer's refresh token is the one to keep. */
const TOKEN_PATH = '/oauth/2026-03/token';

export type HubSpotApp = Extract<HubSpotCredentials, { oauth: unknown }>['oauth'];

/** A public HubSpot app that a customer's admin has installed. */
export async function openHubSpotOAuth(app: HubSpotApp, baseUrl: string, means: FlowMeans): Promise<TokenFlow> {
  const configured = app.refreshToken === undefined ? undefined : await means.secret(app.refreshToken);
  return {
    lineage: oauthLineage('hubspot', baseUrl, app.clientId, configured),
    ask: async (refreshToken = configured) =>
      refreshToken === undefined
        ? signInNeeded('hubspot')
        : askHubSpot(app, baseUrl, means, { grant_type: 'refresh_token', refresh_token: refreshToken }),
  };
}

/** Asks HubSpot's token endpoint in the name of the app. */
export async function askHubSpot(
  { clientId, clientSecret }: HubSpotApp,
  baseUrl: string,
  { secret, transport, now }: FlowMeans,
  grant: Readonly<Record<string, string>>,
): Promise<GrantAnswer> {
  return requestTokens({
    transport,
    base: pinBase(baseUrl),
    path: TOKEN_PATH,
    form: { ...grant, client_id: clientId, client_secret: await secret(clientSecret) },
    vendor: 'hubspot',
    invalidGrantIsFinal: true,
    now,
  });
}
