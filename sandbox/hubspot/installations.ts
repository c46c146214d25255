import type { HubSpotSandboxOptions } from './options.ts';

/** What an admin of the account consented to. */
interface Installation {
  readonly clientId: string;
  readonly scopes: readonly string[];
}

interface Code extends Installation {
  readonly redirectUri: string;
  readonly expiresAt: number;
}

/** Milliseconds a code is good for; assumed, HubSpot's guide names no figure. */
const codeMs = 10 * 60_000;

/** Codes and refresh tokens of installed apps. */
export class Installations {
  readonly #options: () => HubSpotSandboxOptions;
  readonly #codes = new Map<string, Code>();
  readonly #refresh = new Map<string, Installation>();
  #issued = 0;

  constructor(options: () => HubSpotSandboxOptions) {
    this.#options = options;
    this.reset();
  }

  reset(): void {
    this.#codes.clear();
    this.#refresh.clear();
    for (const { clientId, scopes, refreshTokens = [] } of this.#options().apps) {
      for (const token of refreshTokens) this.#refresh.set(token, { clientId, scopes });
    }
  }

  /** An authorization code for what was consented to, good for one use. */
  issueCode(installation: Installation & Pick<Code, 'redirectUri'>): string {
    const code = `code-${++this.#issued}`;
    this.#codes.set(code, { ...installation, expiresAt: this.#options().now() + codeMs });
    return code;
  }

  /** Uses a code up, whatever comes of it; null for one that is not known, or no longer. */
  useCode(code: string, clientId: string): Code | null {
    const known = this.#codes.get(code);
    this.#codes.delete(code);
    return known?.clientId === clientId && known.expiresAt > this.#options().now() ? known : null;
  }

  /** A name for a new access token, never given out before. */
  newAccessToken(): string {
    return `access-${++this.#issued}`;
  }

  issueRefreshToken(installation: Installation): string {
    const token = `refresh-${++this.#issued}`;
    this.#refresh.set(token, installation);
    return token;
  }

  /** The installation of a refresh token, and the token from now on; null for one that is void. */
  refresh(token: string, clientId: string): { readonly installation: Installation; readonly token: string } | null {
    const installation = this.#refresh.get(token);
    if (installation?.clientId !== clientId) return null;
    if (!this.#options().refreshTokenRotation) return { installation, token };
    this.#refresh.delete(token);
    return { installation, token: this.issueRefreshToken(installation) };
  }

  revoke(token: string): void {
    this.#refresh.delete(token);
  }
}
