import { describe, expect, it } from '@jest/globals';
import { isQueryValid, parseQuery, type Query } from '@jetstreamapp/soql-parser-js';
import fc from 'fast-check';
import { allOf, anyOf, beginsWithDigits, isAmong, isIn, literal, select } from '../../../connectors/salesforce/soql.ts';

/** Texts that try to leave a literal, among all others. */
const hostile = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc
    .array(
      fc.constantFrom(
        "'",
        '\\',
        '"',
        '\n',
        '\r',
        '\t',
        '\b',
        '\f',
        '\u2028',
        '\u2029',
        ' OR Name != ',
        ')',
        '(',
        '%',
        '_',
        'a',
        ',',
      ),
      {
        maxLength: 12,
      },
    )
    .map((parts) => parts.join('')),
);

describe('a SOQL literal', () => {
  it('holds any text, comes back unchanged and ends where it should', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const soql = select({ fields: ['Id'], from: 'Contact', where: `Phone = ${literal(text)} AND Name = 'x'` });
        expect(literal(text)).not.toMatch(/[\n\r\u2028\u2029]/);
        expect(isQueryValid(soql)).toBe(true);
        expect(literalsOf(soql)).toEqual([text, 'x']);
      }),
      { numRuns: 10_000 },
    );
  });

  it('escapes the escape character before the quote', () => {
    expect(literal(String.raw`\' OR Name != '`)).toBe(String.raw`'\\\' OR Name != \''`);
  });
});

describe('conditions', () => {
  it('a mix of AND and OR says which comes first', () => {
    const where = anyOf([
      allOf([anyOf([isIn('Phone', ['1', '2']), isIn('Email', ['a'])]), 'IsConverted = false']),
      isIn('Id', ['3']),
    ]);
    expect(where).toBe("(((Phone IN ('1','2') OR Email IN ('a')) AND IsConverted = false) OR Id IN ('3'))");
    expect(isQueryValid(select({ fields: ['Id'], from: 'Lead', where: where ?? '' }))).toBe(true);
  });

  it('a list without values is no condition, and a value stands once', () => {
    expect(isIn('Phone', [])).toBeUndefined();
    expect(anyOf([undefined, isIn('Phone', [])])).toBeUndefined();
    expect(isIn('Phone', ['1', '1'])).toBe("Phone IN ('1')");
  });

  it('a pattern begins as it is told and leaves room around every digit, and takes no wildcard from outside', () => {
    expect(beginsWithDigits('Phone', '(4', '15')).toBe("Phone LIKE '(4%1%5%'");
    expect(beginsWithDigits('Phone', String.raw`%\_'`, '1%_5')).toBe(String.raw`Phone LIKE '\'%1%5%'`);
    const soql = select({ fields: ['Id'], from: 'Lead', where: beginsWithDigits('Phone', '+1', '4155551212') });
    expect(isQueryValid(soql)).toBe(true);
  });

  it('another object may be asked along', () => {
    const where = isAmong('AccountId', { fields: ['AccountId'], from: 'Contact', where: "Id IN ('1')" });
    expect(where).toBe("AccountId IN (SELECT AccountId FROM Contact WHERE Id IN ('1'))");
    expect(isQueryValid(select({ fields: ['Id', 'Account.Name'], from: 'Opportunity', where }))).toBe(true);
    expect(() => select({ fields: ['A.B.C'], from: 'Contact', where: 'Id = null' })).toThrow(TypeError);
  });

  it('a name that is none is refused before it is sent', () => {
    expect(() => select({ fields: ['Id', 'Name FROM User --'], from: 'Contact', where: 'Id = null' })).toThrow(
      TypeError,
    );
    expect(() => isIn("Phone = '' OR Name", ['1'])).toThrow(TypeError);
  });
});

/** The values of all conditions, read by somebody else's parser, with SOQL's escape sequences resolved. */
function literalsOf(soql: string): readonly string[] {
  const values: string[] = [];
  let where: Query['where'] | undefined = parseQuery(soql).where;
  while (where !== undefined) {
    const { left } = where;
    if (left !== null && 'value' in left && typeof left.value === 'string') values.push(unescape(left.value));
    where = 'right' in where ? where.right : undefined;
  }
  return values;
}

const SEQUENCES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

function unescape(quoted: string): string {
  return quoted
    .slice(1, -1)
    .replaceAll(/\\(?:u([0-9a-f]{4})|(.))/gs, (_, code: string | undefined, character: string) =>
      code === undefined ? (SEQUENCES[character] ?? character) : String.fromCharCode(Number.parseInt(code, 16)),
    );
}
