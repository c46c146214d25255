import type { CrmFailure, Disposition } from '../../src/domain/crm.ts';
import type { NoAnswerCode } from '../transport/network-failure.ts';
import { failureCode, meaningOf } from './codes.ts';
import type { VendorError } from './vendor-error.ts';

interface Verdict {
  readonly disposition: Disposition;
  readonly retryAfterMs?: number | undefined;
}

/**
 * Salesforce names no time. Its daily limit is a rolling one, so calls come back bit by bit; its limit on long requests
 * at a time passes within seconds. Both have one code, and the usage it states tells them apart.
 */
const DAILY_LIMIT_WAIT_MS = 15 * 60_000;
const BUSY_WAIT_MS = 30_000;

/** A redirect within a maintenance passes; one that says `permanently` means that the org has another address now. */
const PERMANENT_REDIRECTS: ReadonlySet<number> = new Set([301, 308]);

interface Rule {
  readonly applies: (error: VendorError) => boolean;
  readonly disposition: Disposition;
}

/** For a code that nobody has listed yet, or none at all. First match decides. */
const BY_STATUS: readonly Rule[] = [
  statusRule((status) => status === 429, 'throttle'),
  statusRule((status) => status === 408 || status >= 500, 'retry'),
  statusRule((status) => PERMANENT_REDIRECTS.has(status), 'reconnect'),
  statusRule((status) => status === 300, 'resolve'),
  statusRule((status) => status > 300 && status < 400, 'retry'),
  statusRule((status) => [405, 406, 413, 414, 415, 431].includes(status), 'bug'),
  { applies: (error) => !error.readable && error.status !== undefined, disposition: 'retry' },
  statusRule((status) => status === 403, 'reconnect'),
  statusRule((status) => [404, 409, 410].includes(status), 'resolve'),
  { applies: () => true, disposition: 'fix_record' },
];

/**
 * What a refusal means and who acts. Total: an error nobody has seen yet is judged by its status.
 *
 * @param dailyLimitReached what the usage says that came with the answer
 */
export function classify(error: VendorError, dailyLimitReached: boolean): CrmFailure {
  const { disposition, retryAfterMs } = judge(error);
  return {
    disposition,
    code: failureCode(error.code ?? (error.status === undefined ? 'UNNAMED_ROW_ERROR' : `HTTP_${error.status}`)),
    status: error.status,
    retryAfterMs: disposition === 'throttle' ? (dailyLimitReached ? DAILY_LIMIT_WAIT_MS : BUSY_WAIT_MS) : retryAfterMs,
    field: error.fields[0],
    vendorText: error.message === undefined || error.message === '' ? undefined : error.message.slice(0, 500),
  };
}

function judge(error: VendorError): Verdict {
  if (error.status === 401) return { disposition: 'reconnect' };
  if (hidesLock(error)) return { disposition: 'retry' };
  const meaning = error.code === undefined ? undefined : meaningOf(error.code);
  if (meaning !== undefined) return meaning;
  return { disposition: BY_STATUS.find((rule) => rule.applies(error))?.disposition ?? 'fix_record' };
}

/**
 * A trigger that met a lock reports it as its own refusal, and only the text names the lock. The one place where a text
 * decides: taken for a refusal, a passing lock would end at a person.
 */
function hidesLock(error: VendorError): boolean {
  return (
    error.code === 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY' && error.message?.includes('UNABLE_TO_LOCK_ROW') === true
  );
}

function statusRule(matches: (status: number) => boolean, disposition: Disposition): Rule {
  return { applies: ({ status }) => status !== undefined && matches(status), disposition };
}

/** No answer, or none that could be read to its end. Whether the request had effect is unknown: writes are idempotent. */
export function classifyNoAnswer(code: NoAnswerCode): CrmFailure {
  // An answer over the size limit will be over it the next time too.
  const disposition = code === 'too_large' ? 'bug' : 'retry';
  return failure(disposition, code === 'timeout' ? 'timeout' : `network.${code}`);
}

/** A failure that Salesforce has not worded itself. */
export function failure(
  disposition: Disposition,
  code: string,
  more: { readonly status?: number; readonly field?: string } = {},
): CrmFailure {
  return {
    disposition,
    code,
    status: more.status,
    retryAfterMs: undefined,
    field: more.field,
    vendorText: undefined,
  };
}
