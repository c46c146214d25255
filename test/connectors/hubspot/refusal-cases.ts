import type { OptionalPart } from '../../../connectors/hubspot/classify.ts';
import type { CrmFailure } from '../../../src/domain/crm.ts';

/** 2026-11-24 22:30 UTC: an hour and a half before midnight. */
export const NOW_MS = Date.UTC(2026, 10, 24, 22, 30);
const UNTIL_MIDNIGHT_MS = 90 * 60_000;

/** An answer, and what is to be made of it. */
interface RefusalCase {
  readonly name: string;
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly endpoint?: string;
  readonly optionalPart?: OptionalPart;
  readonly expected: Partial<CrmFailure>;
}

const detail = (code: string, field: string) => ({
  message: `about ${field}`,
  code,
  context: { propertyName: [field] },
});

const validation = (...errors: readonly unknown[]) => ({
  status: 'error',
  category: 'VALIDATION_ERROR',
  message: 'no',
  errors,
});

export const REFUSALS: readonly RefusalCase[] = [
  {
    name: 'a token that is refused',
    status: 401,
    body: { category: 'INVALID_AUTHENTICATION', message: 'no' },
    expected: { disposition: 'reconnect', code: 'hubspot.INVALID_AUTHENTICATION' },
  },
  {
    name: 'a token that has expired',
    status: 401,
    body: { category: 'EXPIRED_AUTHENTICATION', message: 'The OAuth token expired 7 second(s) ago.' },
    expected: { disposition: 'reconnect', code: 'hubspot.EXPIRED_AUTHENTICATION' },
  },
  { name: 'a 401 without a body', status: 401, expected: { disposition: 'reconnect', code: 'hubspot.HTTP_401' } },
  {
    name: 'a scope that is missing',
    status: 403,
    body: {
      category: 'MISSING_SCOPES',
      errors: [{ context: { requiredGranularScopes: ['crm.objects.contacts.write'] } }],
    },
    expected: { disposition: 'reconnect', code: 'hubspot.MISSING_SCOPES' },
  },
  ...(['owners', 'companies', 'deals', 'tickets'] as const).map((optionalPart) => ({
    name: `a scope that is missing for ${optionalPart}, which deliveries can do without`,
    status: 403,
    body: { category: 'MISSING_SCOPES' },
    endpoint: 'read',
    optionalPart,
    expected: { disposition: 'fix_mapping', code: `hubspot.NO_ACCESS_TO_${optionalPart.toUpperCase()}` } as const,
  })),
  {
    name: 'a page of a firewall in place of deals',
    status: 403,
    body: '<html>blocked</html>',
    optionalPart: 'deals',
    expected: { disposition: 'retry', code: 'hubspot.HTTP_403' },
  },
  {
    name: 'a user who may not link anything (2026-09 write validation)',
    status: 400,
    body: { status: 'error', category: 'VALIDATION_ERROR', message: "Missing 'Edit Associations' permission." },
    endpoint: 'associate',
    expected: { disposition: 'reconnect', code: 'hubspot.MISSING_EDIT_ASSOCIATIONS' },
  },
  {
    name: 'a user who may not link deals',
    status: 400,
    body: { status: 'error', category: 'VALIDATION_ERROR', message: "Missing 'Edit Associations' permission." },
    endpoint: 'associate',
    optionalPart: 'deals',
    expected: { disposition: 'fix_mapping', code: 'hubspot.MISSING_EDIT_ASSOCIATIONS' },
  },
  {
    name: 'a 403 page of a firewall, which says nothing about our scopes',
    status: 403,
    body: '<html>blocked</html>',
    expected: { disposition: 'retry' },
  },
  {
    name: 'the burst limit',
    status: 429,
    body: { errorType: 'RATE_LIMIT', policyName: 'TEN_SECONDLY_ROLLING', message: 'ten_secondly_rolling' },
    expected: { disposition: 'throttle', code: 'hubspot.TEN_SECONDLY_ROLLING', retryAfterMs: 10_000 },
  },
  {
    name: 'the burst limit, with the interval of its window',
    status: 429,
    body: { policyName: 'TEN_SECONDLY_ROLLING' },
    headers: { 'x-hubspot-ratelimit-interval-milliseconds': '11000' },
    expected: { disposition: 'throttle', retryAfterMs: 11_000 },
  },
  {
    name: 'a limit that asks for a time of its own',
    status: 429,
    body: { policyName: 'TEN_SECONDLY_ROLLING' },
    headers: { 'retry-after': '4' },
    expected: { disposition: 'throttle', retryAfterMs: 4_000 },
  },
  {
    name: 'a limit that asks for milliseconds by mistake',
    status: 429,
    body: { policyName: 'TEN_SECONDLY_ROLLING' },
    headers: { 'retry-after': '20000000' },
    expected: { disposition: 'throttle', retryAfterMs: 10_000 },
  },
  {
    name: 'the search limit, which names no policy',
    status: 429,
    endpoint: 'search',
    body: { category: 'RATE_LIMITS', message: 'You have reached your secondly limit.' },
    expected: { disposition: 'throttle', code: 'hubspot.RATE_LIMITS', retryAfterMs: 1_000 },
  },
  {
    name: 'a limit per second',
    status: 429,
    body: { policyName: 'SECONDLY' },
    expected: { disposition: 'throttle', retryAfterMs: 1_000 },
  },
  {
    name: 'the daily limit',
    status: 429,
    body: { errorType: 'RATE_LIMIT', policyName: 'DAILY' },
    expected: { disposition: 'throttle', code: 'hubspot.DAILY', retryAfterMs: UNTIL_MIDNIGHT_MS },
  },
  {
    name: 'a daily limit known by its header only, on a search',
    status: 429,
    endpoint: 'search',
    body: { category: 'RATE_LIMITS' },
    headers: { 'x-hubspot-ratelimit-daily-remaining': '0' },
    expected: { disposition: 'throttle', retryAfterMs: UNTIL_MIDNIGHT_MS },
  },
  { name: 'a limit without a body', status: 429, expected: { disposition: 'throttle', retryAfterMs: 10_000 } },
  { name: 'a lock', status: 423, body: {}, expected: { disposition: 'retry', retryAfterMs: 2_000 } },
  {
    name: 'a migration of the account',
    status: 477,
    headers: { 'retry-after': '3600' },
    expected: { disposition: 'throttle', retryAfterMs: 3_600_000 },
  },
  {
    name: 'a property that does not exist',
    status: 400,
    body: validation(detail('PROPERTY_DOESNT_EXIST', 'ai_score')),
    expected: { disposition: 'fix_mapping', code: 'hubspot.PROPERTY_DOESNT_EXIST', field: 'ai_score' },
  },
  {
    name: 'an option that does not exist, told inside the message',
    status: 400,
    body: {
      category: 'VALIDATION_ERROR',
      message:
        'Property values were not valid: [{"isValid":false,"message":"x","error":"INVALID_OPTION","name":"lead_status"}]',
    },
    expected: { disposition: 'fix_mapping', code: 'hubspot.INVALID_OPTION', field: 'lead_status' },
  },
  {
    name: 'a property that may not be written',
    status: 400,
    body: validation(detail('READ_ONLY_VALUE', 'createdate')),
    expected: { disposition: 'fix_mapping', field: 'createdate' },
  },
  ...['MISSING_REQUIRED_PROPERTY', 'MISSING_CONDITIONAL_REQUIRED_PROPERTY'].map((code) => ({
    name: `an admin's rule (${code})`,
    status: 400,
    body: validation(detail(code, 'region')),
    expected: { disposition: 'fix_mapping', code: `hubspot.${code}`, field: 'region' } as const,
  })),
  {
    name: 'a required property that is listed without a code',
    status: 400,
    body: { category: 'VALIDATION_ERROR', message: 'not set', context: { properties: ['hs_timestamp'] } },
    expected: { disposition: 'fix_mapping', code: 'hubspot.MISSING_REQUIRED_PROPERTY', field: 'hs_timestamp' },
  },
  {
    name: 'a mapping error behind a data error: the mapping is at fault for every record',
    status: 400,
    body: validation(detail('INVALID_INTEGER', 'age'), detail('PROPERTY_DOESNT_EXIST', 'ai_score')),
    expected: { disposition: 'fix_mapping', code: 'hubspot.PROPERTY_DOESNT_EXIST', field: 'ai_score' },
  },
  {
    name: 'a value that does not fit',
    status: 400,
    body: validation(detail('INVALID_INTEGER', 'age')),
    expected: { disposition: 'fix_record', code: 'hubspot.INVALID_INTEGER', field: 'age' },
  },
  {
    name: 'an association to a record that is gone',
    status: 400,
    body: { category: 'VALIDATION_ERROR', context: { INVALID_OBJECT_IDS: ['CONTACT=838 is not valid'] } },
    expected: { disposition: 'resolve' },
  },
  {
    name: 'a refusal nobody has seen yet',
    status: 400,
    body: { category: 'SOMETHING_NEW' },
    expected: { disposition: 'fix_record', code: 'hubspot.SOMETHING_NEW' },
  },
  {
    name: 'a search that was put wrongly',
    status: 400,
    endpoint: 'search',
    body: { category: 'VALIDATION_ERROR' },
    expected: { disposition: 'bug', code: 'hubspot.VALIDATION_ERROR' },
  },
  {
    name: 'a record that is gone',
    status: 404,
    body: { category: 'OBJECT_NOT_FOUND' },
    expected: { disposition: 'resolve' },
  },
  { name: "an intermediary's 404", status: 404, body: '<html>', expected: { disposition: 'retry' } },
  {
    name: 'a value that another record holds',
    status: 409,
    body: { category: 'CONFLICT', message: 'Contact already exists. Existing ID: 123' },
    expected: { disposition: 'resolve', code: 'hubspot.CONFLICT' },
  },
  ...[405, 413, 414, 415].map((status) => ({ name: `a ${status}`, status, expected: { disposition: 'bug' } as const })),
  ...[408, 500, 502, 503, 504, 521, 522, 523, 524, 525, 526].map((status) => ({
    name: `a ${status} page`,
    status,
    body: '<html>oops</html>',
    expected: { disposition: 'retry', code: `hubspot.HTTP_${status}` } as const,
  })),
  {
    name: 'a 503 that says when',
    status: 503,
    headers: { 'retry-after': 'Tue, 24 Nov 2026 22:31:00 GMT' },
    expected: { disposition: 'retry', retryAfterMs: 60_000 },
  },
  { name: 'a redirect for good: the base URL is another', status: 301, expected: { disposition: 'reconnect' } },
  { name: 'a redirect for now, as of a proxy', status: 302, expected: { disposition: 'retry' } },
  {
    name: 'a 4xx of no meaning here',
    status: 418,
    body: {},
    expected: { disposition: 'bug', code: 'hubspot.HTTP_418' },
  },
];
