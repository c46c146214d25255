import { html } from '../server/page-html.ts';
import type { ApiRequest } from './api-request.ts';
import type { Installations } from './installations.ts';
import type { HubSpotSandboxOptions, PublicApp } from './options.ts';
import type { OtherAnswer } from './server.ts';

export interface InstallDependencies {
  readonly options: HubSpotSandboxOptions;
  readonly installations: Installations;
}

/** The page on which an admin installs an app (HubSpot's OAuth guide); null for other paths. */
export function answerInstallRequest(
  { method, url }: ApiRequest,
  { options, installations }: InstallDependencies,
): OtherAnswer | null {
  if (method !== 'GET' || !/^\/oauth\/(\d+\/)?authorize$/.test(url.pathname)) return null;
  const query = url.searchParams;
  const app = options.apps.find((each) => each.clientId === query.get('client_id'));
  if (app === undefined) return refusalPage('The client ID is not known.');
  const redirectUri = query.get('redirect_uri') ?? '';
  if (!app.redirectUris.includes(redirectUri)) {
    return refusalPage(`The redirect URL ${redirectUri} does not match the app's registered redirect URL.`);
  }
  const asked = scopesOf(query, 'scope');
  const wrong = wrongScopes(app, asked);
  if (wrong.length > 0) return refusalPage(`The scopes do not match those of the app: ${wrong.join(', ')}.`);
  const decision = options.consent === 'ask' ? query.get('sandbox_decision') : options.consent;
  if (decision === null) return consentPage(app, url, options.portalId);
  if (decision !== 'allow') return back(redirectUri, query, { error: 'access_denied' });
  const granted = scopesOf(query, 'optional_scope').filter((scope) => app.optionalScopes.includes(scope));
  const scopes = [...new Set([...asked, ...granted])];
  return back(redirectUri, query, {
    code: installations.issueCode({ clientId: app.clientId, scopes, redirectUri }),
  });
}

function scopesOf(query: URLSearchParams, name: string): readonly string[] {
  return (query.get(name) ?? '').split(' ').filter((scope) => scope !== '');
}

/** An installation must ask for all that the app requires, and for nothing that it does not have. */
function wrongScopes({ scopes, optionalScopes }: PublicApp, asked: readonly string[]): readonly string[] {
  const missing = scopes.filter((scope) => !asked.includes(scope));
  return [...missing, ...asked.filter((scope) => !scopes.includes(scope) && !optionalScopes.includes(scope))];
}

function back(redirectUri: string, query: URLSearchParams, answer: Readonly<Record<string, string>>): OtherAnswer {
  const target = new URL(redirectUri);
  const state = query.get('state');
  for (const [name, value] of Object.entries({ ...answer, ...(state === null ? {} : { state }) })) {
    target.searchParams.set(name, value);
  }
  return { status: 302, contentType: 'text/html', text: '', location: target.href };
}

function consentPage({ clientId, scopes }: PublicApp, url: URL, portalId: number): OtherAnswer {
  const decide = (decision: string): string => `${url.pathname}${url.search}&sandbox_decision=${decision}`;
  const page = html`<!doctype html>
    <meta charset="utf-8" />
    <title>Connect app?</title>
    <h1>Connect ${clientId} to account ${portalId}?</h1>
    <p>It asks for ${scopes.join(', ')}.</p>
    <p><a href="${decide('allow')}">Connect app</a> <a href="${decide('deny')}">Cancel</a></p>`;
  return { status: 200, contentType: 'text/html;charset=utf-8', text: page.text };
}

function refusalPage(problem: string): OtherAnswer {
  const page = html`<!doctype html>
    <meta charset="utf-8" />
    <title>Authorization failed</title>
    <h1>Authorization failed</h1>
    <p>${problem}</p>`;
  return { status: 400, contentType: 'text/html;charset=utf-8', text: page.text };
}
