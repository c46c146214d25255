import { describe, expect, it } from '@jest/globals';
import { openSandbox, type OpenSandbox } from './open-sandbox.ts';

const path = '/crm/v3/objects/contacts/search';
const filter = (propertyName: string, operator: string, value?: string) => ({
  propertyName,
  operator,
  ...(value === undefined ? {} : { value }),
});
const groupOf = (...filters: readonly unknown[]) => ({ filterGroups: [{ filters }] });

async function withPeople(): Promise<OpenSandbox & { readonly find: (body: unknown) => Promise<readonly string[]> }> {
  const opened = await openSandbox();
  opened.sandbox.seedRecords('contacts', [
    { firstname: 'Ann', city: 'Rome', phone: '+1 212 555 0100', lifecyclestage: 'lead', email: 'ann@example.com' },
    { firstname: 'Bob', city: 'New York', phone: '+44 212 555 0100' },
    { firstname: 'Cy', lifecyclestage: 'customer' },
  ]);
  const find = async (body: unknown) => {
    const reply = await opened.call('POST', path, { properties: ['firstname'], ...(body as object) });
    if (reply.status !== 200) throw new Error(`search answered ${reply.status}: ${reply.body.message}`);
    return reply.body.results.map((row) => row.properties.firstname ?? '');
  };
  return { ...opened, find };
}

describe('the limits of search', () => {
  const many = (count: number) => Array.from({ length: count }, () => filter('city', 'HAS_PROPERTY'));
  it.each([
    ['a body over 3,000 characters', groupOf(filter('city', 'EQ', 'x'.repeat(3_000)))],
    ['more than 5 groups', { filterGroups: Array.from({ length: 6 }, () => ({ filters: many(1) })) }],
    ['more than 6 filters in a group', groupOf(...many(7))],
    ['more than 18 filters', { filterGroups: Array.from({ length: 4 }, () => ({ filters: many(5) })) }],
    ['a page over 200', { ...groupOf(), limit: 201 }],
    ['paging beyond 10,000', { ...groupOf(), limit: 200, after: '9900' }],
    ['an unknown operator', groupOf(filter('city', 'LIKE', 'x'))],
    ['a filter on a property that does not exist', groupOf(filter('nope', 'EQ', 'x'))],
    ['a value for HAS_PROPERTY', groupOf(filter('city', 'HAS_PROPERTY', 'x'))],
    ['two sorts', { filterGroups: [], sorts: ['city', 'zip'] }],
  ])('%s is refused', async (_name, body) => {
    const { call } = await openSandbox();
    const reply = await call('POST', path, body);
    expect([reply.status, reply.body.category]).toEqual([400, 'VALIDATION_ERROR']);
  });

  it('18 filters, 200 a page and the last page before 10,000 are accepted', async () => {
    const { call } = await openSandbox();
    const filterGroups = Array.from({ length: 3 }, () => ({ filters: many(6) }));
    expect((await call('POST', path, { filterGroups, limit: 200, after: '9800' })).status).toBe(200);
  });
});

describe('what search finds', () => {
  it.each([
    ['EQ without regard to case', groupOf(filter('city', 'EQ', 'ROME')), ['Ann']],
    ['NEQ', groupOf(filter('city', 'NEQ', 'rome')), ['Bob', 'Cy']],
    [
      'IN with lower-case values',
      groupOf({ propertyName: 'city', operator: 'IN', values: ['rome', 'new york'] }),
      ['Ann', 'Bob'],
    ],
    ['IN with other values', groupOf({ propertyName: 'city', operator: 'IN', values: ['Rome'] }), []],
    ['NOT_IN', groupOf({ propertyName: 'city', operator: 'NOT_IN', values: ['rome'] }), ['Bob', 'Cy']],
    ['enumerations exactly', groupOf(filter('lifecyclestage', 'EQ', 'LEAD')), []],
    ['HAS_PROPERTY', groupOf(filter('city', 'HAS_PROPERTY')), ['Ann', 'Bob']],
    ['NOT_HAS_PROPERTY', groupOf(filter('city', 'NOT_HAS_PROPERTY')), ['Cy']],
    ['CONTAINS_TOKEN', groupOf(filter('city', 'CONTAINS_TOKEN', 'york')), ['Bob']],
    ['CONTAINS_TOKEN with a star', groupOf(filter('city', 'CONTAINS_TOKEN', 'yo*')), ['Bob']],
    ['not a part of a token', groupOf(filter('city', 'CONTAINS_TOKEN', 'yo')), []],
    [
      'filters of one group together',
      groupOf(filter('city', 'HAS_PROPERTY'), filter('firstname', 'EQ', 'bob')),
      ['Bob'],
    ],
    ['the short form', { filters: [filter('firstname', 'EQ', 'cy')] }, ['Cy']],
    ['the query', { query: 'ann example' }, ['Ann']],
    [
      'a past date as less than now',
      groupOf(filter('createdate', 'LT', String(Date.now() + 60_000))),
      ['Ann', 'Bob', 'Cy'],
    ],
    ['a range', groupOf({ propertyName: 'createdate', operator: 'BETWEEN', value: '0', highValue: '1' }), []],
  ])('%s', async (_name, body, expected) => {
    const { find } = await withPeople();
    expect([...(await find(body))].sort()).toEqual(expected);
  });

  it('groups are alternatives, and a record in two of them comes once', async () => {
    const { find } = await withPeople();
    const filterGroups = ['Ann', 'Cy', 'ann'].map((name) => ({ filters: [filter('firstname', 'EQ', name)] }));
    expect(await find({ filterGroups })).toEqual(['Ann', 'Cy']);
  });

  it('phone numbers are found by area code and local number, of any country, and not with the country code', async () => {
    const { find } = await withPeople();
    const byPhone = (value: string) => find(groupOf(filter('hs_searchable_calculated_phone_number', 'EQ', value)));
    expect([...(await byPhone('2125550100'))].sort()).toEqual(['Ann', 'Bob']);
    expect(await byPhone('+12125550100')).toEqual([]);
    expect(await find(groupOf(filter('hs_calculated_phone_number', 'EQ', '+12125550100')))).toEqual(['Ann']);
  });

  it('numbers compare by amount and records sort by a property', async () => {
    const { sandbox, call } = await openSandbox();
    const durations = ['9', '10', '100'];
    sandbox.seedRecords(
      'calls',
      durations.map((hs_call_duration) => ({ hs_timestamp: '0', hs_call_duration })),
    );
    const { body } = await call('POST', '/crm/v3/objects/calls/search', {
      ...groupOf(filter('hs_call_duration', 'GTE', '10')),
      sorts: [{ propertyName: 'hs_call_duration', direction: 'DESCENDING' }],
      properties: ['hs_call_duration'],
    });
    expect(body.results.map((row) => row.properties.hs_call_duration)).toEqual(['100', '10']);
  });

  it('pages follow each other until all were seen once', async () => {
    const { sandbox, call } = await openSandbox();
    sandbox.seedRecords(
      'contacts',
      Array.from({ length: 5 }, (_, index) => ({ firstname: `P${index}` })),
    );
    const seen: string[] = [];
    let after: string | undefined = '0';
    while (after !== undefined) {
      const { body } = await call('POST', path, { filterGroups: [], limit: 2, after, properties: ['firstname'] });
      expect(body.total).toBe(5);
      seen.push(...body.results.map((row) => row.properties.firstname ?? ''));
      after = (body as { paging?: { next: { after: string } } }).paging?.next.after;
    }
    expect(seen).toEqual(['P0', 'P1', 'P2', 'P3', 'P4']);
  });
});

describe('search lags behind', () => {
  it('a new record and a change are found only after the lag, while other reads see them at once', async () => {
    let now = Date.parse('2026-05-04T10:00:00Z');
    const { call } = await openSandbox({ now: () => now, searchLagMs: 2_000 });
    const named = async (name: string) =>
      (await call('POST', path, groupOf(filter('firstname', 'EQ', name)))).body.total;
    const { body } = await call('POST', '/crm/v3/objects/contacts', { properties: { firstname: 'Ann' } });
    expect((await call('GET', `/crm/v3/objects/contacts/${body.id}`)).status).toBe(200);
    expect(await named('Ann')).toBe(0);
    now += 1_999;
    expect(await named('Ann')).toBe(0);
    now += 1;
    expect(await named('Ann')).toBe(1);
    await call('PATCH', `/crm/v3/objects/contacts/${body.id}`, { properties: { firstname: 'Eve' } });
    expect([await named('Ann'), await named('Eve')]).toEqual([1, 0]);
    now += 2_000;
    expect([await named('Ann'), await named('Eve')]).toEqual([0, 1]);
  });

  it('an archived record is counted for a while and shown no more', async () => {
    let now = Date.parse('2026-05-04T10:00:00Z');
    const { sandbox, call } = await openSandbox({ now: () => now, searchLagMs: 2_000 });
    const [id = ''] = sandbox.seedRecords('contacts', [{ firstname: 'Ann' }]);
    const search = async () => (await call('POST', path, groupOf(filter('firstname', 'EQ', 'ann')))).body;
    expect(await search()).toMatchObject({ total: 1, results: [{ id }] });
    sandbox.deleteAsPerson('contacts', id);
    expect(await search()).toEqual({ total: 1, results: [] });
    now += 2_000;
    expect(await search()).toEqual({ total: 0, results: [] });
  });
});
