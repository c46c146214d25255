import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { classify, classifyNoAnswer } from '../../../connectors/salesforce/classify.ts';
import { parseJson } from '../../../connectors/transport/parse-json.ts';
import { readVendorError } from '../../../connectors/salesforce/vendor-error.ts';
import { DISPOSITIONS, type CrmFailure } from '../../../src/domain/crm.ts';

interface Case {
  readonly name: string;
  readonly status: number | undefined;
  readonly body: unknown;
  readonly expected: Partial<CrmFailure>;
}

const CASES: readonly Case[] = [
  {
    name: 'a session that has ended',
    status: 401,
    body: [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }],
    expected: { disposition: 'reconnect', code: 'salesforce.INVALID_SESSION_ID' },
  },
  {
    name: 'a limit, though its status says forbidden',
    status: 403,
    body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }],
    expected: { disposition: 'throttle', code: 'salesforce.REQUEST_LIMIT_EXCEEDED', retryAfterMs: 30_000 },
  },
  {
    name: 'an application that may not use the API',
    status: 403,
    body: [{ errorCode: 'API_DISABLED_FOR_ORG', message: 'The REST API is not enabled for this Organization.' }],
    expected: { disposition: 'reconnect' },
  },
  {
    name: 'an API version that is retired',
    status: 410,
    body: [{ errorCode: 'UNSUPPORTED_API_VERSION', message: 'This version of the API is not supported.' }],
    expected: { disposition: 'reconnect' },
  },
  {
    name: 'an unknown column, named in the text only',
    status: 400,
    body: [{ errorCode: 'INVALID_FIELD', message: "No such column 'Score__c' on sobject of type Task" }],
    expected: { disposition: 'fix_mapping', field: 'Score__c' },
  },
  {
    name: 'a row, under another name for the code',
    status: undefined,
    body: [
      { statusCode: 'REQUIRED_FIELD_MISSING', message: 'Required fields are missing: [Company]', fields: ['Company'] },
    ],
    expected: {
      disposition: 'fix_mapping',
      code: 'salesforce.REQUIRED_FIELD_MISSING',
      field: 'Company',
      status: undefined,
    },
  },
  {
    name: 'a lock that a trigger ran into',
    status: undefined,
    body: [
      {
        statusCode: 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
        message: 'RollUp: execution of AfterInsert caused by: UNABLE_TO_LOCK_ROW, unable to obtain exclusive access',
      },
    ],
    expected: { disposition: 'retry', code: 'salesforce.CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY' },
  },
  {
    name: 'a trigger that refuses',
    status: undefined,
    body: [{ statusCode: 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', message: 'Validate: execution of BeforeInsert' }],
    expected: { disposition: 'fix_record' },
  },
  {
    name: 'the cause, not the rows that were rolled back with it',
    status: 400,
    body: [
      { errorCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK', message: 'Record rolled back' },
      { errorCode: 'STRING_TOO_LONG', message: 'Subject: data value too large', fields: ['Subject'] },
    ],
    expected: { disposition: 'fix_record', code: 'salesforce.STRING_TOO_LONG', field: 'Subject' },
  },
  {
    name: 'a duplicate rule',
    status: 400,
    body: [
      { duplicateResut: { allowSave: true }, errorCode: 'DUPLICATES_DETECTED', message: 'Use one of these records?' },
    ],
    expected: { disposition: 'resolve' },
  },
  {
    name: 'several records with one external id',
    status: 300,
    body: ['/services/data/1'],
    expected: { disposition: 'resolve' },
  },
  {
    name: 'an approval',
    status: undefined,
    body: [{ statusCode: 'ENTITY_IS_LOCKED' }],
    expected: { disposition: 'retry', retryAfterMs: 3_600_000 },
  },
  {
    name: "an intermediary's page",
    status: 503,
    body: undefined,
    expected: { disposition: 'retry', code: 'salesforce.HTTP_503' },
  },
  {
    name: 'a page with a status that says no',
    status: 403,
    body: undefined,
    expected: { disposition: 'retry', code: 'salesforce.HTTP_403' },
  },
  { name: 'a redirect to a login page', status: 302, body: undefined, expected: { disposition: 'retry' } },
  { name: 'an address that has changed', status: 301, body: undefined, expected: { disposition: 'reconnect' } },
  { name: 'an address that is too long', status: 414, body: undefined, expected: { disposition: 'bug' } },
  {
    name: 'a code nobody has seen yet, by its status',
    status: 500,
    body: [{ errorCode: 'BRAND_NEW_FAILURE' }],
    expected: { disposition: 'retry', code: 'salesforce.BRAND_NEW_FAILURE' },
  },
  {
    name: 'a row with a code nobody has seen yet',
    status: undefined,
    body: [{ statusCode: 'BRAND_NEW' }],
    expected: { disposition: 'fix_record' },
  },
  {
    name: 'a row without a code',
    status: undefined,
    body: [],
    expected: { disposition: 'fix_record', code: 'salesforce.UNNAMED_ROW_ERROR' },
  },
];

describe('a refusal of Salesforce is classified by who must act', () => {
  it.each(CASES)('$name', ({ status, body, expected }) => {
    expect(failureOf(status, body)).toMatchObject(expected);
  });

  it('a limit of the day is left alone for longer than a busy moment', () => {
    const error = readVendorError(403, [{ errorCode: 'REQUEST_LIMIT_EXCEEDED' }]);
    expect(classify(error, true).retryAfterMs).toBe(900_000);
    expect(classify(error, false).retryAfterMs).toBe(30_000);
  });

  it('every network event passes by itself, but an answer over the size limit does not', () => {
    for (const code of ['timeout', 'reset', 'refused', 'dns', 'aborted', 'tls', 'network'] as const) {
      expect(classifyNoAnswer(code).disposition).toBe('retry');
    }
    expect(classifyNoAnswer('too_large').disposition).toBe('bug');
  });

  it('nothing but an identifier becomes a code or a field, so no data of a person can', () => {
    const body = [{ errorCode: 'duplicate of +15551234567', fields: ['zoe@example.com'], message: 'x'.repeat(900) }];
    const failure = failureOf(400, body);
    expect(failure).toMatchObject({ code: 'salesforce.HTTP_400', field: undefined });
    expect(failure.vendorText).toHaveLength(500);
  });

  it('any status with any body gets a disposition, and never an exception', () => {
    const error = fc.record(
      { errorCode: fc.anything(), statusCode: fc.anything(), message: fc.anything(), fields: fc.anything() },
      { requiredKeys: [] },
    );
    const body = fc.oneof(fc.anything(), error, fc.array(error), fc.string().map(parseJson));
    fc.assert(
      fc.property(fc.option(fc.integer({ min: 300, max: 599 }), { nil: undefined }), body, (status, each) => {
        const failure = failureOf(status, each);
        expect(DISPOSITIONS).toContain(failure.disposition);
        expect(failure.code).toMatch(/^salesforce\.[A-Za-z0-9_]+$/);
        if (failure.disposition === 'throttle') expect(failure.retryAfterMs).toBeGreaterThan(0);
      }),
    );
  });
});

function failureOf(status: number | undefined, body: unknown): CrmFailure {
  return classify(readVendorError(status, body), false);
}
