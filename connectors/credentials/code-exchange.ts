import type { CodeAnswer } from '../../src/domain/authorization.ts';
import type { GrantAnswer } from './request-tokens.ts';

/** What the answer to an authorization code is worth: tokens that last, of an account that is named. */
export function readCodeAnswer(vendor: string, answer: GrantAnswer): CodeAnswer {
  if (answer.kind !== 'issued') return { kind: 'failed', failure: answer };
  const { accessToken, refreshToken, expiresAt, account } = answer;
  if (refreshToken === undefined) return refused(`${vendor}.no_refresh_token`);
  if (account === undefined) return refused(`${vendor}.token_unreadable_answer`);
  return { kind: 'signed_in', tokens: { accessToken, refreshToken, expiresAt, account } };
}

function refused(code: string): CodeAnswer {
  return { kind: 'failed', failure: { kind: 'refused', code } };
}
