import { createHash } from 'node:crypto';
import type { CodeAnswer, SignIn } from '../../src/domain/authorization.ts';
import { pinBase } from '../transport/origin.ts';
import { readCodeAnswer } from './code-exchange.ts';
import { oauthLineage } from './oauth-lineage.ts';
import type { GrantAnswer } from './request-tokens.ts';
import { askAsApp, type SalesforceApp } from './salesforce-flows.ts';
import type { FlowMeans } from './token-flow.ts';

/** Salesforce's OAuth guide, web server flow: at the org's own address, so that its own sign-in page is shown. */
const AUTHORIZE_PATH = '/services/oauth2/authorize';
/** `api` for the REST API; without `refresh_token` there would be none. */
const SCOPE = 'api refresh_token';

/** The web server flow with PKCE: a user of the org, best an integration user, consents to what the app does as that user. */
export async function createSalesforceSignIn(app: SalesforceApp, baseUrl: string, means: FlowMeans): Promise<SignIn> {
  const { clientId, refreshToken } = app;
  const configured = refreshToken === undefined ? undefined : await means.secret(refreshToken);
  const { origin, prefix } = pinBase(baseUrl);
  return {
    lineage: oauthLineage('salesforce', baseUrl, clientId, undefined),
    supersedes: configured === undefined ? undefined : oauthLineage('salesforce', baseUrl, clientId, configured),
    authorizeUrl: ({ state, verifier, redirectUri }) => {
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: clientId,
        redirect_uri: redirectUri,
        scope: SCOPE,
        state,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        // Whoever is signed in to the org by chance should not be the one by accident.
        prompt: 'login consent',
      });
      return `${origin}${prefix}${AUTHORIZE_PATH}?${query.toString()}`;
    },
    exchange: async (code, { verifier, redirectUri }) => {
      const grant = {
        grant_type: 'authorization_code',
        code,
        code_verifier: verifier,
        redirect_uri: redirectUri,
      };
      const answer = await askAsApp(app, baseUrl, means, grant);
      return elsewhere(answer, origin) ?? readCodeAnswer('salesforce', answer);
    },
  };
}

/** The tokens are good at `instance_url` only: with another address in the configuration every call would be refused. */
function elsewhere(answer: GrantAnswer, origin: string): CodeAnswer | undefined {
  if (answer.kind !== 'issued' || answer.instanceUrl === undefined) return undefined;
  const instance = URL.parse(answer.instanceUrl)?.origin;
  return instance === undefined || instance === origin ? undefined : { kind: 'elsewhere', baseUrl: instance };
}
