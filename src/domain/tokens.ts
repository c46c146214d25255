import type { ConnectionId, TenantId } from './ids.ts';

/** Whose tokens are meant. */
export interface TokenOwner {
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  /**
   * What the tokens descend from: the configured credentials as text. Other text means other credentials, and tokens of
   * earlier ones count for nothing. May hold secrets: it is hashed with the tenant's key before it is kept.
   */
  readonly lineage: string;
}

/** Tokens that a person's sign-in brought. */
export interface SignedInTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresAt: Date | undefined;
  /** The account at the vendor that they open: Salesforce's organisation, HubSpot's portal. */
  readonly account: string;
}

/** Whether the tokens of a sign-in were kept. */
export type SignInKept =
  | { readonly kind: 'kept' }
  /** The connection has worked with another account so far, and nobody said that it is to be replaced. */
  | { readonly kind: 'other_account'; readonly account: string };

/** Tokens as they are kept. */
export interface KeptTokens {
  /** Rises with every renewal; tells whether somebody else has renewed meanwhile. */
  readonly generation: number;
  readonly accessToken: string;
  readonly issuedAt: Date;
  /** Undefined where the vendor does not say; its 401 tells then. */
  readonly expiresAt: Date | undefined;
}

/**
 * Why there are no new tokens. `code` is stable and free of data.
 * - `passing`: the token endpoint could not be asked, or not just now.
 * - `refused`: it said no for a reason that a person may mend without new credentials.
 * - `revoked`: it said that these credentials are void for good.
 */
export interface TokenFailure {
  readonly kind: 'passing' | 'refused' | 'revoked';
  readonly code: string;
}

/** What the token endpoint answered. */
export type TokenAnswer =
  | {
      readonly kind: 'issued';
      readonly accessToken: string;
      /** The refresh token from now on; undefined when the old one stays, or where there are none. */
      readonly refreshToken: string | undefined;
      readonly expiresAt: Date | undefined;
      /** The account they open, where the answer names it. */
      readonly account: string | undefined;
    }
  | TokenFailure;

/** What became of a renewal, whoever made it. */
export type Renewal =
  | { readonly kind: 'renewed'; readonly tokens: KeptTokens }
  /** `retryAt` is undefined when no further try is made with these credentials. */
  | { readonly kind: 'failed'; readonly failure: TokenFailure; readonly retryAt: Date | undefined };

/** Keeps the tokens of connections for all processes. */
export interface TokenStore {
  /** The tokens in force; undefined when there are none of this lineage. */
  current(owner: TokenOwner): Promise<KeptTokens | undefined>;
  /**
   * Renews once, however many processes ask at the same moment: one of them calls `ask`, the others wait and get its
   * result. Nobody calls when the generation has moved on since `generationSeen`, when the last refusal was `revoked`, or
   * when the last try failed a moment ago.
   *
   * @param generationSeen of the tokens that are no longer good; undefined when there were none.
   * @param ask gets the refresh token that is in force, undefined when the configured one is.
   */
  renew(
    owner: TokenOwner,
    generationSeen: number | undefined,
    ask: (refreshToken: string | undefined) => Promise<TokenAnswer>,
  ): Promise<Renewal>;
  /**
   * Keeps what a person's sign-in brought, in the place of whatever was there. They hold for `owner.lineage`, and for
   * `supersedes` too: a refresh token that stands in the configuration yields until another one stands there.
   *
   * @param options.replace take them although they open another account than the tokens before; what was remembered of
   *   that one's people is forgotten.
   */
  signIn(
    owner: TokenOwner,
    tokens: SignedInTokens,
    options: { readonly supersedes: string | undefined; readonly replace: boolean },
  ): Promise<SignInKept>;
}
