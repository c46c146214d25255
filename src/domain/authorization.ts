import { z } from 'zod';
import type { ConnectionId, TenantId } from './ids.ts';
import type { SignedInTokens, TokenFailure } from './tokens.ts';

/** What an authorization code was exchanged for. `code` is stable and free of data. */
export type CodeAnswer =
  | { readonly kind: 'signed_in'; readonly tokens: SignedInTokens }
  /** The tokens are for another address than the one that the connection is configured for. */
  | { readonly kind: 'elsewhere'; readonly baseUrl: string }
  | { readonly kind: 'failed'; readonly failure: TokenFailure };

/** One request for a person's consent (RFC 6749, section 4.1, with RFC 7636). */
interface ConsentRequest {
  readonly state: string;
  /** The PKCE verifier; what leaves is at most its hash. */
  readonly verifier: string;
  readonly redirectUri: string;
}

/** How a person signs in for one connection, at its vendor and for its app. */
export interface SignIn {
  /** See `TokenOwner`: what tokens of a sign-in descend from. No secret is in it. */
  readonly lineage: string;
  /** The lineage of the refresh token in the configuration, where one stands. */
  readonly supersedes: string | undefined;
  /** The address that the person opens. */
  authorizeUrl(request: ConsentRequest): string;
  /** Asks the token endpoint once. Never throws for what it answers. */
  exchange(code: string, request: Pick<ConsentRequest, 'verifier' | 'redirectUri'>): Promise<CodeAnswer>;
}

const text = z.string().max(2_000);

/** How a sign-in ended. Kept, and read by who waits for it. */
export const authorizationOutcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('signed_in'), account: text }),
  /** The vendor sent the person back without a code; `code` is the vendor's. */
  z.object({ kind: z.literal('denied'), code: text }),
  z.object({ kind: z.literal('exchange_failed'), code: text }),
  z.object({ kind: z.literal('elsewhere'), baseUrl: text }),
  z.object({ kind: z.literal('other_account'), account: text, before: text }),
  /** Since the address was made, the connection's address, app or way of signing in has changed. */
  z.object({ kind: z.literal('configuration_changed') }),
]);

/** How a sign-in ended. */
export type AuthorizationOutcome = z.infer<typeof authorizationOutcomeSchema>;

/** A sign-in that was asked for, with what it is bound to. */
export interface PendingAuthorization {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  /** The lineage of the sign-in that the address was made for; see {@link SignIn}. */
  readonly lineage: string;
  readonly verifier: string;
  readonly redirectUri: string;
  /** Whether another account than before may be taken. */
  readonly replace: boolean;
}

/** What became of a state that was presented. A state is good for one use, whatever comes of it. */
export type TakenAuthorization =
  | { readonly kind: 'taken'; readonly pending: PendingAuthorization }
  | { readonly kind: 'unknown' | 'used' | 'expired' };

/** How far a sign-in has come. */
export interface AuthorizationProgress {
  /** Since when its code is being exchanged; undefined while nobody came back. */
  readonly usedAt: Date | undefined;
  readonly outcome: AuthorizationOutcome | undefined;
}
