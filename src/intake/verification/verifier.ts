/** The header map of Node's HTTP server: names in lower case, values as latin1 text. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What a sender proves himself with. The body is the bytes as they came: a parsed and printed body has another signature. */
export interface SignedRequest {
  readonly headers: RequestHeaders;
  readonly rawBody: Buffer;
}

export const VERIFICATION_FAILURES = [
  'missing_header',
  'bad_timestamp',
  'too_old',
  'too_new',
  'no_match',
  /** None of our own secrets can be used; says nothing about the sender. */
  'bad_secret',
] as const;
export type VerificationFailure = (typeof VERIFICATION_FAILURES)[number];

export type VerificationResult =
  /** `secretIndex` tells which secret of the rotation list matched. */
  { readonly ok: true; readonly secretIndex: number } | { readonly ok: false; readonly reason: VerificationFailure };

/**
 * Tells a tenant's own events from everybody else's. Fails closed: whatever cannot be judged is not verified.
 * Never throws on what a request may hold.
 */
export interface Verifier {
  verify(request: SignedRequest, now: Date): VerificationResult;
}

/** One header's value; undefined when it is absent or empty. `name` in lower case. */
export function headerOf(headers: RequestHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
