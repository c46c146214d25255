import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { classify, classifyNoAnswer, type Circumstances } from '../../../connectors/hubspot/classify.ts';
import { parseJson } from '../../../connectors/transport/parse-json.ts';
import { readVendorError } from '../../../connectors/hubspot/vendor-error.ts';
import { NOW_MS, REFUSALS } from './refusal-cases.ts';
import { DISPOSITIONS, type CrmFailure } from '../../../src/domain/crm.ts';

describe('a refusal of HubSpot is classified by who must act', () => {
  it.each(REFUSALS)('$name', ({ status, body, headers = {}, endpoint = 'batch-upsert', optionalPart, expected }) => {
    const failure = classify(readVendorError(status, body), { endpoint, optionalPart, headers, nowMs: NOW_MS });
    expect(failure).toMatchObject({ status, ...expected });
  });

  it('every network event passes by itself, but an answer over the size limit does not', () => {
    for (const code of ['timeout', 'reset', 'refused', 'dns', 'aborted', 'tls', 'network'] as const) {
      expect(classifyNoAnswer(code).disposition).toBe('retry');
    }
    expect(classifyNoAnswer('timeout').code).toBe('timeout');
    expect(classifyNoAnswer('reset').code).toBe('network.reset');
    expect(classifyNoAnswer('too_large').disposition).toBe('bug');
  });

  it('the vendor’s words are kept apart, cut to 500 characters', () => {
    const failure = failureOf(400, {
      category: 'VALIDATION_ERROR',
      message: 'a'.repeat(400),
      errors: [{ message: 'b'.repeat(400) }],
    });
    expect(failure.vendorText).toHaveLength(500);
    expect(failure.vendorText).toContain('bbb');
  });

  it('nothing but an identifier becomes a code or a field, so no data of a person can', () => {
    const failure = failureOf(400, {
      category: 'Contact +15551234567 exists',
      policyName: 'zoe@example.com',
      errors: [{ code: 'call me', context: { propertyName: ['Zoë Example'] } }],
    });
    expect(failure).toMatchObject({ code: 'hubspot.HTTP_400', field: undefined });
  });

  it('any status with any body gets a disposition, and never an exception', () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 599 }), anyBody(), anyHeaders(), (status, body, headers) => {
        const failure = failureOf(status, body, { headers });
        expect(DISPOSITIONS).toContain(failure.disposition);
        expect(failure.code).toMatch(/^hubspot\.[A-Za-z0-9_]+$/);
        if (failure.disposition === 'throttle') expect(failure.retryAfterMs).toBeGreaterThan(0);
      }),
    );
  });
});

function failureOf(status: number, body: unknown, more: Partial<Circumstances> = {}): CrmFailure {
  return classify(readVendorError(status, body), { endpoint: 'batch-upsert', headers: {}, nowMs: NOW_MS, ...more });
}

function anyBody(): fc.Arbitrary<unknown> {
  const envelope = fc.record(
    {
      category: fc.anything(),
      message: fc.anything(),
      policyName: fc.anything(),
      errors: fc.oneof(fc.anything(), fc.array(fc.record({ code: fc.anything(), context: fc.anything() }))),
      context: fc.anything(),
    },
    { requiredKeys: [] },
  );
  return fc.oneof(fc.anything(), envelope, fc.string().map(parseJson));
}

function anyHeaders(): fc.Arbitrary<Record<string, string>> {
  return fc.record(
    { 'retry-after': fc.string(), 'x-hubspot-ratelimit-interval-milliseconds': fc.string() },
    { requiredKeys: [] },
  );
}
