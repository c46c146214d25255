import { createHmac } from 'node:crypto';
import { sameDigest } from './compare.ts';
import { matchSecret, textSecret } from './match-secret.ts';
import { headerOf, type Verifier } from './verifier.ts';

/** How the sender writes the HMAC of the body into a header of its own. */
export interface HmacHeaderScheme {
  readonly header: string;
  readonly algorithm: 'sha256' | 'sha512';
  readonly encoding: 'hex' | 'base64';
}

/**
 * An HMAC of the raw body in one header, optionally written `sha256=<digest>`. The scheme has no timestamp: a repeated
 * request is not refused here but ends as a duplicate of its event id.
 *
 * @param secrets used as written (UTF-8); several of them during a rotation.
 */
export function createHmacHeaderVerifier(secrets: readonly string[], scheme: HmacHeaderScheme): Verifier {
  const keys = secrets.map(textSecret);
  const name = scheme.header.toLowerCase();
  return {
    verify({ headers, rawBody }) {
      const value = headerOf(headers, name);
      if (value === undefined) return { ok: false, reason: 'missing_header' };
      const given = readDigest(value, scheme);
      return matchSecret(keys, (key) =>
        sameDigest(given, createHmac(scheme.algorithm, key).update(rawBody).digest(scheme.encoding)),
      );
    },
  };
}

function readDigest(value: string, { algorithm, encoding }: HmacHeaderScheme): string {
  const prefix = `${algorithm}=`;
  const digest = value.toLowerCase().startsWith(prefix) ? value.slice(prefix.length) : value;
  // Hex means the same in either case; base64 does not.
  return encoding === 'hex' ? digest.toLowerCase() : digest;
}
