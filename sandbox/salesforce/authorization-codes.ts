import { createHash } from 'node:crypto';

/** What a person consented to. */
interface Consent {
  readonly clientId: string;
  readonly userId: string;
  readonly redirectUri: string;
  /** Base64url of the SHA-256 of the verifier. */
  readonly challenge: string;
  /** Whether `refresh_token` was among the scopes. */
  readonly lasting: boolean;
}

export type CodeUse = { readonly ok: true; readonly consent: Consent } | { readonly ok: false; readonly why: string };

/** Milliseconds a code is good for (web server flow guide: 15 minutes). */
const validMs = 15 * 60_000;

/** Authorization codes of the web server flow: each is good for one use. */
export class AuthorizationCodes {
  readonly #now: () => number;
  readonly #codes = new Map<string, Consent & { readonly expiresAt: number }>();
  #issued = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  reset(): void {
    this.#codes.clear();
  }

  issue(consent: Consent): string {
    const code = `aPrx.code.${++this.#issued}`;
    this.#codes.set(code, { ...consent, expiresAt: this.#now() + validMs });
    return code;
  }

  /** Uses a code up, whatever comes of it. */
  use(code: string, clientId: string, verifier: string): CodeUse {
    const consent = this.#codes.get(code);
    this.#codes.delete(code);
    if (consent === undefined) return { ok: false, why: 'invalid authorization code' };
    if (consent.expiresAt <= this.#now()) return { ok: false, why: 'expired authorization code' };
    if (consent.clientId !== clientId) return { ok: false, why: 'invalid authorization code' };
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    if (challenge !== consent.challenge) return { ok: false, why: 'invalid code verifier' };
    return { ok: true, consent };
  }
}
