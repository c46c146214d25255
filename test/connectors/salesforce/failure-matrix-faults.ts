import type { Fault } from '../../../sandbox/salesforce/index.ts';
import type { SalesforceSandboxOptions } from '../../../sandbox/salesforce/index.ts';
import type { Disposition } from '../../../src/domain/crm.ts';

type RuleCode = NonNullable<SalesforceSandboxOptions['validationRules'][number]['code']>;

/** One way in which a whole request to Salesforce fails, and what is to be made of it, by Salesforce's REST guide. */
export interface CallFailure {
  readonly name: string;
  readonly fault: Fault;
  readonly disposition: Disposition;
}

/** One way in which a single row is refused while its call succeeds, by the partner WSDL's status codes. */
export interface RowFailure {
  readonly code: RuleCode;
  readonly disposition: Disposition;
}

/** Longer than any test waits; the client's deadline ends it. */
const FOR_EVER_MS = 60_000;

const refusal = (status: number, errorCode: string): Fault => ({
  kind: 'status',
  status,
  body: [{ errorCode, message: 'no' }],
});

const text = (status: number, body: string): Fault => ({ kind: 'status', status, body });

export const CALL_FAILURES: readonly CallFailure[] = [
  { name: '403 limit', fault: refusal(403, 'REQUEST_LIMIT_EXCEEDED'), disposition: 'throttle' },
  { name: '429', fault: text(429, ''), disposition: 'throttle' },
  { name: '500', fault: refusal(500, 'UNKNOWN_EXCEPTION'), disposition: 'retry' },
  { name: '502 page', fault: { kind: 'html-502' }, disposition: 'retry' },
  { name: '503 maintenance', fault: refusal(503, 'ORG_IN_MAINTENANCE'), disposition: 'retry' },
  { name: '504 after the write', fault: { kind: 'apply-then-status', status: 504, body: '' }, disposition: 'retry' },
  { name: 'login page', fault: text(200, '<html>'), disposition: 'retry' },
  { name: 'redirect', fault: text(302, ''), disposition: 'retry' },
  { name: 'moved for good', fault: text(301, ''), disposition: 'reconnect' },
  { name: 'reset', fault: { kind: 'reset' }, disposition: 'retry' },
  { name: 'apply then reset', fault: { kind: 'apply-then-reset' }, disposition: 'retry' },
  { name: 'stall', fault: { kind: 'stall', ms: FOR_EVER_MS }, disposition: 'retry' },
  { name: 'stalled body', fault: { kind: 'stall-body', ms: FOR_EVER_MS }, disposition: 'retry' },
  { name: '401 session', fault: refusal(401, 'INVALID_SESSION_ID'), disposition: 'reconnect' },
  { name: '403 API closed', fault: refusal(403, 'API_DISABLED_FOR_ORG'), disposition: 'reconnect' },
  { name: '400 type', fault: refusal(400, 'INVALID_TYPE'), disposition: 'fix_mapping' },
  { name: '415', fault: refusal(415, 'UNSUPPORTED_MEDIA_TYPE'), disposition: 'bug' },
];

export const ROW_FAILURES: readonly RowFailure[] = [
  { code: 'UNABLE_TO_LOCK_ROW', disposition: 'retry' },
  { code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', disposition: 'fix_record' },
  { code: 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', disposition: 'fix_record' },
  { code: 'INSUFFICIENT_ACCESS_OR_READONLY', disposition: 'fix_record' },
  { code: 'REQUIRED_FIELD_MISSING', disposition: 'fix_mapping' },
  { code: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', disposition: 'fix_mapping' },
  { code: 'INACTIVE_OWNER_OR_USER', disposition: 'fix_mapping' },
  { code: 'DUPLICATE_VALUE', disposition: 'resolve' },
  { code: 'ENTITY_IS_DELETED', disposition: 'resolve' },
  { code: 'CANNOT_UPDATE_CONVERTED_LEAD', disposition: 'resolve' },
  { code: 'STRING_TOO_LONG', disposition: 'fix_record' },
];
