import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isolateBadInputs } from '../../../connectors/hubspot/isolate.ts';
import type { CrmFailure } from '../../../src/domain/crm.ts';

const refusedForInput = failure({ status: 400, disposition: 'fix_record', code: 'hubspot.VALIDATION_ERROR' });

describe('isolating the bad inputs of a batch', () => {
  it('refuses exactly the bad ones, in order, each input sent at most 1 + log2(n) times', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 100 }), async (bad) => {
        const inputs = bad.map((isBad, index) => ({ index, isBad }));
        const sent = new Map<number, number>();
        const results = await isolateBadInputs<(typeof inputs)[number], string>(inputs, {
          statuses: [400],
          attempt: (some) => {
            for (const { index } of some) sent.set(index, (sent.get(index) ?? 0) + 1);
            return Promise.resolve(
              some.some(({ isBad }) => isBad)
                ? { kind: 'refused', failure: refusedForInput }
                : { kind: 'answered', results: some.map(({ index }) => `ok ${index}`) },
            );
          },
          refuse: () => 'refused',
        });
        expect(results).toEqual(inputs.map(({ index, isBad }) => (isBad ? 'refused' : `ok ${index}`)));
        const most = 1 + Math.ceil(Math.log2(Math.max(inputs.length, 1)));
        expect(Math.max(0, ...sent.values())).toBeLessThanOrEqual(most);
      }),
    );
  });

  it.each([
    failure({ status: 500, disposition: 'retry', code: 'hubspot.HTTP_500' }),
    failure({ status: 429, disposition: 'throttle', code: 'hubspot.DAILY' }),
    failure({ status: undefined, disposition: 'retry', code: 'network.reset' }),
    failure({ status: 400, disposition: 'bug', code: 'hubspot.VALIDATION_ERROR' }),
  ])('sends nothing again when no input is to blame ($code)', async (whole) => {
    let attempts = 0;
    const results = await isolateBadInputs<number, CrmFailure>([1, 2, 3], {
      statuses: [400, 409],
      attempt: () => {
        attempts += 1;
        return Promise.resolve({ kind: 'refused', failure: whole });
      },
      refuse: (each) => each,
    });
    expect(attempts).toBe(1);
    expect(results).toEqual([whole, whole, whole]);
  });

  it('goes straight to the inputs the failure names', async () => {
    const batches: (readonly number[])[] = [];
    const results = await isolateBadInputs<number, string>([1, 2, 3, 4, 5, 6], {
      statuses: [400],
      attempt: (some) => {
        batches.push(some);
        return Promise.resolve(
          some.includes(2)
            ? { kind: 'refused', failure: refusedForInput }
            : { kind: 'answered', results: some.map(String) },
        );
      },
      refuse: () => 'refused',
      isAbout: (_, input) => input % 2 === 0,
    });
    expect(batches).toEqual([
      [1, 2, 3, 4, 5, 6],
      [1, 3, 5],
    ]);
    expect(results).toEqual(['1', 'refused', '3', 'refused', '5', 'refused']);
  });
});

function failure(given: Pick<CrmFailure, 'status' | 'disposition' | 'code'>): CrmFailure {
  return { retryAfterMs: undefined, field: undefined, vendorText: undefined, ...given };
}
