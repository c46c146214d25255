import { sameSecret } from './compare.ts';
import { matchSecret, textSecret } from './match-secret.ts';
import { headerOf, type Verifier } from './verifier.ts';

/**
 * A shared token in the Authorization header. The weakest scheme: it proves the sender, not the body.
 *
 * @param secrets used as written (UTF-8); several of them during a rotation.
 */
export function createBearerVerifier(secrets: readonly string[]): Verifier {
  const tokens = secrets.map(textSecret);
  return {
    verify({ headers }) {
      const value = headerOf(headers, 'authorization');
      if (value === undefined) return { ok: false, reason: 'missing_header' };
      const [, given] = /^bearer +([^ ]+) *$/i.exec(value) ?? [];
      if (given === undefined) return { ok: false, reason: 'no_match' };
      const bytes = Buffer.from(given, 'latin1');
      return matchSecret(tokens, (token) => sameSecret(bytes, token));
    },
  };
}
