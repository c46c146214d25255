import type { AccessToken } from './options.ts';
import type { ObjectType } from './object-types.ts';
import type { Problem } from './refusal.ts';

export type Authorization =
  { readonly ok: true; readonly token: AccessToken } | { readonly ok: false; readonly problem: Problem };

/** The private-app tokens of the account, and which of them no longer hold. */
export class TokenRegister {
  readonly #now: () => number;
  #tokens = new Map<string, AccessToken>();
  #revokedAt = new Map<string, number>();

  constructor(tokens: readonly AccessToken[], now: () => number) {
    this.#now = now;
    this.reset(tokens);
  }

  reset(tokens: readonly AccessToken[]): void {
    this.#tokens = new Map(tokens.map((token) => [token.token, token]));
    this.#revokedAt = new Map();
  }

  add(token: AccessToken): void {
    this.#tokens.set(token.token, token);
    this.#revokedAt.delete(token.token);
  }

  revoke(token: string): void {
    this.#revokedAt.set(token, this.#now());
  }

  /** @param header the Authorization header as it came. */
  authorize(header: string | undefined): Authorization {
    const presented = /^Bearer (\S+)$/i.exec(header ?? '')?.[1];
    if (presented === undefined) return { ok: false, problem: noCredentials };
    const token = this.#tokens.get(presented);
    const endedAt = this.#revokedAt.get(presented) ?? token?.expiresAt;
    if (token !== undefined && endedAt !== undefined && endedAt <= this.#now()) {
      return { ok: false, problem: expired(Math.floor((this.#now() - endedAt) / 1_000)) };
    }
    return token === undefined ? { ok: false, problem: unknownCredentials } : { ok: true, token };
  }
}

const noCredentials: Problem = {
  status: 401,
  category: 'INVALID_AUTHENTICATION',
  message: 'Authentication credentials not found. This API supports OAuth 2.0 authentication.',
};

const unknownCredentials: Problem = {
  status: 401,
  category: 'INVALID_AUTHENTICATION',
  message: 'Authentication credentials are invalid. The access token is not known.',
};

/** The words of a reported expiry; revoked tokens are answered the same way. */
function expired(seconds: number): Problem {
  return {
    status: 401,
    category: 'EXPIRED_AUTHENTICATION',
    message: `The OAuth token used to make this call expired ${seconds} second(s) ago.`,
  };
}

/** Null when the token has one of the scopes; `needed` are alternatives, as the official specifications list them. */
export function missingScope(token: AccessToken, needed: readonly string[]): Problem | null {
  const { scopes } = token;
  if (scopes === undefined || needed.length === 0 || needed.some((scope) => scopes.includes(scope))) return null;
  return {
    status: 403,
    category: 'MISSING_SCOPES',
    message: "This app hasn't been granted all required scopes to make this call.",
    errors: [
      {
        message: 'One or more of the following scopes are required.',
        context: { requiredGranularScopes: needed },
      },
    ],
  };
}

/** Activities have no scopes of their own: the contacts scopes guard them (official specifications). */
export function objectScopes(type: ObjectType, access: 'read' | 'write'): readonly string[] {
  const family = type.scopeFamily;
  return [`crm.objects.${family}.${access}`, ...(family === 'tickets' ? ['tickets'] : [])];
}

/** Reading definitions is also granted by reading the records. */
export function schemaScopes(type: ObjectType, access: 'read' | 'write'): readonly string[] {
  const own = `crm.schemas.${type.scopeFamily}.${access}`;
  return access === 'read' ? [own, ...objectScopes(type, 'read')] : [own];
}
