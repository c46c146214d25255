import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatRow, parseCsv } from '../../../connectors/csv-log/csv.ts';

const cell = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('"', ',', ';', '\r', '\n', '\t', ' ', "'", '=', '+', '-', '@', '＝', 'a', 'é') }),
);
const row = fc.array(cell, { minLength: 1, maxLength: 6 });

describe('CSV', () => {
  it('whatever is written is read back as it was', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 5 }), (rows) => {
        const text = rows.map(formatRow).join('');
        expect(parseCsv(text)).toEqual({ rows, wholeLength: text.length });
      }),
      { numRuns: 2_000 },
    );
  });

  it('no cell begins as a formula does, as a spreadsheet shows it', () => {
    fc.assert(
      fc.property(cell, (text) => {
        const shown = formatRow([text]).slice(0, -2).replace(/^"/, '');
        expect(shown).not.toMatch(/^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/);
      }),
      { numRuns: 2_000 },
    );
  });

  it('a row that was cut off anywhere is left out, and those before it stand', () => {
    fc.assert(
      fc.property(row, row, fc.nat(), (first, second, cut) => {
        const whole = formatRow(first);
        const torn = formatRow(second);
        const text = whole + torn.slice(0, cut % torn.length);
        // Cut between its two characters, a line end is none yet; a cell may hold one, and then is not closed.
        expect(parseCsv(text)).toEqual({ rows: [first], wholeLength: whole.length });
      }),
      { numRuns: 2_000 },
    );
  });

  it('is written as RFC 4180 has it', () => {
    expect(formatRow(['a', 'b,c', 'say "hi"', 'two\nlines', ''])).toBe('a,"b,c","say ""hi""","two\nlines",\r\n');
    expect(formatRow(['=HYPERLINK("http://evil.example")'])).toBe(`"'=HYPERLINK(""http://evil.example"")"\r\n`);
    expect(formatRow(['+15551234567'])).toBe("'+15551234567\r\n");
  });

  it('reads what a spreadsheet saved with plain line feeds', () => {
    expect(parseCsv('a,b\n"c\nd",e\n').rows).toEqual([
      ['a', 'b'],
      ['c\nd', 'e'],
    ]);
  });

  it('reads a cell of a megabyte', () => {
    const long = '"'.repeat(500_000);
    expect(parseCsv(formatRow([long])).rows).toEqual([[long]]);
  });
});
