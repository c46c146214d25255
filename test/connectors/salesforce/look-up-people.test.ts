import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PersonQuery, PersonSearch } from '../../../src/domain/crm.ts';
import { byEmail, byNumber, caller, connectOrg, found, PERSON_KEY, type ConnectedOrg } from './connected-org.ts';

let org: ConnectedOrg;

beforeEach(async () => {
  org = await connectOrg();
});
afterEach(() => org.stop());

const zoe = byNumber('+14155551212');

describe('a person is found by number', () => {
  it.each([
    '+14155551212',
    '4155551212',
    '(415) 555-1212',
    '415-555-1212',
    '415.555.1212',
    '1 (415) 555-1212',
    '+1 415 555 1212',
    '001 415 555 1212'.replaceAll(' ', ''),
  ])('however it was typed: %s', async (Phone) => {
    const [id] = org.sandbox.seedRecords('Contact', [{ LastName: 'Zoe', Phone }]);
    expect(found(await lookUp(zoe))).toEqual([id]);
  });

  it.each(['Phone', 'MobilePhone', 'HomePhone', 'OtherPhone', 'AssistantPhone'])(
    'in %s of a contact',
    async (field) => {
      const [id = ''] = org.sandbox.seedRecords('Contact', [{ LastName: 'Zoe', [field]: '(415) 555-1212' }]);
      expect(await lookUp(zoe)).toMatchObject({
        candidates: [{ ref: { object: 'Contact', id }, matchedBy: field, rank: 0 }],
      });
    },
  );

  it.each(['Phone', 'MobilePhone'])('in %s of a lead', async (field) => {
    const [id = ''] = org.sandbox.seedRecords('Lead', [{ LastName: 'Zoe', Company: 'A', [field]: '(415) 555-1212' }]);
    expect(await lookUp(zoe)).toMatchObject({
      candidates: [{ ref: { object: 'Lead', id }, matchedBy: field, rank: 1 }],
    });
  });

  it('outside North America, with the trunk prefix', async () => {
    const [id] = org.sandbox.seedRecords('Contact', [{ LastName: 'Zoe', Phone: '020 7946 0018' }]);
    const connector = org.connect({ defaultCountry: 'GB' });
    const [search] = await connector.lookUpPeople([byNumber('+442079460018')], [], org.context);
    expect(found(search)).toEqual([id]);
  });

  it('only when it really is that number: the same digits of another country are nobody', async () => {
    org.sandbox.seedRecords('Contact', [{ LastName: 'Zoe', Phone: '+44 20 7946 0018' }]);
    expect(found(await lookUp(byNumber('+1 207 946 0018')))).toEqual([]);
  });

  it("in a field of the org's own", async () => {
    org.sandbox.addField('Contact', { name: 'Direct_Line__c', type: 'phone' });
    const [id] = org.sandbox.seedRecords('Contact', [{ LastName: 'Zoe', Direct_Line__c: '415-555-1212' }]);
    const connector = org.connect({ phoneFields: ['Direct_Line__c', 'Not_There__c'] });
    const [search] = await connector.lookUpPeople([zoe], [], org.context);
    expect(search).toMatchObject({ candidates: [{ ref: { id }, matchedBy: 'Direct_Line__c' }] });
  });

  it('a moment after he was written: no search index is asked', async () => {
    const [write] = await org.connector.upsertPeople(
      [{ key: zoe.key, ref: undefined, fields: { LastName: 'Zoe', Company: 'A', Phone: '+14155551212' } }],
      org.context,
    );
    expect(await lookUp(zoe)).toMatchObject({ candidates: [{ ref: (write as { ref: unknown }).ref, holdsKey: true }] });
  });
});

/** As people write numbers who follow no rule. */
const UNUSUAL = [
  '415/555-1212',
  '(415) 555 1212 ext 3',
  '(415)5551212',
  '415 - 555 - 1212',
  '+1/415/555/1212',
  '+1 (415) 555 1212',
  '001 415-555-1212',
  '1.415.555.1212',
];

describe('a number in an unusual form is found', () => {
  it.each(UNUSUAL)('for a single caller, in the call that looks for him: %s', async (Phone) => {
    const [id] = org.sandbox.seedRecords('Contact', [{ LastName: 'Zoe', Phone }]);
    org.sandbox.seedRecords('Contact', [{ LastName: 'Max', Phone: '4 1/5555 1213' }]);
    expect(found(await lookUp(zoe))).toEqual([id]);
    expect(org.requests).toHaveLength(1);
  });

  it.each([...UNUSUAL.filter((text) => text !== '(415)5551212'), 'Tel. 415 555 1212'])(
    'among many callers, by one search for all who were not found: %s',
    async (Phone) => {
      const [contact = '', lead = ''] = [
        ...org.sandbox.seedRecords('Contact', [{ LastName: 'Zoe', Phone }]),
        ...org.sandbox.seedRecords('Lead', [{ LastName: 'Zoe', Company: 'A', MobilePhone: Phone }]),
      ];
      const answers = await org.connector.lookUpPeople([zoe, ...many(99)], [], org.context);
      expect(org.requests.map(({ endpoint }) => endpoint)).toEqual(['composite-query', 'search']);
      expect(answers.map((search) => search.kind)).toEqual(Array.from({ length: 100 }, () => 'checked'));
      expect(found(answers[0])).toEqual([contact, lead]);
      expect(answers.slice(1).map(found).flat()).toEqual([]);
    },
  );

  it('outside North America too', async () => {
    const [id] = org.sandbox.seedRecords('Contact', [{ LastName: 'Zoe', Phone: '(020) 7946/0018' }]);
    const connector = org.connect({ defaultCountry: 'GB' });
    const [search] = await connector.lookUpPeople([byNumber('+442079460018')], [], org.context);
    expect(found(search)).toEqual([id]);
  });

  it('a number that only begins like it is somebody else’s', async () => {
    org.sandbox.seedRecords('Contact', [{ LastName: 'Max', Phone: '+1 415 555 12123' }]);
    expect(found(await lookUp(zoe))).toEqual([]);
  });

  it('a converted lead is nobody, and who was found is not searched for', async () => {
    org.sandbox.setOptions({ searchLagMs: 0 });
    const [lead = ''] = org.sandbox.seedRecords('Lead', [{ LastName: 'Zoe', Company: 'A', Phone: '415/555-1212' }]);
    org.sandbox.convertLead(lead);
    org.sandbox.deleteAsPerson('Contact', org.sandbox.records('Contact')[0]?.id ?? '');
    const known = org.sandbox.seedRecords(
      'Contact',
      many(11).map(({ phone }, index) => ({ LastName: `L${index}`, Phone: phone?.e164 ?? '' })),
    );
    const answers = await org.connector.lookUpPeople(many(11), [], org.context);
    expect(answers.map(found)).toEqual(known.map((id) => [id]));
    expect(org.requests).toHaveLength(1);
    expect(found((await org.connector.lookUpPeople([zoe, ...many(11)], [], org.context))[0])).toEqual([]);
  });

  it('a pattern that the org cannot answer takes nothing from the exact answer', async () => {
    const [id] = org.sandbox.seedRecords('Contact', [{ LastName: 'Zoe', Phone: '4155551212' }]);
    const [lead] = org.sandbox.seedRecords('Lead', [{ LastName: 'Zoe', Company: 'A', Phone: '415/555-1212' }]);
    const page = { done: true, totalSize: 1, records: [{ Id: id, LastName: 'Zoe', Phone: '4155551212' }] };
    const part = (body: unknown, httpStatusCode: number, index: number) => ({
      body,
      httpHeaders: {},
      httpStatusCode,
      referenceId: `q${index}`,
    });
    const tooLong = [{ errorCode: 'QUERY_TIMEOUT', message: 'Your query request was running for too long.' }];
    const none = { done: true, totalSize: 0, records: [] };
    const compositeResponse = [part(page, 200, 0), part(none, 200, 1), part(tooLong, 400, 2), part(tooLong, 400, 3)];
    org.sandbox.injectFault({
      match: { path: '/composite' },
      times: 1,
      fault: { kind: 'status', status: 200, body: { compositeResponse } },
    });
    expect(found(await lookUp(zoe))).toEqual([id]);
    expect(found(await lookUp(zoe))).toEqual([id, lead]);
  });

  it.each([
    ['a search that failed is made again: nobody is taken for unknown', 503, undefined, 'could_not_check'],
    ['an org that does not let us search has had its exact answer', 400, 'INVALID_SEARCH', 'checked'],
  ])('%s', async (_, status, errorCode, kind) => {
    const fault = { kind: 'status', status, body: [{ errorCode, message: 'no' }] } as const;
    org.sandbox.injectFault({ match: { path: '/search' }, times: 1, fault });
    const [id] = org.sandbox.seedRecords('Contact', [{ LastName: 'Max', Phone: '+13125550000' }]);
    const answers = await org.connector.lookUpPeople([byNumber('+13125550000'), ...many(11)], [], org.context);
    expect(found(answers[0])).toEqual([id]);
    expect(new Set(answers.slice(1).map((search) => search.kind))).toEqual(new Set([kind]));
  });
});

describe('a person is found by address and by key', () => {
  it('whatever the case of the address', async () => {
    const [id] = org.sandbox.seedRecords('Contact', [{ LastName: 'Zoe', Email: 'Zoe@Example.com' }]);
    expect(found(await lookUp(byEmail('zoe@example.com')))).toEqual([id]);
    expect(found(await lookUp(byNumber('+14155551212', 'zoe@example.com')))).toEqual([id]);
  });

  it('though his number was changed since: an upsert by key would find him', async () => {
    const [id = ''] = org.sandbox.seedRecords('Lead', [
      { LastName: 'Zoe', Company: 'A', Phone: '+13125550000', [PERSON_KEY]: zoe.key },
    ]);
    expect(await lookUp(zoe)).toMatchObject({ candidates: [{ ref: { id }, matchedBy: PERSON_KEY, holdsKey: true }] });
  });

  it('a converted lead that carries our key leads to the contact it became', async () => {
    const [lead = ''] = org.sandbox.seedRecords('Lead', [
      { LastName: 'Zoe', Company: 'A', Phone: '+14155551212', [PERSON_KEY]: zoe.key },
    ]);
    const contact = org.sandbox.convertLead(lead);
    org.sandbox.editAsPerson('Contact', contact, { Phone: null });
    expect(await lookUp(zoe)).toMatchObject({
      candidates: [{ ref: { object: 'Contact', id: contact }, rank: 0, holdsKey: true }],
    });
  });

  it('a converted lead is nobody by its number', async () => {
    const [lead = ''] = org.sandbox.seedRecords('Lead', [{ LastName: 'Zoe', Company: 'A', Phone: '+14155551212' }]);
    const contact = org.sandbox.convertLead(lead);
    expect(found(await lookUp(zoe))).toEqual([contact]);
    // It was not even read: one that had been would have cost a second call, for the contact it became.
    expect(org.requests).toHaveLength(1);
  });

  it.each(["o'hara@example.com", String.raw`a\'+or+name+!=\'@example.com`])(
    'an address that would end a literal is an address: %s',
    async (email) => {
      const [id] = org.sandbox.seedRecords('Contact', [{ LastName: 'Zoe', Email: "o'hara@example.com" }]);
      expect(found(await lookUp(byEmail(email)))).toEqual(email.startsWith('o') ? [id] : []);
    },
  );
});

describe('what a look-up says', () => {
  it('contacts come before leads, unless the connection says otherwise', async () => {
    const [contact] = org.sandbox.seedRecords('Contact', [{ LastName: 'Zoe', Phone: '4155551212' }]);
    const [lead] = org.sandbox.seedRecords('Lead', [{ LastName: 'Zoe', Company: 'A', Phone: '4155551212' }]);
    expect(ranks(await lookUp(zoe))).toEqual({ [contact ?? '']: 0, [lead ?? '']: 1 });
    const connector = org.connect({ objectOrder: ['Lead', 'Contact'] });
    const [search] = await connector.lookUpPeople([zoe], [], org.context);
    expect(ranks(search)).toEqual({ [contact ?? '']: 1, [lead ?? '']: 0 });
  });

  it('a candidate comes with the fields that were asked for, as far as the org has them', async () => {
    org.sandbox.seedRecords('Contact', [{ LastName: 'Zoe', Title: 'CTO', Phone: '4155551212' }]);
    const [search] = await org.connector.lookUpPeople(
      [zoe],
      ['LastName', 'Title', 'FirstName', 'Company'],
      org.context,
    );
    expect(search).toMatchObject({ candidates: [{ fields: { LastName: 'Zoe', Title: 'CTO' } }] });
    const { candidates } = search as Extract<PersonSearch, { kind: 'checked' }>;
    expect(candidates[0]?.modifiedAt).toMatch(/^\d{4}-\d{2}-\d{2}T.*Z$/);
    expect(Object.keys(candidates[0]?.fields ?? {})).toEqual(['LastName', 'Title']);
  });

  it('a hundred callers are two calls, the second for those nobody was found for, each with his own answer', async () => {
    const records = Array.from({ length: 60 }, (_, index) => ({
      LastName: `L${index}`,
      Phone: caller(index).phone?.national ?? '',
    }));
    const ids = org.sandbox.seedRecords('Contact', records);
    const queries = Array.from({ length: 100 }, (_, index) => caller(index));
    const answers = await org.connector.lookUpPeople(queries, [], org.context);
    expect(org.requests).toMatchObject([
      { endpoint: 'composite-query', status: 200 },
      { endpoint: 'search', status: 200 },
    ]);
    expect(answers.map(found)).toEqual(queries.map((_, index) => (ids[index] === undefined ? [] : [ids[index]])));
  });

  it('more matches than a page holds are read to the end', async () => {
    org.sandbox.setOptions({ queryPageSize: 2 });
    const ids = org.sandbox.seedRecords(
      'Contact',
      Array.from({ length: 5 }, (_, index) => ({ LastName: `Z${index}`, Phone: '4155551212' })),
    );
    const search = await lookUp(zoe);
    expect(search?.kind === 'checked' && search.candidates.map(({ ref }) => ref.id).toSorted()).toEqual(ids.toSorted());
  });

  it('a field that was hidden since the schema was read is found out, and costs nobody an answer', async () => {
    let now = Date.now();
    const connector = org.connect({ now: () => now });
    await connector.provision(org.context);
    const [id] = org.sandbox.seedRecords('Contact', [{ LastName: 'Zoe', Phone: '4155551212' }]);
    org.sandbox.withdrawFieldAccess('Contact', 'AssistantPhone');
    now += 120_000;
    const [search] = await connector.lookUpPeople([zoe], [], org.context);
    expect(found(search)).toEqual([id]);
  });

  it('an org that may not be asked says nothing about whether somebody exists', async () => {
    org.sandbox.injectFault({
      match: { path: '/composite' },
      times: 9,
      fault: { kind: 'status', status: 500, body: {} },
    });
    expect(await lookUp(zoe)).toMatchObject({ kind: 'could_not_check', failure: { disposition: 'retry' } });
  });

  it('an org that takes no long statements is asked in short ones', async () => {
    org.sandbox.injectFault({
      match: { path: '/composite' },
      times: 1,
      fault: { kind: 'status', status: 414, body: '' },
    });
    const [id] = org.sandbox.seedRecords('Contact', [{ LastName: 'Zoe', Phone: caller(99).phone?.e164 ?? '' }]);
    const answers = await org.connector.lookUpPeople(
      Array.from({ length: 100 }, (_, index) => caller(index)),
      [],
      org.context,
    );
    expect(found(answers[99])).toEqual([id]);
    expect(answers.every(({ kind }) => kind === 'checked')).toBe(true);
  });

  it('objects that the user may not see stop the connection: whoever is not seen would be made a second time', async () => {
    org.sandbox.setOptions({ hiddenObjects: ['Contact'] });
    const [search] = await org.connect().lookUpPeople([zoe], [], org.context);
    expect(search).toMatchObject({
      kind: 'could_not_check',
      failure: { disposition: 'reconnect', code: 'salesforce.OBJECT_NOT_ACCESSIBLE', field: 'Contact' },
    });
  });
});

function many(count: number): readonly PersonQuery[] {
  return Array.from({ length: count }, (_, index) => caller(index));
}

async function lookUp(query: PersonQuery): Promise<PersonSearch | undefined> {
  return (await org.connector.lookUpPeople([query], [], org.context))[0];
}

function ranks(search: PersonSearch | undefined): Record<string, number> {
  if (search?.kind !== 'checked') throw new Error('The test needs an answer.');
  return Object.fromEntries(search.candidates.map(({ ref, rank }) => [ref.id, rank]));
}
