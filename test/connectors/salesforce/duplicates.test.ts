import { afterEach, describe, expect, it } from '@jest/globals';
import type { SalesforceSandboxOptions } from '../../../sandbox/salesforce/index.ts';
import { makeRecordId } from '../../../sandbox/salesforce/record-ids.ts';
import type { PersonWrite } from '../../../src/domain/crm.ts';
import { caller, connectOrg, PERSON_KEY, type ConnectedOrg, type OrgOptions } from './connected-org.ts';

const RULES: Partial<SalesforceSandboxOptions> = {
  duplicateRules: [{ object: 'Lead', alsoAgainst: ['Contact', 'Account'], fields: ['Email'], action: 'alert' }],
};
const USED = 'a duplicate rule named an existing record, which was used';
const REFUSED = { kind: 'refused', failure: { disposition: 'resolve', code: 'salesforce.DUPLICATES_DETECTED' } };

const orgs: ConnectedOrg[] = [];

afterEach(async () => {
  for (const org of orgs.splice(0)) await org.stop();
});

describe('whom a duplicate rule takes for one person', () => {
  it.each(['duplicateResult', 'duplicateResut'] as const)(
    'is that person: what is empty is filled, what is there stays (%s)',
    async (duplicateResultKey) => {
      const org = await connected({ sandbox: { ...RULES, duplicateResultKey } });
      const [known = ''] = org.sandbox.seedRecords('Contact', [{ LastName: 'Lee', Email: 'zoe@example.com' }]);
      const results = await org.connector.upsertPeople([newPerson(0), { ...newPerson(1, { Email: '' }) }], org.context);
      expect(results).toMatchObject([
        { kind: 'written', ref: { object: 'Contact', id: known }, created: false, warnings: [USED] },
        { kind: 'written', ref: { object: 'Lead' }, created: true },
      ]);
      expect(org.sandbox.records('Contact')).toMatchObject([
        { fields: { LastName: 'Lee', FirstName: 'Zoe', Phone: caller(0).phone?.e164, [PERSON_KEY]: caller(0).key } },
      ]);
      expect(org.sandbox.records('Lead')).toHaveLength(1);
    },
  );

  it('keeps the key of another caller', async () => {
    const org = await connected({ sandbox: RULES });
    org.sandbox.seedRecords('Contact', [{ LastName: 'Lee', Email: 'zoe@example.com', [PERSON_KEY]: caller(7).key }]);
    expect(await org.connector.upsertPeople([newPerson(0)], org.context)).toMatchObject([{ kind: 'written' }]);
    expect(org.sandbox.records('Contact')).toMatchObject([{ fields: { [PERSON_KEY]: caller(7).key } }]);
  });

  it('is written once when two callers turn out to be him', async () => {
    const org = await connected({ sandbox: RULES });
    const [known = ''] = org.sandbox.seedRecords('Contact', [{ LastName: 'Lee', Email: 'zoe@example.com' }]);
    const results = await org.connector.upsertPeople([newPerson(0), newPerson(1)], org.context);
    expect(results).toMatchObject([{ ref: { id: known } }, { ref: { id: known } }]);
    expect(org.sandbox.records('Contact')).toMatchObject([{ fields: { [PERSON_KEY]: caller(0).key } }]);
  });

  it('as a converted lead is the contact it became', async () => {
    const org = await connected({
      sandbox: { duplicateRules: [{ object: 'Lead', fields: ['Email'], action: 'block' }] },
    });
    const [lead = ''] = org.sandbox.seedRecords('Lead', [{ LastName: 'Lee', Company: 'A', Email: 'zoe@example.com' }]);
    const contact = org.sandbox.convertLead(lead);
    expect(await org.connector.upsertPeople([newPerson(0)], org.context)).toMatchObject([
      { kind: 'written', ref: { object: 'Contact', id: contact } },
    ]);
  });

  it('as a person account is its contact', async () => {
    const person = makeRecordId('012', 1);
    const org = await connected({
      connector: { createAs: 'PersonAccount' },
      sandbox: {
        personAccounts: true,
        recordTypes: [
          {
            id: person,
            object: 'Account',
            name: 'P',
            developerName: 'P',
            isActive: true,
            isAvailable: true,
            isPersonType: true,
          },
        ],
        duplicateRules: [{ object: 'Account', fields: ['PersonEmail'], action: 'block' }],
      },
    });
    const [account = ''] = org.sandbox.seedRecords('Account', [
      { RecordTypeId: person, LastName: 'Lee', PersonEmail: 'zoe@example.com' },
    ]);
    const [known] = org.sandbox.findByField('Account', 'Id', account);
    expect(await org.connector.upsertPeople([newPerson(0)], org.context)).toMatchObject([
      { kind: 'written', ref: { object: 'Contact', id: known?.fields.PersonContactId }, created: false },
    ]);
    expect(org.sandbox.records('Account')).toMatchObject([
      { fields: { FirstName: 'Zoe', Phone: caller(0).phone?.e164 } },
    ]);
  });
});

describe('what is left to a look-up or a person', () => {
  it('several people whom a rule takes for one', async () => {
    const org = await connected({ sandbox: RULES });
    const twin = { LastName: 'Lee', Email: 'zoe@example.com' };
    org.sandbox.seedRecords('Contact', [twin]);
    org.sandbox.seedRecords('Lead', [{ ...twin, Company: 'A' }]);
    expect(await org.connector.upsertPeople([newPerson(0)], org.context)).toMatchObject([REFUSED]);
    expect(org.requests).toHaveLength(1);
  });

  it('a rule that names nobody whom we look for', async () => {
    const org = await connected({ sandbox: RULES });
    org.sandbox.injectFault({
      match: { path: '/composite/sobjects' },
      times: 1,
      fault: {
        kind: 'status',
        status: 200,
        body: [{ success: false, errors: [{ statusCode: 'DUPLICATES_DETECTED', message: 'x', duplicateResult: {} }] }],
      },
    });
    expect(await org.connector.upsertPeople([newPerson(0)], org.context)).toMatchObject([REFUSED]);
  });

  it('a person who cannot be read, and one whom a rule keeps from being changed', async () => {
    const org = await connected({ sandbox: RULES });
    org.sandbox.seedRecords('Contact', [{ LastName: 'Lee', Email: 'zoe@example.com' }]);
    org.sandbox.injectFault({ match: { path: '/composite', nth: 2 }, times: 1, fault: { kind: 'html-502' } });
    expect(await org.connector.upsertPeople([newPerson(0)], org.context)).toMatchObject([REFUSED]);
    org.sandbox.setOptions({
      validationRules: [{ object: 'Contact', field: 'LastName', matches: '.', message: 'no' }],
    });
    expect(await org.connector.upsertPeople([newPerson(0)], org.context)).toMatchObject([
      { failure: { code: 'salesforce.FIELD_CUSTOM_VALIDATION_EXCEPTION' } },
    ]);
  });
});

it('an alert is never passed over: a second record of somebody who is known is a person’s decision', async () => {
  const org = await connected({ sandbox: RULES });
  org.sandbox.seedRecords('Contact', [{ LastName: 'Lee', Email: 'zoe@example.com' }]);
  await org.connector.upsertPeople([newPerson(0)], org.context);
  expect(org.sandbox.records('Lead')).toHaveLength(0);
});

function newPerson(index: number, more: Record<string, string> = {}): PersonWrite {
  const { key, phone } = caller(index);
  const fields = {
    FirstName: 'Zoe',
    LastName: 'Other',
    Company: 'Unknown',
    Phone: phone?.e164 ?? '',
    Email: 'zoe@example.com',
    ...more,
  };
  return { key, ref: undefined, fields };
}

async function connected(options: OrgOptions): Promise<ConnectedOrg> {
  const org = await connectOrg(options);
  orgs.push(org);
  return org;
}
