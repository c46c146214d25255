import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { defaultUsers } from '../../../sandbox/salesforce/org-defaults.ts';
import type { PersonWrite } from '../../../src/domain/crm.ts';
import { caller, connectOrg, failureOf, idOf, PERSON_KEY, recordSent, type ConnectedOrg } from './connected-org.ts';

let org: ConnectedOrg;

beforeEach(async () => {
  org = await connectOrg();
});
afterEach(() => org.stop());

describe('an unknown caller', () => {
  it('becomes one lead with our key, however often and however simultaneously he is written', async () => {
    const [first, ...others] = await Promise.all(
      Array.from({ length: 4 }, () => org.connector.upsertPeople([newPerson(0)], org.context)),
    );
    expect(org.sandbox.records('Lead')).toMatchObject([{ fields: { LastName: 'L0', [PERSON_KEY]: caller(0).key } }]);
    for (const [result] of others) expect(idOf(result)).toBe(idOf(first?.[0]));
    expect([first, ...others].flat().filter((result) => result?.kind === 'written' && result.created)).toHaveLength(1);
  });

  it('becomes a contact when the connection says so, without the field that only leads have', async () => {
    const connector = org.connect({ createAs: 'Contact' });
    expect(await connector.upsertPeople([newPerson(0)], org.context)).toMatchObject([
      { kind: 'written', ref: { object: 'Contact' }, created: true },
    ]);
    expect(org.sandbox.records('Contact')).toMatchObject([{ fields: { LastName: 'L0' } }]);
  });

  it('whose owner has left is left to Salesforce, with a warning; what contacts do not have is no warning', async () => {
    const gone = defaultUsers.find(({ isActive }) => !isActive)?.id ?? '';
    const connector = org.connect({ createAs: 'Contact' });
    const results = await connector.upsertPeople([newPerson(0, { OwnerId: gone }), newPerson(1)], org.context);
    expect(results).toMatchObject([
      { kind: 'written', warnings: ['OwnerId: refused as the owner; left to the integration user'] },
      { kind: 'written' },
    ]);
    expect(results[1]).not.toHaveProperty('warnings');
  });

  it('stays with the integration user: assignment rules are not run', async () => {
    await org.connector.upsertPeople([newPerson(0)], org.context);
    const [lead] = org.sandbox.records('Lead');
    expect(lead?.fields.OwnerId).toBe(lead?.fields.CreatedById);
  });

  it('201 of them leave in two calls', async () => {
    const results = await org.connector.upsertPeople(
      Array.from({ length: 201 }, (_, index) => newPerson(index)),
      org.context,
    );
    expect(results.every(({ kind }) => kind === 'written')).toBe(true);
    expect(org.requests.map(({ endpoint }) => endpoint)).toEqual(['collection-upsert', 'collection-upsert']);
  });

  it('in an org without the key field is created, and found by the next look-up', async () => {
    org.sandbox.setOptions({ personKeyField: null });
    const connector = org.connect();
    const [result] = await connector.upsertPeople([newPerson(0)], org.context);
    expect(result).toMatchObject({ kind: 'written', created: true });
    const [search] = await connector.lookUpPeople([caller(0)], [], org.context);
    expect(search).toMatchObject({ candidates: [{ ref: { object: 'Lead', id: idOf(result) }, holdsKey: false }] });
  });
});

describe('a known person', () => {
  it('is updated by id and gets our key; leads and contacts leave in one call', async () => {
    const [lead = ''] = org.sandbox.seedRecords('Lead', [{ LastName: 'A', Company: 'X' }]);
    const [contact = ''] = org.sandbox.seedRecords('Contact', [{ LastName: 'B' }]);
    const results = await org.connector.upsertPeople(
      [update(0, 'Lead', lead), update(1, 'Contact', contact)],
      org.context,
    );
    expect(results).toEqual([
      { kind: 'written', ref: { object: 'Lead', id: lead }, created: false },
      { kind: 'written', ref: { object: 'Contact', id: contact }, created: false },
    ]);
    expect(org.sandbox.records('Lead')).toMatchObject([{ fields: { Title: 'CTO', [PERSON_KEY]: caller(0).key } }]);
    expect(org.sandbox.records('Contact')).toMatchObject([{ fields: { Title: 'CTO', [PERSON_KEY]: caller(1).key } }]);
    expect(org.requests).toHaveLength(1);
  });

  it('rows of one kind stand together: Salesforce works through a call kind by kind, and takes ten changes of kind', async () => {
    const leads = org.sandbox.seedRecords(
      'Lead',
      Array.from({ length: 12 }, (_, index) => ({ LastName: `L${index}`, Company: 'X' })),
    );
    const contacts = org.sandbox.seedRecords(
      'Contact',
      leads.map((_, index) => ({ LastName: `C${index}` })),
    );
    const writes = leads.flatMap((lead, index) => [
      update(2 * index, 'Lead', lead),
      update(2 * index + 1, 'Contact', contacts[index] ?? ''),
    ]);
    const { transport, sent } = recordSent();
    const results = await org.connect({ transport }).upsertPeople(writes, org.context);
    await transport.close();
    expect(results.map(idOf)).toEqual(writes.map(({ ref }) => ref?.id));
    const body = sent.find(({ endpoint }) => endpoint === 'collection-update')?.body ?? '';
    const kinds = [...body.matchAll(/"type":"(\w+)"/g)].map((match) => match[1]);
    expect(kinds.filter((kind, index) => kind !== kinds[index + 1])).toEqual(['Contact', 'Lead']);
  });

  it('who was deleted or converted since is for a look-up to resolve; the neighbours are written', async () => {
    const [gone = '', lead = '', kept = ''] = org.sandbox.seedRecords(
      'Lead',
      ['A', 'B', 'C'].map((LastName) => ({ LastName, Company: 'X' })),
    );
    org.sandbox.deleteAsPerson('Lead', gone);
    org.sandbox.convertLead(lead);
    const results = await org.connector.upsertPeople(
      [update(0, 'Lead', gone), update(1, 'Lead', lead), update(2, 'Lead', kept)],
      org.context,
    );
    expect(results.map((result) => failureOf(result)?.disposition)).toEqual(['resolve', 'resolve', undefined]);
    expect(failureOf(results[1])?.code).toBe('salesforce.CANNOT_UPDATE_CONVERTED_LEAD');
  });

  it('a key that somebody else holds is for a look-up or a person to resolve', async () => {
    const [a = ''] = org.sandbox.seedRecords('Lead', [{ LastName: 'A', Company: 'X' }]);
    await org.connector.upsertPeople([newPerson(7)], org.context);
    const results = await org.connector.upsertPeople([update(7, 'Lead', a)], org.context);
    expect(results).toMatchObject([{ failure: { disposition: 'resolve', code: 'salesforce.DUPLICATE_VALUE' } }]);
  });
});

describe('what the org does not take', () => {
  it.each([
    [
      'a rule of its own',
      { validationRules: [rule('Title', '^CTO$')] },
      'fix_record',
      'FIELD_CUSTOM_VALIDATION_EXCEPTION',
    ],
    ['a field it asks for', { requiredByAdmin: { Lead: ['Industry'] } }, 'fix_mapping', 'REQUIRED_FIELD_MISSING'],
    [
      'a lock',
      { validationRules: [{ ...rule('Title', '^CTO$'), code: 'UNABLE_TO_LOCK_ROW' as const }] },
      'retry',
      'UNABLE_TO_LOCK_ROW',
    ],
  ])('%s refuses the row it is about, by its own name', async (_, options, disposition, code) => {
    org.sandbox.setOptions(options);
    const [result] = await org.connector.upsertPeople([newPerson(0, { Title: 'CTO' })], org.context);
    expect(failureOf(result)).toMatchObject({ disposition, code: `salesforce.${code}` });
    expect(org.sandbox.records('Lead')).toHaveLength(0);
  });

  it('a custom field that is not there is the mapping’s fault, and the other rows are written', async () => {
    const results = await org.connector.upsertPeople([newPerson(0, { Score__c: '9' }), newPerson(1)], org.context);
    expect(results).toMatchObject([
      { failure: { disposition: 'fix_mapping', code: 'salesforce.FIELD_NOT_ACCESSIBLE', field: 'Score__c' } },
      { kind: 'written' },
    ]);
  });

  it('a standard field that the user may not write is left out, and told', async () => {
    org.sandbox.withdrawFieldAccess('Lead', 'Title');
    const results = await org.connect().upsertPeople([newPerson(0, { Title: 'CTO' }), newPerson(1)], org.context);
    expect(results).toMatchObject([{ kind: 'written', warnings: ['Title: no write access'] }, { kind: 'written' }]);
    expect(results[1]).not.toHaveProperty('warnings');
  });

  it('a field withdrawn since the schema was read costs no row', async () => {
    let now = Date.now();
    const connector = org.connect({ now: () => now });
    await connector.provision(org.context);
    org.sandbox.withdrawFieldAccess('Lead', 'Title');
    now += 120_000;
    const results = await connector.upsertPeople([newPerson(0, { Title: 'CTO' }), newPerson(1)], org.context);
    expect(results).toMatchObject([{ kind: 'written' }, { kind: 'written' }]);
    expect(org.sandbox.records('Lead')).toHaveLength(2);
  });

  it('a vital field that the user may not write stops with its name', async () => {
    org.sandbox.withdrawFieldAccess('Lead', 'LastName', 'read');
    const [result] = await org.connect().upsertPeople([newPerson(0)], org.context);
    expect(failureOf(result)).toMatchObject({ disposition: 'fix_mapping', field: 'LastName' });
  });
});

function rule(field: string, matches: string) {
  return { object: 'Lead' as const, field, matches, message: 'No.' };
}

function newPerson(index: number, more: Record<string, string> = {}): PersonWrite {
  const { key, phone } = caller(index);
  const fields = { LastName: `L${index}`, Company: 'Unknown', Phone: phone?.e164 ?? '', ...more };
  return { key, ref: undefined, fields };
}

function update(index: number, object: string, id: string): PersonWrite {
  return { key: caller(index).key, ref: { object, id }, fields: { Title: 'CTO' } };
}
