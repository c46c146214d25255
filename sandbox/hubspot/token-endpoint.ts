import { createHash, timingSafeEqual } from 'node:crypto';
import type { TokenRegister } from './authorization.ts';
import type { Installations } from './installations.ts';
import type { HubSpotSandboxOptions, PublicApp } from './options.ts';

export interface TokenDependencies {
  readonly options: HubSpotSandboxOptions;
  readonly tokens: TokenRegister;
  readonly installations: Installations;
}

interface TokenAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Seconds (HubSpot's OAuth guide: 30 minutes). */
const accessSeconds = 1_800;

/** `POST /oauth/{version}/token`: the dated ones, and v1 and v3, which speak alike. */
export function isTokenPath(pathname: string, apiVersions: readonly string[]): boolean {
  const version = /^\/oauth\/([^/]+)\/token$/.exec(pathname)?.[1];
  return version !== undefined && (version === 'v1' || (version !== 'v4' && apiVersions.includes(version)));
}

/** A code or a refresh token for an access token; errors as OAuth names them, with HubSpot's own word beside. */
export function answerTokenRequest(form: URLSearchParams, dependencies: TokenDependencies): TokenAnswer {
  const app = dependencies.options.apps.find((each) => each.clientId === form.get('client_id'));
  if (app === undefined) return refuse('invalid_client', 'BAD_CLIENT_ID', 'missing or unknown client id');
  if (!same(app.clientSecret, form.get('client_secret') ?? '')) {
    return refuse('invalid_client', 'BAD_CLIENT_SECRET', 'missing or invalid client secret');
  }
  switch (form.get('grant_type')) {
    case 'authorization_code':
      return ofCode(form, app, dependencies);
    case 'refresh_token':
      return ofRefreshToken(form, app, dependencies);
    case null:
    default:
      return refuse('unsupported_grant_type', 'BAD_GRANT_TYPE', 'missing or unknown grant type');
  }
}

function ofCode(form: URLSearchParams, { clientId }: PublicApp, dependencies: TokenDependencies): TokenAnswer {
  const used = dependencies.installations.useCode(form.get('code') ?? '', clientId);
  if (used === null) return refuse('invalid_grant', 'BAD_AUTH_CODE', 'missing or unknown auth code');
  if (form.get('redirect_uri') !== used.redirectUri) {
    return refuse('redirect_uri_mismatch', 'MISMATCH_REDIRECT_URI_AUTH_CODE', 'redirect URI differs');
  }
  return grant(used, dependencies.installations.issueRefreshToken(used), dependencies);
}

function ofRefreshToken(form: URLSearchParams, { clientId }: PublicApp, dependencies: TokenDependencies): TokenAnswer {
  const used = dependencies.installations.refresh(form.get('refresh_token') ?? '', clientId);
  if (used === null) {
    return refuse('invalid_grant', 'BAD_REFRESH_TOKEN', 'refresh token is invalid, expired or revoked');
  }
  return grant(used.installation, used.token, dependencies);
}

function grant(
  { scopes }: { readonly scopes: readonly string[] },
  refreshToken: string,
  { options, tokens, installations }: TokenDependencies,
): TokenAnswer {
  const token = installations.newAccessToken();
  tokens.add({ token, scopes, expiresAt: options.now() + accessSeconds * 1_000 });
  return {
    status: 200,
    body: {
      access_token: token,
      refresh_token: refreshToken,
      expires_in: accessSeconds,
      token_type: 'bearer',
      hub_id: options.portalId,
      scopes,
    },
  };
}

function same(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}

function refuse(error: string, status: string, description: string): TokenAnswer {
  return { status: 400, body: { error, error_description: description, message: description, status } };
}
