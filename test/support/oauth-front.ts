import { randomUUID } from 'node:crypto';
import type { HubSpotSandbox } from '../../sandbox/hubspot/index.ts';
import { answerJson, startScriptedServer, type ReceivedRequest } from '../connectors/scripted-server.ts';

/** A HubSpot sandbox that is signed in to by OAuth. */
export interface OAuthFront {
  readonly url: string;
  /** Refresh tokens that were used, in order. */
  readonly used: readonly string[];
  /** The access token in force ends, as it does after half an hour. */
  endAccess(): void;
  /** The customer's admin takes the authorisation back. */
  revoke(): void;
  close(): Promise<void>;
}

/** Serves the token endpoint itself, with rotation, and hands everything else on to the sandbox. */
export async function startOAuthFront(hubspot: HubSpotSandbox, refreshToken: string): Promise<OAuthFront> {
  const used: string[] = [];
  let current: string | undefined = refreshToken;
  let access: string | undefined;

  function endAccess(): void {
    if (access !== undefined) hubspot.revokeToken(access);
    access = undefined;
  }

  function issue(given: string): { readonly status: number; readonly body: unknown } {
    used.push(given);
    if (given !== current) return { status: 400, body: { error: 'invalid_grant', status: 'BAD_REFRESH_TOKEN' } };
    endAccess();
    access = `access-${randomUUID()}`;
    current = `refresh-${randomUUID()}`;
    hubspot.addToken({ token: access });
    return { status: 200, body: { access_token: access, refresh_token: current, expires_in: 1800 } };
  }

  const server = await startScriptedServer((request, response) => {
    if (request.path === '/oauth/2026-03/token') {
      const { status, body } = issue(new URLSearchParams(request.body).get('refresh_token') ?? '');
      answerJson(response, status, body);
      return;
    }
    handOn(hubspot.url, request).then(
      ({ status, text }) => response.writeHead(status, { 'content-type': 'application/json' }).end(text),
      () => response.destroy(),
    );
  });
  return {
    url: server.origin,
    used,
    endAccess,
    revoke: () => {
      endAccess();
      current = undefined;
    },
    close: () => server.close(),
  };
}

async function handOn(url: string, { method, path, headers, body }: ReceivedRequest) {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: headers.authorization ?? '', 'content-type': 'application/json' },
    ...(body === '' ? {} : { body }),
  });
  return { status: answer.status, text: await answer.text() };
}
