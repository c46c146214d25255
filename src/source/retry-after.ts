/** No answer of the source makes us wait longer than this; a wrong date must not park a connection for a year. */
const LONGEST_WAIT_MS = 3_600_000;

/** HTTP dates begin with the day's name; without this check `Date.parse` would take "-5" for a year. */
const LOOKS_LIKE_HTTP_DATE = /^[A-Za-z]{3,9},? /;

function requestedMs(value: string, nowMs: number): number | undefined {
  if (/^\d{1,12}(\.\d+)?$/.test(value)) return Number(value) * 1000;
  if (!LOOKS_LIKE_HTTP_DATE.test(value)) return undefined;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : at - nowMs;
}

/**
 * Milliseconds to wait by a Retry-After header: seconds or an HTTP date (RFC 9110). At least 0, at most one hour;
 * `undefined` when there is no header or it says nothing we understand.
 */
export function retryAfterMs(header: string | readonly string[] | undefined, nowMs: number): number | undefined {
  const value = typeof header === 'string' ? header : header?.[0];
  const asked = value === undefined ? undefined : requestedMs(value.trim(), nowMs);
  return asked === undefined ? undefined : Math.min(Math.max(Math.ceil(asked), 0), LONGEST_WAIT_MS);
}
