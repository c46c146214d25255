import { verify } from 'node:crypto';
import { isJsonObject } from './request-body.ts';

/** What the JWT bearer flow takes out of an assertion. */
export interface AssertionClaims {
  /** The app's client id. */
  readonly issuer: string;
  /** The user's name. */
  readonly subject: string;
  readonly audience: string;
  /** Unix seconds. */
  readonly expires: number;
}

/** Reads an assertion without believing it; null when it is none. */
export function readAssertion(assertion: string): AssertionClaims | null {
  const [head, payload, , ...rest] = assertion.split('.');
  if (head === undefined || payload === undefined || rest.length > 0) return null;
  const header = decode(head);
  const claims = decode(payload);
  if (!isJsonObject(header) || header.alg !== 'RS256' || !isJsonObject(claims)) return null;
  const { iss, sub, prn = sub, aud, exp } = claims;
  if (typeof iss !== 'string' || typeof prn !== 'string' || typeof aud !== 'string') return null;
  const expires = Number(exp);
  return Number.isFinite(expires) ? { issuer: iss, subject: prn, audience: aud, expires } : null;
}

/** Whether the assertion was signed (RS256) by the owner of the certificate or public key. */
export function isSignedBy(assertion: string, certificate: string): boolean {
  const cut = assertion.lastIndexOf('.');
  const signed = Buffer.from(assertion.slice(0, cut));
  return verify('RSA-SHA256', signed, certificate, Buffer.from(assertion.slice(cut + 1), 'base64url'));
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
