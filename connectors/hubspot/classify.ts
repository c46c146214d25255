import type { CrmFailure, Disposition } from '../../src/domain/crm.ts';
import type { NoAnswerCode } from '../transport/network-failure.ts';
import { statedWaitMs } from './stated-wait.ts';
import { MISSING_EDIT_ASSOCIATIONS, type VendorError } from './vendor-error.ts';

/** What deliveries can do without: who owns a record, and what else a conversation belongs to. */
export type OptionalPart = 'owners' | 'companies' | 'deals' | 'tickets';

/** What a refusal is judged by, beside the refusal itself. */
export interface Circumstances {
  /** The endpoint's class: a search that is throttled names no limit, so its endpoint does. */
  readonly endpoint: string;
  /** Which optional part the request is for; absent for what no delivery can do without. */
  readonly optionalPart?: OptionalPart | undefined;
  /** Lower-case names. A row of a 207 has none. */
  readonly headers: Readonly<Record<string, string>>;
  readonly nowMs: number;
}

interface Verdict {
  readonly disposition: Disposition;
  readonly retryAfterMs?: number;
}

interface Rule {
  readonly applies: (error: VendorError, circumstances: Circumstances) => boolean;
  readonly verdict: (error: VendorError, circumstances: Circumstances) => Verdict;
}

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

/** A lock on a record lasts two seconds (HubSpot's error handling page). */
const LOCK_MS = 2 * SECOND_MS;
/** The rolling window of the burst limit (HubSpot's usage guidelines). */
const BURST_WINDOW_MS = 10 * SECOND_MS;
/** Searches are limited per second and account (HubSpot's search guide). */
const SEARCH_WINDOW_MS = SECOND_MS;
/** A migration of the account's data (477) names its end in Retry-After; this is for one that does not. */
const MIGRATION_MS = 60 * SECOND_MS;

/** A redirect of something in between passes; one that says `permanently` means that the base URL is another. */
const PERMANENT_REDIRECTS: ReadonlySet<number> = new Set([301, 308]);

/** The mapping names something the account does not have, or leaves out what its admin demands. */
const MAPPING_CODES: ReadonlySet<string> = new Set([
  'PROPERTY_DOESNT_EXIST',
  'INVALID_OPTION',
  'READ_ONLY_VALUE',
  'READ_ONLY_PROPERTY',
  'MISSING_REQUIRED_PROPERTY',
  'MISSING_CONDITIONAL_REQUIRED_PROPERTY',
]);

/** First match decides. Statuses come before bodies: an intermediary may answer in HubSpot's place. */
const RULES: readonly Rule[] = [
  when((e) => e.status === 401, 'reconnect'),
  { applies: (e) => e.status === 429, verdict: throttle },
  {
    applies: (e) => e.status === 477,
    verdict: (_, c) => ({ disposition: 'throttle', retryAfterMs: statedWaitMs(c.headers, c.nowMs) ?? MIGRATION_MS }),
  },
  {
    applies: (e) => e.status === 423,
    verdict: (_, c) => ({
      disposition: 'retry',
      retryAfterMs: Math.max(statedWaitMs(c.headers, c.nowMs) ?? 0, LOCK_MS),
    }),
  },
  when((e) => [405, 413, 414, 415].includes(e.status), 'bug'),
  {
    applies: (e) => e.status >= 500 || e.status === 408,
    verdict: (_, c) => ({ disposition: 'retry', ...stated(c) }),
  },
  when((e) => PERMANENT_REDIRECTS.has(e.status), 'reconnect'),
  when((e) => e.status >= 300 && e.status < 400, 'retry'),
  when((e) => !e.readable, 'retry'),
  // A scope that is missing for people and activities stops every delivery. One that is missing for an optional part
  // stops that part only: the configuration asks for what the app may not have, and an admin mends either of the two.
  when((e, c) => e.status === 403 && c.optionalPart !== undefined, 'fix_mapping'),
  when((e) => e.status === 403, 'reconnect'),
  // The user the app acts for may not link: nothing that is written would stand on a timeline.
  when((e, c) => lacksEditAssociations(e) && c.optionalPart !== undefined, 'fix_mapping'),
  when(lacksEditAssociations, 'reconnect'),
  when((e) => [404, 409, 410].includes(e.status), 'resolve'),
  when((e) => e.details.some((detail) => isMappingCode(detail.code)), 'fix_mapping'),
  when((e) => isMappingCode(e.category), 'fix_mapping'),
  when((e) => e.contextKeys.includes('INVALID_OBJECT_IDS'), 'resolve'),
  // A search carries no record: what it is refused for is the way it was asked.
  when((e, c) => e.status === 400 && c.endpoint === 'search', 'bug'),
  when((e) => e.status === 400 || e.status === 422, 'fix_record'),
];

/** What a refusal means and who acts. Total: an error nobody has seen yet is judged by its status. */
export function classify(error: VendorError, circumstances: Circumstances): CrmFailure {
  const rule = RULES.find((each) => each.applies(error, circumstances));
  const verdict: Verdict = rule?.verdict(error, circumstances) ?? { disposition: 'bug' };
  const detail = error.details.find((each) => isMappingCode(each.code)) ?? error.details[0];
  return {
    disposition: verdict.disposition,
    code: noAccessCode(error, circumstances) ?? codeOf(error, detail?.code),
    status: error.status,
    retryAfterMs: verdict.retryAfterMs,
    field: detail?.field,
    vendorText: textOf(error),
  };
}

/** No answer, or none that could be read to its end. Whether the request had effect is unknown: writes are idempotent. */
export function classifyNoAnswer(code: NoAnswerCode): CrmFailure {
  return {
    // An answer over the size limit will be over it the next time too.
    disposition: code === 'too_large' ? 'bug' : 'retry',
    code: code === 'timeout' ? 'timeout' : `network.${code}`,
    status: undefined,
    retryAfterMs: undefined,
    field: undefined,
    vendorText: undefined,
  };
}

function when(applies: Rule['applies'], disposition: Disposition): Rule {
  return { applies, verdict: () => ({ disposition }) };
}

function stated(circumstances: Circumstances): { readonly retryAfterMs?: number } {
  const retryAfterMs = statedWaitMs(circumstances.headers, circumstances.nowMs);
  return retryAfterMs === undefined ? {} : { retryAfterMs };
}

function throttle(error: VendorError, circumstances: Circumstances): Verdict {
  const retryAfterMs = statedWaitMs(circumstances.headers, circumstances.nowMs) ?? limitWaitMs(error, circumstances);
  return { disposition: 'throttle', retryAfterMs };
}

function limitWaitMs(error: VendorError, { endpoint, headers, nowMs }: Circumstances): number {
  const policy = error.policy ?? error.category ?? '';
  if (policy.startsWith('DAILY') || headers['x-hubspot-ratelimit-daily-remaining'] === '0') {
    // The zone of the daily reset is not documented; midnight UTC is assumed, and being early costs one more 429.
    return DAY_MS - (nowMs % DAY_MS);
  }
  if (policy.startsWith('SECONDLY') || endpoint === 'search') return SEARCH_WINDOW_MS;
  const interval = Number(headers['x-hubspot-ratelimit-interval-milliseconds']);
  return interval >= SECOND_MS && interval <= DAY_MS ? interval : BURST_WINDOW_MS;
}

function lacksEditAssociations(error: VendorError): boolean {
  return error.details.some(({ code }) => code === MISSING_EDIT_ASSOCIATIONS);
}

const NO_ACCESS: Readonly<Record<OptionalPart, string>> = {
  owners: 'hubspot.NO_ACCESS_TO_OWNERS',
  companies: 'hubspot.NO_ACCESS_TO_COMPANIES',
  deals: 'hubspot.NO_ACCESS_TO_DEALS',
  tickets: 'hubspot.NO_ACCESS_TO_TICKETS',
};

/** True for the refusal of an optional part for want of a scope, which holds until somebody grants it. */
export function isNoAccess({ code }: Pick<CrmFailure, 'code'>): boolean {
  return Object.values(NO_ACCESS).includes(code);
}

/** A code of its own, because another scope mends it than one that stops the connection. */
function noAccessCode({ status, readable }: VendorError, { optionalPart }: Circumstances): string | undefined {
  return status === 403 && readable && optionalPart !== undefined ? NO_ACCESS[optionalPart] : undefined;
}

function isMappingCode(code: string | undefined): boolean {
  return code !== undefined && MAPPING_CODES.has(code);
}

function codeOf(error: VendorError, detailCode: string | undefined): string {
  const general = error.category;
  // `VALIDATION_ERROR` says nothing; the detail says which.
  const code = general === undefined || general === 'VALIDATION_ERROR' ? (detailCode ?? general) : general;
  return `hubspot.${error.policy ?? code ?? `HTTP_${error.status}`}`;
}

function textOf(error: VendorError): string | undefined {
  const parts = [error.message, ...error.details.slice(0, 3).map((detail) => detail.message)];
  const text = [...new Set(parts.filter((part) => part !== undefined && part !== ''))].join(' | ');
  return text === '' ? undefined : text.slice(0, 500);
}
