import { classify, classifyNoAnswer } from '../../connectors/hubspot/classify.ts';
import { readVendorError } from '../../connectors/hubspot/vendor-error.ts';
import type { Fault } from '../../sandbox/hubspot/index.ts';
import type { CrmFailure } from '../../src/domain/crm.ts';
import { FAILURE_CLASSES, type FailureClass } from '../connectors/hubspot/failure-matrix-faults.ts';

const limitAnswer = { status: 'error', errorType: 'RATE_LIMIT', message: 'no', policyName: 'TEN_SECONDLY_ROLLING' };

/** Beside those that the connector is tried with by itself. */
const MORE_FAILURES: readonly FailureClass[] = [
  {
    name: '429 with Retry-After',
    fault: { kind: 'status', status: 429, body: limitAnswer, headers: { 'Retry-After': '7' } },
    disposition: 'throttle',
    concerns: 'the call',
  },
  {
    name: '503 page',
    fault: { kind: 'status', status: 503, body: '<html><body>Service Unavailable</body></html>' },
    disposition: 'retry',
    concerns: 'the call',
  },
  {
    name: '504 after the write',
    fault: { kind: 'apply-then-status', status: 504, body: '' },
    disposition: 'retry',
    concerns: 'the call',
  },
  {
    name: '400 length',
    fault: {
      kind: 'status',
      status: 400,
      body: {
        status: 'error',
        category: 'VALIDATION_ERROR',
        message: 'no',
        errors: [{ message: 'no', code: 'INVALID_LENGTH', context: { propertyName: ['firstname'] } }],
      },
    },
    disposition: 'fix_record',
    concerns: 'an input',
  },
  {
    name: '415',
    fault: {
      kind: 'status',
      status: 415,
      body: { status: 'error', category: 'UNSUPPORTED_MEDIA_TYPE', message: 'no' },
    },
    disposition: 'bug',
    concerns: 'the call',
  },
];

/** Everything that HubSpot is made to answer. */
export const ALL_FAILURES: readonly FailureClass[] = [...FAILURE_CLASSES, ...MORE_FAILURES];

/** What HubSpot's registry makes of a fault at this endpoint. */
export function verdictOf(fault: Fault, endpoint: string): CrmFailure {
  const nowMs = Date.now();
  const answered = (status: number, body?: unknown, headers: Readonly<Record<string, string>> = {}) =>
    classify(readVendorError(status, body), { endpoint, headers: lowerCased(headers), nowMs });
  switch (fault.kind) {
    case 'status':
    case 'apply-then-status':
      return answered(fault.status, fault.body ?? { category: 'INJECTED' }, fault.headers);
    case 'html-502':
      return answered(502);
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

function lowerCased(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
