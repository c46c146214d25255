import { describe, expect, it } from '@jest/globals';
import { isQueryValid } from '@jetstreamapp/soql-parser-js';
import fc from 'fast-check';
import { parseSoql } from '../../../sandbox/salesforce/soql-parse.ts';
import { openSandbox, refusal, seedOne } from './open-sandbox.ts';

const now = Date.parse('2026-11-24T10:00:00Z');

async function openWithPeople() {
  const opened = await openSandbox({ now: () => now });
  const acme = seedOne(opened.sandbox, 'Account', { Name: 'Acme' });
  opened.sandbox.seedRecords('Contact', [
    { LastName: 'Ann', Phone: '(415) 555-1212', AccountId: acme, Birthdate: '1990-01-01' },
    { LastName: 'Bob', Phone: '+14155551212', Email: 'bob@example.com', CreatedDate: '2026-11-23T09:00:00.000+0000' },
    { LastName: "O'Neil", MobilePhone: '100%_\\', CreatedDate: '2026-01-01T00:00:00.000+0000' },
  ]);
  const names = async (where: string) => {
    const { status, body } = await opened.query(`SELECT LastName FROM Contact WHERE ${where} ORDER BY LastName`);
    return status === 200 ? body.records.map((row) => row.LastName) : [body[0]?.errorCode];
  };
  return { ...opened, acme, names };
}

/** Conditions and the people they find; each is valid SOQL to an independent parser too. */
const found = [
  ["LastName = 'ann'", ['Ann']],
  ["LastName != 'Ann'", ['Bob', "O'Neil"]],
  ["Email != 'bob@example.com'", ['Ann', "O'Neil"]],
  ["Phone IN ('+14155551212', '(415) 555-1212')", ['Ann', 'Bob']],
  ["LastName NOT IN ('Ann', 'Bob')", ["O'Neil"]],
  ["Phone LIKE '%415%555%1212'", ['Ann', 'Bob']],
  ["LastName LIKE 'B_b'", ['Bob']],
  ["LastName = 'O\\'Neil'", ["O'Neil"]],
  ["MobilePhone = '100%_\\\\'", ["O'Neil"]],
  ["MobilePhone LIKE '100\\%\\_%'", ["O'Neil"]],
  ["MobilePhone LIKE '1\\_%'", []],
  ['Email = null', ['Ann', "O'Neil"]],
  ['Email != null', ['Bob']],
  ["LastName = 'Ann' OR LastName = 'Bob'", ['Ann', 'Bob']],
  ["(LastName = 'Ann' OR LastName = 'Bob') AND Email = null", ['Ann']],
  ["Email = null AND (NOT LastName = 'Ann')", ["O'Neil"]],
  ["NOT (LastName = 'Ann' OR LastName = 'Bob')", ["O'Neil"]],
  ["Account.Name = 'Acme'", ['Ann']],
  ['Birthdate < 2000-01-01', ['Ann']],
  ['CreatedDate >= 2026-11-24T00:00:00Z', ['Ann']],
  ['CreatedDate = 2026-11-23T10:00:00+01:00', ['Bob']],
  ['CreatedDate = YESTERDAY', ['Bob']],
  ['CreatedDate = LAST_N_DAYS:30', ['Ann', 'Bob']],
  ['IsDeleted = false', ['Ann', 'Bob', "O'Neil"]],
  ["LastName > 'b'", ['Bob', "O'Neil"]],
  ["AccountId IN (SELECT Id FROM Account WHERE Name = 'Acme')", ['Ann']],
] as const;

describe('SOQL conditions', () => {
  it.each(found)('%s', async (where, expected) => {
    const { names } = await openWithPeople();
    expect(await names(where)).toEqual(expected);
    expect(isQueryValid(`SELECT LastName FROM Contact WHERE ${where}`)).toBe(true);
  });

  it.each([
    ['AND and OR without parentheses', "LastName = 'A' AND LastName = 'B' OR LastName = 'C'", 'MALFORMED_QUERY'],
    ['NOT after AND', "LastName = 'A' AND NOT (LastName = 'B')", 'MALFORMED_QUERY'],
    ['an open literal', "LastName = 'A", 'MALFORMED_QUERY'],
    ['an escaped end of a literal', "LastName = '\\'", 'MALFORMED_QUERY'],
    ['a line break in a literal', "LastName = 'A\nB'", 'MALFORMED_QUERY'],
    ['an unknown escape', "LastName = 'A\\-B'", 'MALFORMED_QUERY'],
    ['words in double quotes', 'LastName = "A"', 'MALFORMED_QUERY'],
    ['an empty list', 'LastName IN ()', 'MALFORMED_QUERY'],
    ['a sub-query of two columns', 'Id IN (SELECT WhoId, Id FROM Task)', 'MALFORMED_QUERY'],
    ['a column that is not there', "Nope__c = 'A'", 'INVALID_FIELD'],
    ['a relationship that is not there', "Nope.Name = 'A'", 'INVALID_FIELD'],
    ['a long text', "Description = 'A'", 'INVALID_FIELD'],
    ['a number for a text', 'LastName = 1', 'INVALID_FIELD'],
    ['a quoted instant', "CreatedDate > '2026-01-01T00:00:00Z'", 'INVALID_FIELD'],
    ['a text for a flag', "IsDeleted = 'false'", 'INVALID_FIELD'],
    ['an id that is none', "Id = 'x'", 'INVALID_QUERY_FILTER_OPERATOR'],
  ])('%s: %s is %s', async (_, where, code) => {
    const { names } = await openWithPeople();
    expect(await names(where)).toEqual([code]);
  });
});

describe('SOQL refusals', () => {
  it('say that parentheses are missing between AND and OR', async () => {
    const { query } = await openSandbox();
    const { body } = await query("SELECT Id FROM Lead WHERE Name = 'A' OR Name = 'B' AND Title = 'C'");
    expect(body[0]?.message).toBe('AND and OR need parentheses between them');
  });
});

describe('SOQL literals', () => {
  it('any text comes back as it was before it was escaped', () => {
    const unit = fc.oneof(
      fc.constantFrom("'", '\\', '%', '_', '"', '(', ')', ' OR ', '\n'),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(
        fc.array(unit).map((parts) => parts.join('')),
        (text) => {
          const escaped = text.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
          const { where } = parseSoql(`SELECT Id FROM Contact WHERE LastName = '${escaped}' LIMIT 1`);
          expect(where).toMatchObject({ kind: 'compare', operator: '=', literal: { kind: 'string', text } });
        },
      ),
    );
  });
});

describe('SOQL queries', () => {
  it('show columns in order, other records below their relationship', async () => {
    const { query, acme } = await openWithPeople();
    const { body } = await query(
      "SELECT LastName, Account.Name, Owner.Name FROM Contact WHERE LastName IN ('Ann','Bob') ORDER BY LastName",
    );
    expect(body.records).toMatchObject([
      {
        LastName: 'Ann',
        Account: { attributes: { type: 'Account', url: expect.stringContaining(acme) as unknown }, Name: 'Acme' },
      },
      { LastName: 'Bob', Account: null, Owner: { attributes: { type: 'User' }, Name: 'Dana Reed' } },
    ]);
    expect(Object.keys(body.records[0] ?? {})).toEqual(['attributes', 'LastName', 'Account', 'Owner']);
  });

  it('sort, nulls first unless asked, and cut', async () => {
    const { query } = await openWithPeople();
    const names = async (rest: string) =>
      (await query(`SELECT LastName FROM Contact ORDER BY ${rest}`)).body.records.map((row) => row.LastName);
    expect(await names('Phone, LastName')).toEqual(["O'Neil", 'Ann', 'Bob']);
    expect(await names('Phone ASC NULLS LAST')).toEqual(['Ann', 'Bob', "O'Neil"]);
    expect(await names('LastName DESC LIMIT 2')).toEqual(["O'Neil", 'Bob']);
    expect(await names('LastName LIMIT 1 OFFSET 1')).toEqual(['Bob']);
  });

  it('count without rows', async () => {
    const { query } = await openWithPeople();
    expect((await query('SELECT COUNT() FROM Contact')).body).toEqual({ totalSize: 3, done: true, records: [] });
  });

  it('do not see deleted records; queryAll and ALL ROWS do', async () => {
    const { sandbox, query } = await openWithPeople();
    sandbox.deleteAsPerson('Contact', sandbox.records('Contact')[0]?.id ?? '');
    const size = async (soql: string, resource?: string) => (await query(soql, resource)).body.totalSize;
    expect(await size('SELECT Id FROM Contact')).toBe(2);
    expect(await size('SELECT Id FROM Contact', 'queryAll')).toBe(3);
    expect(await size('SELECT Id FROM Contact WHERE IsDeleted = true ALL ROWS')).toBe(1);
  });

  it('see a write at once', async () => {
    const { call, query } = await openSandbox({ searchLagMs: 600_000 });
    await call('POST', '/sobjects/Contact', { LastName: 'New' });
    expect((await query("SELECT Id FROM Contact WHERE LastName = 'New'")).body.totalSize).toBe(1);
  });

  it('come in pages, the next one where the last one says', async () => {
    const { sandbox, call, query } = await openSandbox({ queryPageSize: 2 });
    sandbox.seedRecords(
      'Account',
      ['A', 'B', 'C', 'D', 'E'].map((Name) => ({ Name })),
    );
    const names: unknown[] = [];
    let page = await query('SELECT Name FROM Account ORDER BY Name');
    for (;;) {
      expect(page.body.totalSize).toBe(5);
      names.push(...page.body.records.map((row) => row.Name));
      if (page.body.done === true) break;
      page = await call('GET', String(page.body.nextRecordsUrl));
    }
    expect(names).toEqual(['A', 'B', 'C', 'D', 'E']);
    expect(refusal(await call('GET', '/query/01gnothing-2'))).toEqual([400, 'INVALID_QUERY_LOCATOR']);
  });

  it.each([
    ['SELECT Id FROM Nope', 'INVALID_TYPE'],
    ['SELECT Nope FROM Contact', 'INVALID_FIELD'],
    ['SELECT FROM Contact', 'MALFORMED_QUERY'],
    ['SELECT Id FROM Contact WHERE', 'MALFORMED_QUERY'],
    ['SELECT Id FROM Contact GROUP BY Id', 'MALFORMED_QUERY'],
    ['SELECT Id, (SELECT Id FROM Tasks) FROM Contact', 'MALFORMED_QUERY'],
    ['SELECT Id FROM Contact ORDER BY Description', 'INVALID_FIELD'],
    ['SELECT Id FROM Contact LIMIT x', 'MALFORMED_QUERY'],
    ['', 'MALFORMED_QUERY'],
  ])('%s is %s', async (soql, code) => {
    const { query } = await openSandbox();
    expect(refusal(await query(soql))).toEqual([400, code]);
  });

  it('a plus sign that was not encoded is a space', async () => {
    const { call } = await openSandbox();
    const where = 'CreatedDate+>+2026-01-01T00:00:00+01:00'.replace('+01:00', '%2B01:00');
    expect((await call('GET', `/query?q=SELECT+Id+FROM+Contact+WHERE+${where}`)).status).toBe(200);
    const bare = where.replace('%2B', '+');
    expect(refusal(await call('GET', `/query?q=SELECT+Id+FROM+Contact+WHERE+${bare}`))).toEqual([
      400,
      'MALFORMED_QUERY',
    ]);
  });
});
