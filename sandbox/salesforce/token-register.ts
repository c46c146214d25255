import { AuthorizationCodes } from './authorization-codes.ts';
import type { AccessToken, ConnectedApp, SalesforceSandboxOptions } from './options.ts';
import { requestProblem, type Checked } from './refusal.ts';

interface RefreshToken {
  readonly clientId: string;
  readonly userId: string;
  /** All tokens that come from one consent. */
  readonly family: string;
  isUsed: boolean;
}

interface IssuedToken extends AccessToken {
  readonly family?: string;
}

export type Refreshed =
  { readonly kind: 'fresh'; readonly userId: string; readonly family: string } | { readonly kind: 'refused' };

/** Access and refresh tokens of the org: who they act as, and which of them no longer hold. */
export class TokenRegister {
  /** Codes that people's consent has given out. */
  readonly codes: AuthorizationCodes;
  readonly #options: () => SalesforceSandboxOptions;
  readonly #access = new Map<string, IssuedToken>();
  readonly #revoked = new Set<string>();
  readonly #refresh = new Map<string, RefreshToken>();
  readonly #endedFamilies = new Set<string>();
  #issued = 0;

  constructor(options: () => SalesforceSandboxOptions) {
    this.#options = options;
    this.codes = new AuthorizationCodes(() => options().now());
    this.reset();
  }

  reset(): void {
    this.#access.clear();
    this.#revoked.clear();
    this.#refresh.clear();
    this.#endedFamilies.clear();
    this.codes.reset();
    const { accessTokens, connectedApps } = this.#options();
    for (const token of accessTokens) this.add(token);
    for (const app of connectedApps) this.addApp(app);
  }

  add(token: AccessToken): void {
    this.#access.set(token.token, token);
    this.#revoked.delete(token.token);
  }

  addApp({ clientId, refreshTokens = [] }: ConnectedApp): void {
    for (const { token, userId } of refreshTokens) {
      this.#refresh.set(token, { clientId, userId, family: token, isUsed: false });
    }
  }

  /** From now on the access or refresh token is refused. */
  revoke(token: string): void {
    this.#revoked.add(token);
  }

  /** A new access token for the user. */
  issue(userId: string, family?: string): string {
    const token = `${this.#options().organizationId}!issued.${++this.#issued}`;
    this.#access.set(token, { token, userId, ...(family === undefined ? {} : { family }) });
    return token;
  }

  /** The first refresh token of a new consent, and the family it begins. */
  found(clientId: string, userId: string): { readonly token: string; readonly family: string } {
    const family = `consent.${++this.#issued}`;
    return { token: this.rotate(clientId, userId, family), family };
  }

  /** A new refresh token of the same consent. */
  rotate(clientId: string, userId: string, family: string): string {
    const token = `refresh.${++this.#issued}`;
    this.#refresh.set(token, { clientId, userId, family, isUsed: false });
    return token;
  }

  /** Uses a refresh token. With rotation, one that was used already ends its whole family. */
  refresh(clientId: string, token: string): Refreshed {
    const known = this.#refresh.get(token);
    if (known?.clientId !== clientId || this.#revoked.has(token) || this.#endedFamilies.has(known.family)) {
      return { kind: 'refused' };
    }
    if (known.isUsed && this.#options().refreshTokenRotation) {
      this.#endedFamilies.add(known.family);
      return { kind: 'refused' };
    }
    known.isUsed = true;
    return { kind: 'fresh', userId: known.userId, family: known.family };
  }

  /** The user a request acts as. @param header the Authorization header as it came. */
  authorize(header: string | undefined): Checked<string> {
    const presented = /^(?:Bearer|OAuth) (\S+)$/i.exec(header ?? '')?.[1];
    const token = presented === undefined ? undefined : this.#access.get(presented);
    if (token === undefined || !this.#holds(token)) {
      return { ok: false, problem: requestProblem('INVALID_SESSION_ID', 'Session expired or invalid', 401) };
    }
    return { ok: true, value: token.userId ?? this.#options().integrationUserId };
  }

  #holds({ token, expiresAt, family }: IssuedToken): boolean {
    if (this.#revoked.has(token) || (family !== undefined && this.#endedFamilies.has(family))) return false;
    return expiresAt === undefined || expiresAt > this.#options().now();
  }
}
