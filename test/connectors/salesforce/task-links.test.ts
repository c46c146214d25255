import { afterEach, describe, expect, it } from '@jest/globals';
import { defaultQueues, defaultUsers } from '../../../sandbox/salesforce/org-defaults.ts';
import { makeRecordId } from '../../../sandbox/salesforce/record-ids.ts';
import type { ActivityWrite, RecordRef } from '../../../src/domain/crm.ts';
import { connectOrg, failureOf, idOf, type ConnectedOrg, type OrgOptions } from './connected-org.ts';

const orgs: ConnectedOrg[] = [];
const [leadQueue, taskQueue] = defaultQueues;
const dana = defaultUsers.find(({ email }) => email === 'dana.reed@example.com')?.id ?? '';
const gone = defaultUsers.find(({ isActive }) => !isActive)?.id ?? '';

afterEach(async () => {
  for (const org of orgs.splice(0)) await org.stop();
});

/** With our own unique field, and without it. */
const KINDS_OF_ORG: readonly (readonly [string, OrgOptions])[] = [
  ['with our key field', {}],
  ['without our key field', { sandbox: { taskExternalIdField: null } }],
];

describe.each(KINDS_OF_ORG)('in an org %s', (_, options) => {
  it('a task stands with the person and with one other record, and says so', async () => {
    const org = await connected(options);
    const person = contact(org);
    const [first, second] = [opportunity(org, 'A'), opportunity(org, 'B')];
    const [result] = await org.connector.upsertActivities([call({ person, related: [first, second] })], org.context);
    expect(result).toMatchObject({ kind: 'written', linkedTo: person, relatedTo: [first] });
    expect(result).not.toHaveProperty('warnings');
    expect(task(org)).toMatchObject({ WhoId: person.id, WhatId: first.id });
  });

  it('of a lead there is nothing else to stand with', async () => {
    const org = await connected(options);
    const person = lead(org);
    const [result] = await org.connector.upsertActivities([call({ person, related: [opportunity(org)] })], org.context);
    expect(result).toMatchObject({ kind: 'written', linkedTo: person });
    expect(result).not.toHaveProperty('relatedTo');
    // It was not even tried.
    expect(result).not.toHaveProperty('warnings');
    expect(task(org)).toMatchObject({ WhoId: person.id });
  });

  it('a related record that is gone is left out, and the person keeps his call', async () => {
    const org = await connected(options);
    const person = contact(org);
    const about = opportunity(org);
    org.sandbox.deleteAsPerson('Opportunity', about.id);
    const results = await org.connector.upsertActivities(
      [call({ person, related: [about] }), call({ key: 'b', person })],
      org.context,
    );
    expect(results).toMatchObject([
      { kind: 'written', linkedTo: person, warnings: ['WhatId: refused; not related to it'] },
      { kind: 'written' },
    ]);
    expect(results[0]).not.toHaveProperty('relatedTo');
    expect(results[1]).not.toHaveProperty('warnings');
  });

  it('is given to a user or a queue', async () => {
    const org = await connected(options);
    await org.connector.upsertTasks([{ ...call({}), fields: { Subject: 'S', OwnerId: taskQueue.id } }], org.context);
    expect(task(org)).toMatchObject({ OwnerId: taskQueue.id });
    await org.connector.upsertTasks([{ ...call({}), fields: { Subject: 'S', OwnerId: dana } }], org.context);
    expect(task(org)).toMatchObject({ OwnerId: dana });
  });

  it.each([
    ['is inactive', gone, {}],
    ['is inactive, in other words', gone, { inactiveOwner: 'INVALID_CROSS_REFERENCE_KEY' as const }],
    ['is a queue of other objects', leadQueue.id, {}],
    ['is not there', makeRecordId('005', 999), {}],
  ])('an owner who %s is left to Salesforce, with a warning', async (__, OwnerId, sandbox) => {
    const org = await connected({ sandbox: { ...options.sandbox, ...sandbox } });
    const write = { ...call({}), fields: { Subject: 'S', OwnerId } };
    const results = await org.connector.upsertTasks([write, { ...call({ key: 'b' }) }], org.context);
    expect(results).toMatchObject([
      { kind: 'written', warnings: ['OwnerId: refused as the owner; left to the integration user'] },
      { kind: 'written' },
    ]);
    expect(org.sandbox.records('Task').map(({ fields }) => fields.OwnerId === fields.CreatedById)).toEqual([
      true,
      true,
    ]);
  });

  it('an owner and a related record that are both refused cost the record neither itself nor its neighbours', async () => {
    const org = await connected(options);
    const about = opportunity(org);
    org.sandbox.deleteAsPerson('Opportunity', about.id);
    const write = { ...call({ related: [about] }), fields: { Subject: 'S', OwnerId: gone } };
    const [result] = await org.connector.upsertTasks([write], org.context);
    expect(result?.kind === 'written' && result.warnings?.map((warning) => warning.split(':')[0]).toSorted()).toEqual([
      'OwnerId',
      'WhatId',
    ]);
    expect(org.sandbox.records('Task')).toHaveLength(1);
  });
});

describe('a record type', () => {
  const type = { object: 'Task', isActive: true, isAvailable: true } as const;
  const recordTypes = [
    { ...type, id: makeRecordId('012', 1), name: 'Default', developerName: 'Default', isDefault: true },
    { ...type, id: makeRecordId('012', 2), name: 'Call', developerName: 'Phone_Call' },
    { ...type, id: makeRecordId('012', 3), name: 'Sales', developerName: 'Sales', isAvailable: false },
    { ...type, id: makeRecordId('012', 4), name: 'Old', developerName: 'Old', isActive: false },
  ];
  const [standard, phoneCall] = recordTypes.map(({ id }) => id);

  it.each(['Phone_Call', 'phone_call', phoneCall ?? '', (phoneCall ?? '').slice(0, 15)])(
    'is given by developer name or id: %s',
    async (RecordTypeId) => {
      const org = await connected({ sandbox: { recordTypes } });
      const [result] = await org.connector.upsertActivities([call({ fields: { RecordTypeId } })], org.context);
      expect(result).not.toHaveProperty('warnings');
      expect(task(org)).toMatchObject({ RecordTypeId: phoneCall });
    },
  );

  it.each(['Sales', 'Old', 'Call', 'Nobody', makeRecordId('012', 3)])(
    'that the user may not choose is left to the default, with a warning: %s',
    async (RecordTypeId) => {
      const org = await connected({ sandbox: { recordTypes } });
      const [result] = await org.connector.upsertActivities([call({ fields: { RecordTypeId } })], org.context);
      expect(result).toMatchObject({
        kind: 'written',
        warnings: ['RecordTypeId: not a record type that is active and available'],
      });
      expect(task(org)).toMatchObject({ RecordTypeId: standard });
    },
  );

  it('in an org without any is left out, with a warning', async () => {
    const org = await connected();
    const [result] = await org.connector.upsertActivities(
      [call({ fields: { RecordTypeId: 'Phone_Call' } })],
      org.context,
    );
    expect(result).toMatchObject({ kind: 'written', warnings: ['RecordTypeId: no write access'] });
  });
});

it('a field without access is left out and told; a subtype in an update is not missed', async () => {
  const org = await connected({ sandbox: { fieldAccess: { 'Task.CallDisposition': 'none' } } });
  const write = call({ fields: { CallDisposition: 'answered', TaskSubtype: 'Call' } });
  const told = { kind: 'written', warnings: ['CallDisposition: no write access'] };
  expect(await org.connector.upsertActivities([write], org.context)).toMatchObject([told]);
  expect(await org.connector.upsertActivities([write], org.context)).toMatchObject([told]);
});

it('a task is linked to a person and to a related record in one row of one call', async () => {
  const org = await connected();
  const [written] = await org.connector.upsertActivities([call({})], org.context);
  const from = { object: 'Task', id: idOf(written) };
  const [person, about] = [contact(org), opportunity(org)];
  org.requests.length = 0;
  expect(
    await org.connector.link(
      [
        { from, to: person },
        { from, to: about },
      ],
      org.context,
    ),
  ).toEqual([{ kind: 'linked' }, { kind: 'linked' }]);
  expect(task(org)).toMatchObject({ WhoId: person.id, WhatId: about.id });
  expect(org.requests).toHaveLength(1);
});

it('a related record that is gone by then does not keep a task from its person', async () => {
  const org = await connected();
  const [written] = await org.connector.upsertActivities([call({})], org.context);
  const from = { object: 'Task', id: idOf(written) };
  const [person, about] = [contact(org), opportunity(org)];
  org.sandbox.deleteAsPerson('Opportunity', about.id);
  const results = await org.connector.link(
    [
      { from, to: about },
      { from, to: person },
    ],
    org.context,
  );
  expect(results).toMatchObject([{ kind: 'refused', failure: { field: 'WhatId' } }, { kind: 'linked' }]);
  expect(task(org)).toMatchObject({ WhoId: person.id });
});

it('an owner who is refused by the call as a whole is no reason to write without him', async () => {
  const org = await connected();
  const body = [{ errorCode: 'INSUFFICIENT_ACCESS', message: 'no', fields: ['OwnerId'] }];
  org.sandbox.injectFault({
    match: { path: '/composite/sobjects' },
    times: 1,
    fault: { kind: 'status', status: 403, body },
  });
  const [result] = await org.connector.upsertTasks(
    [{ ...call({}), fields: { Subject: 'S', OwnerId: dana } }],
    org.context,
  );
  expect(failureOf(result)).toMatchObject({ code: 'salesforce.INSUFFICIENT_ACCESS' });
  expect(org.requests).toHaveLength(1);
});

function call({ fields, ...more }: Partial<ActivityWrite>): ActivityWrite {
  return { key: 'a', kind: 'call', person: undefined, ...more, fields: { Subject: 'S', ...fields } };
}

function contact(org: ConnectedOrg): RecordRef {
  return { object: 'Contact', id: org.sandbox.seedRecords('Contact', [{ LastName: 'Zoe' }])[0] ?? '' };
}

function lead(org: ConnectedOrg): RecordRef {
  return { object: 'Lead', id: org.sandbox.seedRecords('Lead', [{ LastName: 'Zoe', Company: 'A' }])[0] ?? '' };
}

function opportunity(org: ConnectedOrg, Name = 'A'): RecordRef {
  const [id = ''] = org.sandbox.seedRecords('Opportunity', [{ Name, StageName: 'Proposal', CloseDate: '2027-01-01' }]);
  return { object: 'Opportunity', id };
}

function task(org: ConnectedOrg) {
  const [only, ...others] = org.sandbox.records('Task');
  if (others.length > 0) throw new Error('The test expects one task.');
  return only?.fields;
}

async function connected(options: OrgOptions = {}): Promise<ConnectedOrg> {
  const org = await connectOrg(options);
  orgs.push(org);
  return org;
}
