import type { VerificationFailure } from './verification/verifier.ts';

/** A sender's failure to prove himself. An unusable secret of ours is not one: that is `unavailable`. */
export type SenderFailure = Exclude<VerificationFailure, 'bad_secret'>;

/** What is wrong with a body that came from the right sender. */
export type Malformation =
  | { readonly code: 'body_unreadable' }
  | { readonly code: 'invalid_json' }
  /** `at` is a path of our own schema, never a value. */
  | { readonly code: 'invalid_event'; readonly at: string }
  | { readonly code: 'tenant_mismatch' };

/** Why the event could not be made durable now. */
export type UnavailableCode = 'store_unavailable' | 'store_timeout' | 'overloaded' | 'verification_unavailable';

/** How a delivery of PersonaDesk ends: each variant is one answer. Only the 202s promise that the event is on disk. */
export type Outcome =
  /** 202 */
  | { readonly kind: 'accepted' }
  /** 202; the event is on disk since an earlier delivery. */
  | { readonly kind: 'duplicate' }
  /** 202; a type we do not act on, kept and marked. */
  | { readonly kind: 'ignored' }
  /** 400; sending it again cannot help. */
  | { readonly kind: 'malformed'; readonly problem: Malformation }
  /** 401 */
  | { readonly kind: 'unverified'; readonly reason: SenderFailure }
  /** 404 */
  | { readonly kind: 'unknown_endpoint' }
  /** 413 */
  | { readonly kind: 'too_large' }
  /** 415 */
  | { readonly kind: 'unsupported_media'; readonly code: 'not_json' | 'compressed_body' }
  /** 429 */
  | { readonly kind: 'rate_limited'; readonly retryAfterSeconds: number }
  /** 503; nothing was promised. `cause` is a code for our own log. */
  | { readonly kind: 'unavailable'; readonly code: UnavailableCode; readonly cause: string };
