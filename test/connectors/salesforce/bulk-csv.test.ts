import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cellsOf, columnsOf, readResults, toCsv } from '../../../connectors/salesforce/bulk/csv.ts';
import { readRowError } from '../../../connectors/salesforce/bulk/row-error.ts';
import { hasOtherLineEnding, readCsv, writeCsv } from '../../../sandbox/salesforce/bulk-csv.ts';

const COMMA = { delimiter: 'COMMA', lineEnding: 'LF' } as const;

/** Texts that mean something to CSV, to spreadsheets or to the Bulk API. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.stringMatching(/^[",\n\r;\t =+@'#N/A\uFEFF🎉é]{0,30}$/u),
  fc.constantFrom(
    '"',
    '""',
    ',',
    '\r\n',
    '\r',
    '\n\n',
    ' x ',
    '=HYPERLINK("x")',
    "'",
    '\uFEFFx',
    '#N/A ',
    'x'.repeat(32_000),
  ),
);

describe('CSV for the Bulk API', () => {
  it('what is written is what an independent strict reader finds, line breaks made one kind', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ Ext__c: fc.uuid(), A: hostile, B: hostile }), { minLength: 1 }), (payloads) => {
        const records = payloads.map(cellsOf).filter((cells) => cells !== undefined);
        fc.pre(records.length > 0);
        const csv = toCsv(columnsOf(records), records);
        expect(hasOtherLineEnding(csv, 'LF')).toBe(false);
        const [header, ...lines] = readCsv(csv, COMMA);
        expect(header).toEqual(['Ext__c', 'A', 'B']);
        expect(lines).toEqual(records.map(({ Ext__c, A, B }) => [Ext__c, A, B]));
      }),
    );
  });

  it('what the other side writes is read back, with a byte order mark and without a last line end', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(hostile, hostile), { minLength: 1 }), (rows) => {
        const csv = writeCsv([['sf__Id', 'A'], ...rows], COMMA);
        const expected = rows.map(([sf__Id, A]) => ({ sf__Id, A }));
        expect(readResults(csv, ['A'])).toEqual(expected);
        expect(readResults(`\uFEFF${csv.slice(0, -1)}`, ['A'])).toEqual(expected);
      }),
    );
  });

  it('a field that a record does not have is empty, numbers and booleans are written as texts', () => {
    const records = [
      { attributes: { type: 'Task' }, K: 'a', N: 5, B: false },
      { K: 'b', S: 'x' },
    ].map(cellsOf);
    const cells = records.filter((each) => each !== undefined);
    expect(toCsv(columnsOf(cells), cells)).toBe('K,N,B,S\na,5,false,\nb,,,x\n');
  });

  it.each([
    ['a value that would empty the field', { K: '#N/A' }],
    ['the same between blanks', { K: ' #N/A ' }],
    ['a value that is too long', { K: 'x'.repeat(32_001) }],
    [
      'a record that is too long',
      Object.fromEntries(Array.from({ length: 13 }, (_, n) => [`F${n}`, 'x'.repeat(32_000)])),
    ],
    ['null', { K: null }],
    ['an object', { Who: { Ext__c: 'x' } }],
  ])('%s cannot go in bulk', (_, payload) => {
    expect(cellsOf(payload)).toBeUndefined();
  });

  it('a page in place of a result is no result', () => {
    expect(readResults('<html><body>Log in</body></html>', ['sf__Id'])).toBeUndefined();
    expect(readResults('', ['sf__Id'])).toBeUndefined();
  });
});

describe("a row's error", () => {
  it.each([
    [
      'REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --',
      ['REQUIRED_FIELD_MISSING', 'Required fields are missing: [Name]', ['Name']],
    ],
    ['INVALID_FIELD_FOR_INSERT_UPDATE:No: A:B:A, B --', ['INVALID_FIELD_FOR_INSERT_UPDATE', 'No: A:B', ['A', 'B']]],
    [
      'FIELD_CUSTOM_VALIDATION_EXCEPTION:Say "no".\nNow:--',
      ['FIELD_CUSTOM_VALIDATION_EXCEPTION', 'Say "no".\nNow', []],
    ],
    [
      'UNABLE_TO_LOCK_ROW:unable to obtain exclusive access --',
      ['UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access', []],
    ],
    ['STRING_TOO_LONG: Value too long', ['STRING_TOO_LONG', 'STRING_TOO_LONG: Value too long', []]],
    ['something else', [undefined, 'something else', []]],
    ['', [undefined, '', []]],
  ])('%s', (text, [statusCode, message, fields]) => {
    expect(readRowError(text)).toEqual({ statusCode, message, fields });
  });
});
