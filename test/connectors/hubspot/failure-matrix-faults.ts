import type { Fault } from '../../../sandbox/hubspot/index.ts';
import type { Disposition } from '../../../src/domain/crm.ts';

/** One way in which HubSpot fails, and what is to be made of it, by HubSpot's error handling page and usage guidelines. */
export interface FailureClass {
  readonly name: string;
  readonly fault: Fault;
  readonly disposition: Disposition;
  /** Given for an input of a batch: the batch is cut until that one stands alone. Otherwise the whole call has failed. */
  readonly concerns: 'an input' | 'the call';
}

/** Longer than any test waits; the client's deadline ends it. */
const FOR_EVER_MS = 60_000;

const status = (code: number, body?: unknown, headers?: Readonly<Record<string, string>>): Fault => ({
  kind: 'status',
  status: code,
  ...(body === undefined ? {} : { body }),
  ...(headers === undefined ? {} : { headers }),
});

const limit = (policyName: string) => ({ status: 'error', errorType: 'RATE_LIMIT', message: 'no', policyName });

const invalid = (...errors: readonly unknown[]) => ({
  status: 'error',
  category: 'VALIDATION_ERROR',
  message: 'no',
  errors,
});

const about = (code: string, field: string) => ({ message: 'no', code, context: { propertyName: [field] } });

const refusal = (category: string) => ({ status: 'error', category, message: 'no' });

export const FAILURE_CLASSES: readonly FailureClass[] = [
  {
    name: '429 ten-secondly',
    fault: status(429, limit('TEN_SECONDLY_ROLLING')),
    disposition: 'throttle',
    concerns: 'the call',
  },
  { name: '429 search', fault: status(429, refusal('RATE_LIMITS')), disposition: 'throttle', concerns: 'the call' },
  { name: '429 daily', fault: status(429, limit('DAILY')), disposition: 'throttle', concerns: 'the call' },
  { name: '500', fault: status(500), disposition: 'retry', concerns: 'the call' },
  { name: '502 page', fault: { kind: 'html-502' }, disposition: 'retry', concerns: 'the call' },
  { name: '503', fault: status(503, ''), disposition: 'retry', concerns: 'the call' },
  { name: '423 lock', fault: status(423, refusal('LOCKED')), disposition: 'retry', concerns: 'the call' },
  {
    name: '477 migration',
    fault: status(477, refusal('MIGRATION'), { 'Retry-After': '60' }),
    disposition: 'throttle',
    concerns: 'the call',
  },
  { name: 'reset', fault: { kind: 'reset' }, disposition: 'retry', concerns: 'the call' },
  { name: 'apply then reset', fault: { kind: 'apply-then-reset' }, disposition: 'retry', concerns: 'the call' },
  { name: 'stall', fault: { kind: 'stall', ms: FOR_EVER_MS }, disposition: 'retry', concerns: 'the call' },
  { name: 'stalled body', fault: { kind: 'stall-body', ms: FOR_EVER_MS }, disposition: 'retry', concerns: 'the call' },
  {
    name: '401 expired',
    fault: status(401, refusal('EXPIRED_AUTHENTICATION')),
    disposition: 'reconnect',
    concerns: 'the call',
  },
  { name: '403 scopes', fault: status(403, refusal('MISSING_SCOPES')), disposition: 'reconnect', concerns: 'the call' },
  {
    name: '400 option',
    fault: status(400, invalid(about('INVALID_OPTION', 'hs_call_status'))),
    disposition: 'fix_mapping',
    concerns: 'an input',
  },
  {
    name: '400 unknown property',
    fault: status(400, invalid(about('PROPERTY_DOESNT_EXIST', 'ai_score'))),
    disposition: 'fix_mapping',
    concerns: 'an input',
  },
  {
    name: '400 record',
    fault: status(400, invalid(about('INVALID_INTEGER', 'hs_call_duration'))),
    disposition: 'fix_record',
    concerns: 'an input',
  },
  {
    name: '400 association',
    fault: status(400, { ...invalid(), context: { INVALID_OBJECT_IDS: ['CONTACT=1 is not valid'] } }),
    disposition: 'resolve',
    concerns: 'an input',
  },
  { name: '404', fault: status(404, refusal('OBJECT_NOT_FOUND')), disposition: 'resolve', concerns: 'an input' },
  { name: '409', fault: status(409, refusal('CONFLICT')), disposition: 'resolve', concerns: 'an input' },
  { name: '414', fault: status(414, ''), disposition: 'bug', concerns: 'the call' },
];
