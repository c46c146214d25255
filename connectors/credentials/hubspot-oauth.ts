import type { HubSpotCredentials } from '../../src/domain/crm-access.ts';
import { pinBase } from '../transport/origin.ts';
import { requestTokens } from './request-tokens.ts';
import type { FlowMeans, TokenFlow } from './token-flow.ts';

/** HubSpot's OAuth guide: access tokens last 30 minutes, and each answer's refresh token is the one to keep. */
const TOKEN_PATH = '/oauth/2026-03/token';

type OAuth = Extract<HubSpotCredentials, { oauth: unknown }>['oauth'];

/** A public HubSpot app that a customer's admin has installed. */
export async function openHubSpotOAuth(oauth: OAuth, baseUrl: string, means: FlowMeans): Promise<TokenFlow> {
  const [clientSecret, configured] = await Promise.all([
    means.secret(oauth.clientSecret),
    means.secret(oauth.refreshToken),
  ]);
  return {
    // Without the client secret: it may be replaced while the refresh token, rotated since, stays in force.
    lineage: JSON.stringify(['hubspot-oauth', baseUrl, oauth.clientId, configured]),
    ask: (refreshToken = configured) =>
      requestTokens({
        transport: means.transport,
        base: pinBase(baseUrl),
        path: TOKEN_PATH,
        form: {
          grant_type: 'refresh_token',
          client_id: oauth.clientId,
          client_secret: clientSecret,
          refresh_token: refreshToken,
        },
        vendor: 'hubspot',
        invalidGrantIsFinal: true,
        now: means.now,
      }),
  };
}
