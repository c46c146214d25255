import { afterEach, describe, expect, it } from '@jest/globals';
import type { SalesforceSandboxOptions } from '../../../sandbox/salesforce/index.ts';
import { makeRecordId } from '../../../sandbox/salesforce/record-ids.ts';
import type { PersonWrite } from '../../../src/domain/crm.ts';
import {
  caller,
  connectOrg,
  failureOf,
  found,
  idOf,
  PERSON_KEY,
  type ConnectedOrg,
  type OrgOptions,
} from './connected-org.ts';

const KEY_OF_CONTACT = PERSON_KEY.replace('__c', '__pc');
const person = makeRecordId('012', 1);
const company = makeRecordId('012', 2);
const type = { object: 'Account', isActive: true, isAvailable: true } as const;

const PEOPLE: Partial<SalesforceSandboxOptions> = {
  personAccounts: true,
  recordTypes: [
    { ...type, id: company, name: 'Company', developerName: 'Company', isDefault: true },
    { ...type, id: person, name: 'Person', developerName: 'PersonAccount', isPersonType: true },
  ],
};
const accountKey = { name: PERSON_KEY, externalId: true, unique: true, caseSensitive: true } as const;

/** With an external id of the account, by which an upsert can go, and without it. */
const KINDS_OF_ORG: readonly (readonly [string, Partial<SalesforceSandboxOptions>])[] = [
  ['with an external id on Account', { ...PEOPLE, customFields: { Account: [accountKey] } }],
  ['without an external id on Account', PEOPLE],
  ['without any key field', { ...PEOPLE, personKeyField: null }],
];

const orgs: ConnectedOrg[] = [];

afterEach(async () => {
  for (const org of orgs.splice(0)) await org.stop();
});

describe.each(KINDS_OF_ORG)('in an org %s', (_, sandbox) => {
  it('an unknown caller becomes a person account, told as the contact that tasks point to', async () => {
    const org = await connected({ sandbox });
    const [result] = await org.connector.upsertPeople([newPerson(0)], org.context);
    const id = idOf(result);
    expect(result).toMatchObject({ kind: 'written', ref: { object: 'Contact' }, created: true });
    expect(result).not.toHaveProperty('warnings');
    expect(org.sandbox.records('Account')).toMatchObject([
      {
        fields: {
          IsPersonAccount: true,
          PersonContactId: id,
          RecordTypeId: person,
          Name: 'Zoe Lee',
          Phone: caller(0).phone?.e164,
          PersonEmail: 'zoe@example.com',
          PersonMobilePhone: '+14155550001',
        },
      },
    ]);
    const [task] = await org.connector.upsertActivities(
      [{ key: 'a', kind: 'call', fields: { Subject: 'S' }, person: { object: 'Contact', id } }],
      org.context,
    );
    expect(task).toMatchObject({ kind: 'written', linkedTo: { object: 'Contact', id } });
  });

  it('is found by the next look-up, by number', async () => {
    const org = await connected({ sandbox });
    const [result] = await org.connector.upsertPeople([newPerson(0)], org.context);
    const [search] = await org.connector.lookUpPeople([caller(0)], ['Email'], org.context);
    expect(search).toMatchObject({
      candidates: [{ ref: { object: 'Contact', id: idOf(result) }, fields: { Email: 'zoe@example.com' } }],
    });
  });

  it('a person account that is known is changed through its account, which look-ups have told of', async () => {
    const org = await connected({ sandbox });
    const { contact, account } = seedPerson(org);
    const [search] = await org.connector.lookUpPeople([caller(0)], [], org.context);
    expect(found(search)).toEqual([contact]);
    org.requests.length = 0;
    const [result] = await org.connector.upsertPeople([update(0, contact)], org.context);
    expect(result).toMatchObject({ kind: 'written', ref: { object: 'Contact', id: contact }, created: false });
    expect(org.requests).toHaveLength(1);
    expect(org.sandbox.findByField('Account', 'Id', account)).toMatchObject([
      { fields: { FirstName: 'Ann', PersonTitle: 'CTO', PersonEmail: 'ann@example.com' } },
    ]);
    expect(org.sandbox.findByField('Contact', 'Id', contact)).toMatchObject([{ fields: { Title: 'CTO' } }]);
  });

  it('one that nobody has looked at is asked for once; plain contacts beside it are contacts', async () => {
    const org = await connected({ sandbox });
    const { contact } = seedPerson(org);
    const [plain = ''] = org.sandbox.seedRecords('Contact', [{ LastName: 'Plain' }]);
    const writes = [update(0, contact), update(1, plain)];
    const results = await org.connector.upsertPeople(writes, org.context);
    expect(results.map(idOf)).toEqual([contact, plain]);
    expect(org.requests.map(({ endpoint }) => endpoint)).toEqual(['composite-query', 'collection-update']);
    expect(org.sandbox.records('Contact').map(({ fields }) => fields.Title)).toEqual(['CTO', 'CTO']);
    await org.connector.upsertPeople(writes, org.context);
    expect(org.requests).toHaveLength(3);
  });
});

describe('calls the org counts', () => {
  it('a new person account is three with a key on Account, and a hundred at once are 0.04 each', async () => {
    const org = await connected({ sandbox: { ...PEOPLE, customFields: { Account: [accountKey] } } });
    for (const [count, from] of [
      [1, 0],
      [100, 1],
    ] as const) {
      org.requests.length = 0;
      const indexes = Array.from({ length: count }, (_, index) => from + index);
      await org.connector.lookUpPeople(indexes.map(caller), [], org.context);
      const people = await org.connector.upsertPeople(
        indexes.map((index) => newPerson(index)),
        org.context,
      );
      await org.connector.upsertActivities(
        people.map((result, index) => ({
          key: `${from + index}`,
          kind: 'call' as const,
          fields: { Subject: 'S' },
          person: { object: 'Contact', id: idOf(result) },
        })),
        org.context,
      );
      expect(org.requests.length).toBe(count === 1 ? 3 : 4);
    }
  });
});

describe('writing a person account', () => {
  it('twice makes one, whose key both halves carry', async () => {
    const org = await connected({ sandbox: { ...PEOPLE, customFields: { Account: [accountKey] } } });
    const [first] = await org.connector.upsertPeople([newPerson(0)], org.context);
    const [second] = await org.connector.upsertPeople([newPerson(0)], org.context);
    expect(idOf(second)).toBe(idOf(first));
    expect(second).toMatchObject({ created: false });
    expect(org.sandbox.records('Account')).toMatchObject([
      { fields: { [PERSON_KEY]: caller(0).key, [KEY_OF_CONTACT]: caller(0).key } },
    ]);
    const [search] = await org.connector.lookUpPeople([caller(0)], [], org.context);
    expect(search).toMatchObject({ candidates: [{ holdsKey: true }] });
  });

  it('with a key that a contact holds is for a look-up or a person to resolve, and costs no neighbour', async () => {
    const org = await connected({ sandbox: PEOPLE });
    org.sandbox.seedRecords('Contact', [{ LastName: 'A', [PERSON_KEY]: caller(0).key }]);
    const results = await org.connector.upsertPeople([newPerson(0), newPerson(1)], org.context);
    expect(results).toMatchObject([
      { failure: { disposition: 'resolve', code: 'salesforce.DUPLICATE_VALUE' } },
      { kind: 'written', ref: { object: 'Contact' } },
    ]);
  });

  it('custom fields go by their name on the account; one that is not there is the mapping’s fault', async () => {
    const org = await connected({ sandbox: { ...PEOPLE, customFields: { Contact: [{ name: 'Score__c' }] } } });
    const results = await org.connector.upsertPeople(
      [newPerson(0, { Score__c: '9' }), newPerson(1, { Nope__c: '9' })],
      org.context,
    );
    expect(results).toMatchObject([{ kind: 'written' }, { failure: { code: 'salesforce.FIELD_NOT_ACCESSIBLE' } }]);
    expect(org.sandbox.records('Account')).toMatchObject([{ fields: { Score__pc: '9' } }]);
  });

  it('whose record type the mapping names wrongly still becomes a person', async () => {
    const org = await connected({ sandbox: PEOPLE });
    await org.connector.upsertPeople([newPerson(0, { RecordTypeId: 'Nobody' })], org.context);
    expect(org.sandbox.records('Account')).toMatchObject([{ fields: { IsPersonAccount: true } }]);
  });

  it('a column that fails the whole call fails only the row that has it', async () => {
    const org = await connected({ sandbox: { ...PEOPLE, customFields: { Account: [accountKey] } } });
    org.sandbox.withdrawFieldAccess('Account', 'PersonTitle');
    const results = await org.connector.upsertPeople([newPerson(0, { Title: 'CTO' }), newPerson(1)], org.context);
    expect(results).toMatchObject([{ failure: { code: 'salesforce.INVALID_FIELD' } }, { kind: 'written' }]);
  });

  it.each([
    [503, [{ errorCode: 'ORG_IN_MAINTENANCE', message: 'no' }], 'retry'],
    [200, '<html>', 'retry'],
  ])('whose part of a call ends in %s %j is sent once', async (httpStatusCode, body, disposition) => {
    const org = await connected({ sandbox: { ...PEOPLE, customFields: { Account: [accountKey] } } });
    const compositeResponse = [{ body, httpHeaders: {}, httpStatusCode, referenceId: 'written' }];
    org.sandbox.injectFault({
      match: { path: '/composite' },
      times: 1,
      fault: { kind: 'status', status: 200, body: { compositeResponse } },
    });
    const [result] = await org.connector.upsertPeople([newPerson(0)], org.context);
    expect(failureOf(result)?.disposition).toBe(disposition);
    expect(org.requests).toHaveLength(1);
  });

  it('whose answer got lost is found by its key', async () => {
    const org = await connected({ sandbox: { ...PEOPLE, customFields: { Account: [accountKey] } } });
    org.sandbox.injectFault({ match: { path: '/composite' }, times: 1, fault: { kind: 'apply-then-reset' } });
    const [lost] = await org.connector.upsertPeople([newPerson(0)], org.context);
    expect(failureOf(lost)).toMatchObject({ disposition: 'retry' });
    const [again] = await org.connector.upsertPeople([newPerson(0)], org.context);
    expect(again).toMatchObject({ kind: 'written', created: false });
    expect(org.sandbox.records('Account')).toHaveLength(1);
  });

  it.each<[string, Partial<SalesforceSandboxOptions>]>([
    ['has none', {}],
    ['has no record type for people', { ...PEOPLE, recordTypes: [] }],
    ['hides accounts', { ...PEOPLE, hiddenObjects: ['Account'] }],
  ])('in an org that %s is refused, and known people are written all the same', async (_, sandbox) => {
    const org = await connected({ sandbox });
    const [lead = ''] = org.sandbox.seedRecords('Lead', [{ LastName: 'L', Company: 'A' }]);
    const known = { ...update(1, lead), ref: { object: 'Lead', id: lead } };
    expect(await org.connector.upsertPeople([newPerson(0), known], org.context)).toMatchObject([
      { failure: { disposition: 'fix_mapping', code: 'salesforce.NO_PERSON_ACCOUNTS' } },
      { kind: 'written' },
    ]);
  });

  it('in an org whose contacts take changes ends the same', async () => {
    const org = await connected({ sandbox: { ...PEOPLE, personContactUpdate: 'accept' } });
    const { contact, account } = seedPerson(org);
    await org.connector.upsertPeople([update(0, contact)], org.context);
    expect(org.sandbox.findByField('Account', 'Id', account)).toMatchObject([{ fields: { PersonTitle: 'CTO' } }]);
  });
});

it('a person account has no account beside itself, and has its opportunities', async () => {
  const org = await connected({ sandbox: PEOPLE });
  const { contact, account } = seedPerson(org);
  const [deal] = org.sandbox.seedRecords('Opportunity', [
    { Name: 'A', StageName: 'Proposal', CloseDate: '2027-01-01', AccountId: account },
  ]);
  const [answer] = await org.connector.findRelated(
    [{ person: { object: 'Contact', id: contact }, kinds: ['account', 'opportunity'] }],
    org.context,
  );
  expect(answer).toMatchObject({ kind: 'checked', records: [{ kind: 'opportunity', ref: { id: deal } }] });
});

it('the check says whether unknown callers can become person accounts', async () => {
  const ready = await connected({ sandbox: PEOPLE });
  expect(await codes(ready)).toContain('person_accounts');
  const without = await connected({});
  expect(await codes(without)).toContain('person_accounts_missing');
});

async function codes(org: ConnectedOrg): Promise<readonly string[]> {
  return (await org.connector.check(org.context)).map(({ code }) => code);
}

function newPerson(index: number, more: Record<string, string> = {}): PersonWrite {
  const { key, phone } = caller(index);
  const fields = {
    FirstName: 'Zoe',
    LastName: 'Lee',
    Company: 'Unknown',
    Phone: phone?.e164 ?? '',
    Email: 'zoe@example.com',
    MobilePhone: '+14155550001',
    ...more,
  };
  return { key, ref: undefined, fields };
}

function update(index: number, id: string): PersonWrite {
  return { key: caller(index).key, ref: { object: 'Contact', id }, fields: { Title: 'CTO', Email: 'ann@example.com' } };
}

function seedPerson(org: ConnectedOrg): { readonly account: string; readonly contact: string } {
  const [account = ''] = org.sandbox.seedRecords('Account', [
    { RecordTypeId: person, FirstName: 'Ann', LastName: 'Lee', Phone: caller(0).phone?.national ?? '' },
  ]);
  const contact = org.sandbox.findByField('Account', 'Id', account)[0]?.fields.PersonContactId;
  return { account, contact: String(contact) };
}

async function connected(options: OrgOptions): Promise<ConnectedOrg> {
  const org = await connectOrg({ ...options, connector: { createAs: 'PersonAccount' } });
  orgs.push(org);
  return org;
}
