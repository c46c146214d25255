/**
 * What of an error may be logged: its `code` (an SQLSTATE, a network code), else its class. Never its message, which may
 * quote the data it is about.
 */
export function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown_error';
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && /^[A-Za-z0-9_.-]{1,64}$/.test(code)) return code;
  return error instanceof Error && /^\w{1,64}$/.test(error.name) ? error.name : 'unknown_error';
}

/** True for an error that says the database was not reached, and nothing about the events. */
export function isRetryable(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'retryable' in error && error.retryable === true;
}
