import { classify, classifyNoAnswer } from '../../connectors/salesforce/classify.ts';
import { readVendorError } from '../../connectors/salesforce/vendor-error.ts';
import type { ErrorCode } from '../../sandbox/salesforce/error-codes.ts';
import type { Fault } from '../../sandbox/salesforce/index.ts';
import type { CrmFailure } from '../../src/domain/crm.ts';

/** Longer than any test waits; the client's deadline ends it. */
const FOR_EVER_MS = 60_000;

/** Codes that a request as a whole is refused with, and the statuses of Salesforce's REST guide they come with. */
const REFUSALS_OF_CALLS: Readonly<Record<string, number>> = {
  INVALID_SESSION_ID: 401,
  API_DISABLED_FOR_ORG: 403,
  REQUEST_LIMIT_EXCEEDED: 403,
  SERVER_UNAVAILABLE: 503,
  UNKNOWN_EXCEPTION: 500,
  INVALID_FIELD: 400,
  INVALID_TYPE: 400,
  NOT_FOUND: 404,
  MALFORMED_QUERY: 400,
  JSON_PARSER_ERROR: 400,
  INSUFFICIENT_ACCESS: 403,
};

/** What goes wrong with a request, whatever it is about. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  ...Object.fromEntries(
    Object.entries(REFUSALS_OF_CALLS).map(([code, status]): [string, Fault] => [
      `${status} ${code}`,
      { kind: 'status', status, body: [{ errorCode: code, message: 'no' }] },
    ]),
  ),
  '429': { kind: 'status', status: 429, body: '' },
  '502 page': { kind: 'html-502' },
  '503 page': { kind: 'status', status: 503, body: '<html><body>Service Unavailable</body></html>' },
  '504 after the write': { kind: 'apply-then-status', status: 504, body: '' },
  reset: { kind: 'reset' },
  'apply then reset': { kind: 'apply-then-reset' },
  stall: { kind: 'stall', ms: FOR_EVER_MS },
  'stalled body': { kind: 'stall-body', ms: FOR_EVER_MS },
};

/** Codes that one row of a collection is refused with while its neighbours are saved. */
export const REFUSALS_OF_ROWS: readonly ErrorCode[] = [
  'UNABLE_TO_LOCK_ROW',
  'UNKNOWN_EXCEPTION',
  'FIELD_CUSTOM_VALIDATION_EXCEPTION',
  'STRING_TOO_LONG',
  'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
  'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
  'REQUIRED_FIELD_MISSING',
  'DUPLICATES_DETECTED',
  'CANNOT_UPDATE_CONVERTED_LEAD',
  'INVALID_OPERATION',
];

/** What Salesforce's registry makes of a fault. */
export function verdictOf(fault: Fault): CrmFailure {
  switch (fault.kind) {
    case 'status':
    case 'apply-then-status':
      return classify(readVendorError(fault.status, fault.body), false);
    case 'html-502':
      return classify(readVendorError(502, undefined), false);
    case 'reset':
    case 'apply-then-reset':
      return classifyNoAnswer('reset');
    case 'stall':
    case 'stall-body':
      return classifyNoAnswer('timeout');
    case 'delay':
      throw new TypeError('a late answer is no failure');
  }
}

/** What Salesforce's registry makes of a row with this code. */
export function verdictOfRow(code: ErrorCode): CrmFailure {
  return classify(readVendorError(undefined, [{ statusCode: code }]), false);
}
