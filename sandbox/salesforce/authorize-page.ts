import { html } from '../server/page-html.ts';
import type { ApiRequest } from './api-request.ts';
import type { ConnectedApp, SalesforceSandboxOptions } from './options.ts';
import type { OtherAnswer } from './server.ts';
import type { TokenRegister } from './token-register.ts';

/** Where a person consents to an app (web server flow guide). */
export const authorizePath = '/services/oauth2/authorize';

export interface AuthorizeDependencies {
  readonly options: SalesforceSandboxOptions;
  readonly tokens: TokenRegister;
}

/** The consent page; null for other paths. Who is signed in is an option of the sandbox. */
export function answerAuthorizeRequest(
  { method, url }: ApiRequest,
  { options, tokens }: AuthorizeDependencies,
): OtherAnswer | null {
  if (url.pathname !== authorizePath || method !== 'GET') return null;
  const query = url.searchParams;
  const app = options.connectedApps.find((each) => each.clientId === query.get('client_id'));
  // Without an app or an address of its own there is nobody to send the person back to.
  if (app === undefined) return refusalPage('invalid_client_id', 'client identifier invalid');
  const redirectUri = query.get('redirect_uri') ?? '';
  if (app.callbackUrls?.includes(redirectUri) !== true) {
    return refusalPage('redirect_uri_mismatch', 'redirect_uri must match configuration');
  }
  const problem = requestProblem(query);
  if (problem !== null) return back(redirectUri, query, problem);
  const decision = options.consent === 'ask' ? query.get('sandbox_decision') : options.consent;
  if (decision === 'allow')
    return back(redirectUri, query, { code: tokens.codes.issue(consentOf(app, query, options)) });
  if (decision === null) return consentPage(app, url, userName(options));
  return back(redirectUri, query, { error: 'access_denied', error_description: 'end-user denied authorization' });
}

/** Partner rules of 2026: no app without PKCE, and only with SHA-256. */
function requestProblem(query: URLSearchParams): Readonly<Record<string, string>> | null {
  if (query.get('response_type') !== 'code') {
    return { error: 'unsupported_response_type', error_description: 'response type not supported' };
  }
  if (!/^[\w-]{43}$/.test(query.get('code_challenge') ?? '')) {
    return { error: 'invalid_request', error_description: 'missing required code challenge' };
  }
  if (query.get('code_challenge_method') !== 'S256') {
    return { error: 'invalid_request', error_description: 'code challenge method must be S256' };
  }
  return null;
}

function consentOf(app: ConnectedApp, query: URLSearchParams, options: SalesforceSandboxOptions) {
  const scopes = (query.get('scope') ?? '').split(' ');
  return {
    clientId: app.clientId,
    userId: options.signedInUserId,
    redirectUri: query.get('redirect_uri') ?? '',
    challenge: query.get('code_challenge') ?? '',
    lasting: scopes.includes('refresh_token') || scopes.includes('offline_access') || scopes.includes('full'),
  };
}

function userName({ users, signedInUserId }: SalesforceSandboxOptions): string {
  return users.find((user) => user.id === signedInUserId)?.username ?? signedInUserId;
}

function back(redirectUri: string, query: URLSearchParams, answer: Readonly<Record<string, string>>): OtherAnswer {
  const target = new URL(redirectUri);
  const state = query.get('state');
  for (const [name, value] of Object.entries({ ...answer, ...(state === null ? {} : { state }) })) {
    target.searchParams.set(name, value);
  }
  return { status: 302, contentType: 'text/html', text: '', location: target.href };
}

function consentPage({ clientId }: ConnectedApp, url: URL, user: string): OtherAnswer {
  const decide = (decision: string): string => `${url.pathname}${url.search}&sandbox_decision=${decision}`;
  const page = html`<!doctype html>
    <meta charset="utf-8" />
    <title>Allow access?</title>
    <h1>Allow access?</h1>
    <p>The app ${clientId} asks to act as ${user}.</p>
    <p><a href="${decide('allow')}">Allow</a> <a href="${decide('deny')}">Deny</a></p>`;
  return { status: 200, contentType: 'text/html;charset=utf-8', text: page.text };
}

function refusalPage(error: string, description: string): OtherAnswer {
  const page = html`<!doctype html>
    <meta charset="utf-8" />
    <title>OAuth error</title>
    <h1>error=${error}</h1>
    <p>error_description=${description}</p>`;
  return { status: 400, contentType: 'text/html;charset=utf-8', text: page.text };
}
