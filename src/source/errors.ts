import type { RejectedItem, SourceFailure } from './source.ts';

/** A page of a list could not be read; what was read before it stands. The message carries a code, never data. */
export class SourceError extends Error {
  readonly failure: SourceFailure;

  constructor(failure: SourceFailure) {
    super(`PersonaDesk could not be read: ${failure.code}`);
    this.name = 'SourceError';
    this.failure = failure;
  }
}

/** The client was set up in a way that cannot work or would be unsafe; says what would be right. */
export class SourceConfigurationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SourceConfigurationError';
  }
}

/** A failure of ours, found in an answer that arrived. */
export function invalidResponse(code: string, status?: number): SourceFailure {
  return { kind: 'invalid_response', code, ...(status === undefined ? {} : { status }) };
}

/** Why a conversation that the API sent is not handed on; another tenant's never is, whatever made the API send it. */
export function failureOfRejected({ reason }: RejectedItem): SourceFailure {
  switch (reason) {
    case 'invalid':
      return invalidResponse('not_a_conversation', 200);
    case 'other_tenant':
      return { kind: 'forbidden', code: 'other_tenant' };
  }
}

function kindOfStatus(status: number): SourceFailure['kind'] {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 408) return 'timeout';
  if (status === 425 || status === 429) return 'rate_limited';
  if (status >= 500) return 'unavailable';
  // A redirect is not followed: it would carry the key to wherever it points.
  return status < 400 ? 'invalid_response' : 'bad_request';
}

/** Classifies an answer that is neither a success nor "missing". `retryAfterMs` as the answer's header asked. */
export function failureOfStatus(status: number, retryAfterMs: number | undefined): SourceFailure {
  const kind = kindOfStatus(status);
  const code = status >= 300 && status < 400 ? 'redirect' : `http_${status}`;
  return { kind, status, code, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** Classifies what the HTTP library threw. Only its code is kept: messages may quote addresses or headers. */
export function failureOfThrown(error: unknown): SourceFailure {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  const known = typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code);
  const name = known ? code.toLowerCase().replace(/^und_err_/, '') : 'unknown';
  const timedOut = name === 'etimedout' || name.endsWith('_timeout');
  return { kind: timedOut ? 'timeout' : 'unavailable', code: `network_${name}` };
}
