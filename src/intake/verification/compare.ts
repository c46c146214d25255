import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares texts whose length is public (digests) in a time that does not depend on where they differ. */
export function sameDigest(given: string, expected: string): boolean {
  const a = Buffer.from(given, 'latin1');
  const b = Buffer.from(expected, 'latin1');
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Compares secrets whose length is nobody's business: both are hashed first, so both sides are equally long. */
export function sameSecret(given: Buffer, expected: Buffer): boolean {
  return timingSafeEqual(sha256(given), sha256(expected));
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
