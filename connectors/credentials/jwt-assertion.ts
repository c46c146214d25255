import { createPrivateKey, sign, type KeyObject } from 'node:crypto';

/** Salesforce's OAuth guide: the assertion may be valid for three minutes at most. */
const VALID_SECONDS = 180;

/** Who asks, for whom, and whom. */
export interface AssertionClaims {
  readonly clientId: string;
  readonly username: string;
  readonly audience: string;
}

/** The RSA key of a PEM text; undefined for anything else. The text is never repeated. */
export function readSigningKey(pem: string): KeyObject | undefined {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === 'rsa' ? key : undefined;
  } catch {
    // OpenSSL's words say what is wrong with the bytes of a secret; that it is no key is all anybody may know.
    return undefined;
  }
}

/** A signed assertion for the JWT bearer flow (RFC 7523), valid from now on. */
export function signAssertion(key: KeyObject, claims: AssertionClaims, now: Date): string {
  const exp = Math.floor(now.getTime() / 1000) + VALID_SECONDS;
  const head = encode({ alg: 'RS256' });
  const payload = encode({ iss: claims.clientId, sub: claims.username, aud: claims.audience, exp });
  const signature = sign('RSA-SHA256', Buffer.from(`${head}.${payload}`), key).toString('base64url');
  return `${head}.${payload}.${signature}`;
}

function encode(part: Readonly<Record<string, string | number>>): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
