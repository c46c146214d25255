import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cleanText, escapeHtml, firstSentence, splitName, truncate } from '../../src/mapping/text.ts';

describe('text for a CRM', () => {
  it('truncation keeps the limit and never splits a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.integer({ min: 0, max: 60 }), (text, limit) => {
        const cut = truncate(text, limit);
        expect(cut.length).toBeLessThanOrEqual(limit);
        expect(cut.isWellFormed()).toBe(true);
        if (text.length <= limit) expect(cut).toBe(text);
      }),
    );
  });

  it('escaped text holds no markup and means the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = escapeHtml(text);
        expect(escaped).not.toMatch(/[<>"']/);
        const back = escaped
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&quot;', '"')
          .replaceAll('&#39;', "'")
          .replaceAll('&amp;', '&');
        expect(back).toBe(text);
      }),
    );
  });

  it('control characters and lone surrogates do not leave', () => {
    expect(cleanText('a\u0000b\u001Fc\td\ne\uD83D')).toBe('abc\td\ne\uFFFD');
  });

  it.each([
    ['Missed appointment, wants Tuesday. Very upset.', 'Missed appointment, wants Tuesday.'],
    ['one line\nanother', 'one line'],
    ['no end', 'no end'],
    ['Version 2.5 asked? yes', 'Version 2.5 asked?'],
    ['', ''],
  ])('the title of %p is %p', (text, expected) => {
    expect(firstSentence(text)).toBe(expected);
  });

  it.each([
    ['Zoë', { first: 'Zoë', last: undefined }],
    ["Mary Jane O'Brien", { first: 'Mary', last: "Jane O'Brien" }],
  ])('the name %p is split', (name, expected) => {
    expect(splitName(name)).toEqual(expected);
  });
});
