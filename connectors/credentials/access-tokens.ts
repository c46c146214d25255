import type { CrmFailure } from '../../src/domain/crm.ts';
import type { TokenFailure } from '../../src/domain/tokens.ts';

/**
 * What to do after the CRM refused an access token: there is another one; there may be one later; a person must act.
 */
export type AfterRefusal = 'renewed' | 'later' | 'broken';

/** The access tokens of one connection. */
export interface AccessTokens {
  /**
   * The token to send now.
   *
   * @throws NoAccessTokenError when there is none to be had.
   */
  accessToken(): Promise<string>;
  /** The CRM answered 401 to this token. Asked once per batch, and before the connection counts as broken. */
  refused(token: string): Promise<AfterRefusal>;
}

/** There is no access token. Holds a code only; `failure` says who must act. */
export class NoAccessTokenError extends Error {
  override readonly name = 'NoAccessTokenError';
  readonly failure: CrmFailure;

  constructor(reason: TokenFailure, retryAfterMs: number | undefined) {
    super(`there is no access token (${reason.code})`);
    this.failure = {
      disposition: reason.kind === 'passing' ? 'retry' : 'reconnect',
      code: reason.code,
      status: undefined,
      retryAfterMs: reason.kind === 'passing' ? retryAfterMs : undefined,
      field: undefined,
      vendorText: undefined,
    };
  }
}
