import { describe, expect, it } from '@jest/globals';
import { openSandbox, refusal, seedOne, type OpenSandbox } from './open-sandbox.ts';

const find = async ({ call }: Pick<OpenSandbox, 'call'>, sosl: string) =>
  call('GET', `/search?q=${encodeURIComponent(sosl)}`);

const returning = 'RETURNING Contact(Id, Name), Lead(Id, Name WHERE IsConverted = false)';

async function namesFound(opened: OpenSandbox, terms: string, scope = 'PHONE') {
  const { status, body } = await find(opened, `FIND {${terms}} IN ${scope} FIELDS ${returning}`);
  return status === 200 ? body.searchRecords.map((row) => row.Name) : [body[0]?.errorCode];
}

async function openWithPeople(options = {}) {
  const opened = await openSandbox(options);
  opened.sandbox.seedRecords('Contact', [
    { LastName: 'Ann', Phone: '(415) 555-1212', Email: 'ann@example.com' },
    { LastName: 'Bob', MobilePhone: '4155551212' },
  ]);
  seedOne(opened.sandbox, 'Lead', { LastName: 'Cy', Company: 'C', Phone: '415.555.1212' });
  return opened;
}

describe('SOSL', () => {
  it('finds in several objects at once, with conditions of their own', async () => {
    const opened = await openWithPeople();
    expect(await namesFound(opened, '"415 555 1212"')).toEqual(['Ann', 'Cy']);
    opened.sandbox.convertLead(opened.sandbox.records('Lead')[0]?.id ?? '');
    expect(await namesFound(opened, '"415 555 1212"')).toEqual(['Ann', 'Cy']);
    const leads = await find(opened, 'FIND {1212} IN PHONE FIELDS RETURNING Lead(Id WHERE IsConverted = false)');
    expect(leads.body.searchRecords).toEqual([]);
  });

  it('finds a number by the groups it was typed in, not by all its digits', async () => {
    const opened = await openWithPeople();
    expect(await namesFound(opened, '4155551212')).toEqual(['Bob']);
    opened.sandbox.setOptions({ phoneSearch: 'digits' });
    expect(await namesFound(opened, '4155551212')).toEqual(['Ann', 'Bob', 'Cy']);
  });

  it('wildcards stand for the rest of a word', async () => {
    const opened = await openWithPeople();
    expect(await namesFound(opened, '415555*')).toEqual(['Bob']);
    expect(await namesFound(opened, '*1212')).toEqual(['Ann', 'Bob', 'Cy']);
  });

  it('words are all wanted, OR wants one', async () => {
    const opened = await openWithPeople();
    expect(await namesFound(opened, '415 1212')).toEqual(['Ann', 'Cy']);
    expect(await namesFound(opened, '415 AND 999')).toEqual([]);
    expect(await namesFound(opened, '999 OR 4155551212')).toEqual(['Bob']);
  });

  it('terms of more than 4,000 characters lose their operators, of more than 10,000 they find nobody', async () => {
    const opened = await openWithPeople();
    expect(await namesFound(opened, `415 AND ${'9'.repeat(3_900)}`)).toEqual([]);
    expect(await namesFound(opened, `415 AND ${'9'.repeat(4_000)}`)).toEqual(['Ann', 'Cy']);
    expect(await namesFound(opened, `415 OR ${'9'.repeat(10_000)}`)).toEqual([]);
  });

  it('looks only into fields of its scope', async () => {
    const opened = await openWithPeople();
    expect(await namesFound(opened, 'ann', 'EMAIL')).toEqual(['Ann']);
    expect(await namesFound(opened, 'bob', 'NAME')).toEqual(['Bob']);
    expect(await namesFound(opened, 'bob')).toEqual([]);
  });

  it.each(['+14155551212', '(415) 555', '415-555', 'a&b', "O'Neil", 'a:b', '!ab', '[ab', '"ab'])(
    'reserved characters must be escaped: %s',
    async (terms) => {
      const opened = await openSandbox();
      expect(await namesFound(opened, terms)).toEqual(['MALFORMED_SEARCH']);
    },
  );

  it('escaped ones separate words', async () => {
    const opened = await openWithPeople();
    expect(await namesFound(opened, '\\(415\\) 555\\-1212')).toEqual(['Ann', 'Cy']);
  });

  it.each([
    ['one character', 'FIND {4} IN PHONE FIELDS RETURNING Contact'],
    ['no braces', 'FIND 415 RETURNING Contact'],
    ['no RETURNING', 'FIND {415}'],
    ['an unknown scope', 'FIND {415} IN FAX FIELDS RETURNING Contact'],
    ['nothing', ''],
  ])('%s is malformed', async (_, sosl) => {
    expect(refusal(await find(await openSandbox(), sosl))).toEqual([400, 'MALFORMED_SEARCH']);
  });

  it('unknown objects and columns have the codes of SOQL', async () => {
    const opened = await openSandbox();
    expect(refusal(await find(opened, 'FIND {415} RETURNING Nope'))).toEqual([400, 'INVALID_TYPE']);
    const seeded = await openWithPeople();
    expect(refusal(await find(seeded, 'FIND {415} RETURNING Contact(Nope)'))).toEqual([400, 'INVALID_FIELD']);
  });

  it('follows writes with a lag, while seeded records are there at once', async () => {
    let now = Date.now();
    const opened = await openWithPeople({ searchLagMs: 5_000, now: () => now });
    await opened.call('POST', '/sobjects/Contact', { LastName: 'Dee', Phone: '1212' });
    expect(await namesFound(opened, '1212')).toEqual(['Ann', 'Cy']);
    now += 5_000;
    expect(await namesFound(opened, '1212')).toEqual(['Ann', 'Dee', 'Cy']);
  });
});
