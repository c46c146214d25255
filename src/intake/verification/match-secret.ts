import type { VerificationResult } from './verifier.ts';

/**
 * Tries each usable secret of a rotation list. An unusable one (undefined) is passed over, so that one slip in the list
 * does not refuse what the others sign; a list without any usable secret verifies nothing.
 */
export function matchSecret<Key>(
  keys: readonly (Key | undefined)[],
  matches: (key: Key) => boolean,
): VerificationResult {
  if (keys.every((key) => key === undefined)) return { ok: false, reason: 'bad_secret' };
  const secretIndex = keys.findIndex((key) => key !== undefined && matches(key));
  return secretIndex === -1 ? { ok: false, reason: 'no_match' } : { ok: true, secretIndex };
}

/** The bytes of a secret that is used as written; undefined for an empty one, which anybody could present. */
export function textSecret(secret: string): Buffer | undefined {
  return secret === '' ? undefined : Buffer.from(secret, 'utf8');
}
