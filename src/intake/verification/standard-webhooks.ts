import { createHmac } from 'node:crypto';
import { sameDigest } from './compare.ts';
import { matchSecret } from './match-secret.ts';
import { headerOf, type SignedRequest, type VerificationFailure, type Verifier } from './verifier.ts';

const SECRET_PREFIX = 'whsec_';
const SYMMETRIC_VERSION = 'v1';

/**
 * The Standard Webhooks scheme: `webhook-signature` holds one or more `v1,<base64>` separated by spaces, each the
 * HMAC-SHA256 of `<webhook-id>.<webhook-timestamp>.<body>`. Versions other than `v1` (such as the asymmetric `v1a`)
 * are passed over, as the specification asks.
 *
 * @param secrets base64, with or without the `whsec_` prefix; several of them during a rotation.
 * @param toleranceSeconds how far the timestamp may be from our clock, either way.
 */
export function createStandardWebhooksVerifier(secrets: readonly string[], toleranceSeconds: number): Verifier {
  const keys = secrets.map(decodeSecret);
  return {
    verify(request, now) {
      const signed = readSigned(request);
      if (signed === undefined) return { ok: false, reason: 'missing_header' };
      const outside = checkTimestamp(signed.timestamp, now, toleranceSeconds);
      if (outside !== undefined) return { ok: false, reason: outside };
      const candidates = symmetricSignatures(signed.signatures);
      return matchSecret(keys, (key) => {
        const expected = createHmac('sha256', key).update(signed.head).update(request.rawBody).digest('base64');
        return candidates.some((candidate) => sameDigest(candidate, expected));
      });
    },
  };
}

function readSigned({ headers }: SignedRequest) {
  const id = headerOf(headers, 'webhook-id');
  const timestamp = headerOf(headers, 'webhook-timestamp');
  const signatures = headerOf(headers, 'webhook-signature');
  if (id === undefined || timestamp === undefined || signatures === undefined) return undefined;
  // latin1 gives back the very bytes that stood in the header, which are what was signed.
  return { timestamp, signatures, head: Buffer.from(`${id}.${timestamp}.`, 'latin1') };
}

function checkTimestamp(text: string, now: Date, toleranceSeconds: number): VerificationFailure | undefined {
  // Plain digits only: "1e9", "12abc" or a leading zero would be one number to us and another text under the signature.
  if (!/^(0|[1-9]\d{0,11})$/.test(text)) return 'bad_timestamp';
  const age = Math.floor(now.getTime() / 1000) - Number(text);
  if (age > toleranceSeconds) return 'too_old';
  return age < -toleranceSeconds ? 'too_new' : undefined;
}

function symmetricSignatures(header: string): readonly string[] {
  return header.split(' ').flatMap((entry) => {
    const [version, signature] = entry.split(',');
    return version === SYMMETRIC_VERSION && signature !== undefined ? [signature] : [];
  });
}

/** Strict where Buffer.from is not: it would skip a stray character and verify with another key than the one written. */
function decodeSecret(secret: string): Buffer | undefined {
  const text = secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : secret;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const key = Buffer.from(text, 'base64');
  return key.length === 0 ? undefined : key;
}
