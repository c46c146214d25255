import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { retryAfterMs } from '../../src/source/retry-after.ts';

const NOW = Date.parse('2025-06-01T00:00:00Z');

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['7', 7_000],
    [' 7 ', 7_000],
    ['1.5', 1_500],
    ['Sun, 01 Jun 2025 00:00:30 GMT', 30_000],
    ['Sat, 31 May 2025 23:00:00 GMT', 0],
    ['86400', 3_600_000],
    ['Mon, 01 Jun 2026 00:00:00 GMT', 3_600_000],
    ['999999999999', 3_600_000],
    ['-5', undefined],
    ['soon', undefined],
    ['', undefined],
    ['Mon, 99 Foo 2025', undefined],
    ['1e3', undefined],
    ['0x10', undefined],
    ['NaN', undefined],
    ['Infinity', undefined],
  ])('%j means %p ms', (header, expected) => {
    expect(retryAfterMs(header, NOW)).toBe(expected);
  });

  it('of several is the first', () => {
    expect(retryAfterMs(['3', '9'], NOW)).toBe(3_000);
    expect(retryAfterMs([], NOW)).toBeUndefined();
    expect(retryAfterMs(undefined, NOW)).toBeUndefined();
  });

  it('is never negative, never over an hour and never not a number, whatever the header says', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.double().map(String),
          fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
        ),
        (header) => {
          const wait = retryAfterMs(header, NOW) ?? 0;
          expect(wait >= 0 && wait <= 3_600_000).toBe(true);
        },
      ),
    );
  });
});
