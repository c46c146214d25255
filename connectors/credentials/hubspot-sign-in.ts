import type { SignIn } from '../../src/domain/authorization.ts';
import { pinBase } from '../transport/origin.ts';
import { readCodeAnswer } from './code-exchange.ts';
import { askHubSpot, type HubSpotApp } from './hubspot-oauth.ts';
import { oauthLineage } from './oauth-lineage.ts';
import type { FlowMeans } from './token-flow.ts';

/** What deliveries cannot do without; the app must have exactly these as its required scopes (HubSpot's OAuth guide). */
const SCOPES = [
  'oauth',
  'crm.objects.contacts.read',
  'crm.objects.contacts.write',
  'crm.schemas.contacts.read',
  'crm.schemas.contacts.write',
];
/** Left out by HubSpot where the account or the app does not have them. */
const OPTIONAL_SCOPES = ['crm.objects.owners.read', 'crm.objects.companies.read', 'crm.objects.deals.read', 'tickets'];

/** The installation of a public app: an admin of the account picks it and consents. HubSpot's guide names no PKCE. */
export async function createHubSpotSignIn(app: HubSpotApp, baseUrl: string, means: FlowMeans): Promise<SignIn> {
  const { clientId, refreshToken } = app;
  const configured = refreshToken === undefined ? undefined : await means.secret(refreshToken);
  return {
    lineage: oauthLineage('hubspot', baseUrl, clientId, undefined),
    supersedes: configured === undefined ? undefined : oauthLineage('hubspot', baseUrl, clientId, configured),
    authorizeUrl: ({ state, redirectUri }) => {
      const query = new URLSearchParams({
        client_id: clientId,
        redirect_uri: redirectUri,
        scope: SCOPES.join(' '),
        optional_scope: OPTIONAL_SCOPES.join(' '),
        state,
      });
      return `${consentPageOf(baseUrl)}?${query.toString()}`;
    },
    exchange: async (code, { redirectUri }) => {
      const grant = { grant_type: 'authorization_code', code, redirect_uri: redirectUri };
      return readCodeAnswer('hubspot', await askHubSpot(app, baseUrl, means, grant));
    },
  };
}

/** HubSpot's OAuth guide: consent is asked for at app.hubspot.com, whatever the API's host. A stand-in has one address. */
function consentPageOf(baseUrl: string): string {
  const { origin, prefix } = pinBase(baseUrl);
  const isHubSpot = /\.(hubapi|hubspot)\.com$/.test(new URL(origin).hostname);
  return `${isHubSpot ? 'https://app.hubspot.com' : `${origin}${prefix}`}/oauth/authorize`;
}
