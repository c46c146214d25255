import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isSameValue } from '../../../src/delivery/fields/same-value.ts';

describe('one value in two forms', () => {
  it.each([
    ['a trimmed text', ' Zoë ', 'Zoë'],
    ['nothing and white space', undefined, '  '],
    ['a whole number with a fraction of none', '10', '10.0'],
    ['an instant and its milliseconds', '2026-11-24T10:00:00Z', '1795514400000'],
    ['an instant in another zone', '2026-11-24T10:00:00.000Z', '2026-11-24T11:00:00.000+0100'],
    ['HTML with other white space and entities', '<p>A &amp; B</p>\n<p>C</p>', '<p>A & B</p><p>C</p>'],
    ['other line ends', 'a\r\nb', 'a\nb'],
  ])('%s', (_, a, b) => {
    expect(isSameValue(a, b)).toBe(true);
    expect(isSameValue(b, a)).toBe(true);
  });

  it.each([
    ['another case', 'Acme', 'acme'],
    ['another number', '10', '10.5'],
    ['another instant', '2026-11-24T10:00:00Z', '2026-11-24T10:00:01Z'],
    ['a text and nothing', 'x', undefined],
    ['a longer text', 'a b', 'a b c'],
  ])('but not %s', (_, a, b) => {
    expect(isSameValue(a, b)).toBe(false);
  });

  it('holds for every text and itself, both ways round', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(isSameValue(a, a)).toBe(true);
        expect(isSameValue(a, b)).toBe(isSameValue(b, a));
      }),
    );
  });
});
