import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { phrase, searchNumbers } from '../../../connectors/salesforce/sosl.ts';
// There is no independent parser of SOSL in JavaScript; the sandbox's was written from Salesforce's reference.
import { parseSosl } from '../../../sandbox/salesforce/sosl-parse.ts';

/** Texts that try to leave a phrase, among all others. Without two characters there is nothing to search for. */
const hostile = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc
      .array(
        fc.constantFrom(
          ...Array.from('?&|!{}[]()^~*:\\"\'+-'),
          '\n',
          '\t',
          '\u2028',
          ' OR ',
          ' AND ',
          ' AND NOT ',
          '} RETURNING User(Id)',
          '415',
          'a',
          '_',
          '%',
        ),
        { maxLength: 12 },
      )
      .map((parts) => parts.join('')),
  )
  .filter((text) => text.replaceAll(/[\s*?"]/g, '').length > 1);

describe('a SOSL phrase', () => {
  it('holds any text, comes back unchanged and ends where it should', () => {
    fc.assert(
      fc.property(hostile, fc.constantFrom('415 555 1212', 'x)y'), (text, other) => {
        const { alternatives, returning, scope } = parseSosl(
          searchNumbers([text, other], [{ object: 'Contact', fields: ['Id', 'Phone'] }]),
        );
        expect(alternatives.map((phrases) => phrases.map((each) => each.text))).toEqual([
          [text.replaceAll(/\s+/g, ' ')],
          [other],
        ]);
        expect(returning.map(({ object, columns }) => [object, columns])).toEqual([['Contact', ['Id', 'Phone']]]);
        expect(scope).toBe('PHONE');
      }),
      { numRuns: 10_000 },
    );
  });

  it('escapes every reserved character', () => {
    expect(phrase(String.raw`(4) "5" \ +-`)).toBe(String.raw`"\(4\) \"5\" \\ \+\-"`);
  });

  it('a name that is none is refused before it is sent', () => {
    expect(() => searchNumbers(['415'], [{ object: 'Contact(Id), User', fields: ['Id'] }])).toThrow(TypeError);
    expect(() => searchNumbers(['415'], [{ object: 'Contact', fields: ['Id FROM User'] }])).toThrow(TypeError);
  });
});
