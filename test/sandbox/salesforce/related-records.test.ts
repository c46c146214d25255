import { describe, expect, it } from '@jest/globals';
import { defaultQueues, defaultUsers } from '../../../sandbox/salesforce/org-defaults.ts';
import { makeRecordId } from '../../../sandbox/salesforce/record-ids.ts';
import { openSandbox, refusal, seedOne } from './open-sandbox.ts';

const [leadQueue, taskQueue] = defaultQueues;
const gone = defaultUsers.find(({ isActive }) => !isActive);

describe('contact roles', () => {
  it('say who has to do with an opportunity, whether it is open being asked along', async () => {
    const { sandbox, call, query } = await openSandbox();
    const ContactId = seedOne(sandbox, 'Contact', { LastName: 'Ann' });
    const open = seedOne(sandbox, 'Opportunity', { Name: 'A', StageName: 'Proposal', CloseDate: '2027-01-01' });
    const won = seedOne(sandbox, 'Opportunity', { Name: 'B', StageName: 'Closed Won', CloseDate: '2026-01-01' });
    sandbox.seedRecords(
      'OpportunityContactRole',
      [open, won].map((OpportunityId) => ({ OpportunityId, ContactId, IsPrimary: true })),
    );
    const soql =
      'SELECT OpportunityId, Opportunity.StageName FROM OpportunityContactRole ' +
      `WHERE ContactId = '${ContactId}' AND Opportunity.IsClosed = false`;
    expect((await query(soql)).body.records).toMatchObject([
      { OpportunityId: open, Opportunity: { StageName: 'Proposal' } },
    ]);
    expect(refusal(await call('POST', '/sobjects/OpportunityContactRole', { OpportunityId: open }))).toEqual([
      400,
      'REQUIRED_FIELD_MISSING',
    ]);
  });

  it('a sub-query asks by way of another object', async () => {
    const { sandbox, query } = await openSandbox();
    const AccountId = seedOne(sandbox, 'Account', { Name: 'Acme' });
    const contact = seedOne(sandbox, 'Contact', { LastName: 'Ann', AccountId });
    seedOne(sandbox, 'Contact', { LastName: 'Bob' });
    const stage = { StageName: 'Proposal', CloseDate: '2027-01-01' };
    const open = seedOne(sandbox, 'Opportunity', { ...stage, Name: 'A', AccountId });
    seedOne(sandbox, 'Opportunity', { ...stage, Name: 'B' });
    const of = (ids: string, not = '') =>
      query(
        `SELECT Id FROM Opportunity WHERE AccountId ${not} IN (SELECT AccountId FROM Contact WHERE Id IN (${ids})) AND IsClosed = false`,
      );
    expect((await of(`'${contact}'`)).body.records).toMatchObject([{ Id: open }]);
    expect((await of(`'${contact}'`, 'NOT')).body.records).toHaveLength(1);
    expect(refusal(await query('SELECT Id FROM Case WHERE ContactId IN (SELECT Id FROM Nobody)'))).toEqual([
      400,
      'INVALID_TYPE',
    ]);
  });
});

describe('owners', () => {
  it('QueueSobject lists whose records a queue may own', async () => {
    const { query, call } = await openSandbox();
    const { body } = await query("SELECT QueueId, Queue.Name FROM QueueSobject WHERE SobjectType = 'Task'");
    expect(body.records).toMatchObject([{ QueueId: taskQueue.id, Queue: { Name: taskQueue.name } }]);
    const refused = await call('POST', '/sobjects/Task', { OwnerId: leadQueue.id });
    expect([...refusal(refused), refused.body[0]?.fields]).toEqual([400, 'INVALID_OPERATION', ['OwnerId']]);
    expect((await call('POST', '/sobjects/Task', { OwnerId: taskQueue.id })).status).toBe(201);
  });

  it.each(['INACTIVE_OWNER_OR_USER', 'INVALID_CROSS_REFERENCE_KEY'] as const)(
    'an inactive one is refused with %s where the org says so',
    async (inactiveOwner) => {
      const { call } = await openSandbox({ inactiveOwner });
      const refused = await call('POST', '/sobjects/Task', { OwnerId: gone?.id });
      expect([...refusal(refused), refused.body[0]?.fields]).toEqual([400, inactiveOwner, ['OwnerId']]);
    },
  );
});

describe('record types', () => {
  const type = { object: 'Task', isActive: true, isAvailable: true } as const;
  const recordTypes = [
    { ...type, id: makeRecordId('012', 1), name: 'Phone Call', developerName: 'Phone_Call', isDefault: true },
    { ...type, id: makeRecordId('012', 2), name: 'Old', developerName: 'Old', isActive: false },
    { ...type, id: makeRecordId('012', 3), name: 'Sales', developerName: 'Sales', isAvailable: false },
    { ...type, id: makeRecordId('012', 4), name: 'Lead', developerName: 'Web', object: 'Lead' as const },
  ];
  const [phoneCall, old, unavailable, ofLeads] = recordTypes.map(({ id }) => id);

  it('are told by a describe, with what this user may choose, and by a query', async () => {
    const { call, query } = await openSandbox({ recordTypes });
    expect((await call('GET', '/sobjects/Task/describe')).body.recordTypeInfos).toMatchObject([
      { recordTypeId: phoneCall, developerName: 'Phone_Call', active: true, available: true },
      { recordTypeId: old, active: false },
      { recordTypeId: unavailable, available: false },
      { master: true, developerName: 'Master' },
    ]);
    const { body } = await query("SELECT Id FROM RecordType WHERE SobjectType = 'Task' AND IsActive = true");
    expect(body.records.map(({ Id }) => Id)).toEqual([phoneCall, unavailable]);
  });

  it('one that is not available, not active or of another object is refused by name', async () => {
    const { call, sandbox } = await openSandbox({ recordTypes });
    for (const RecordTypeId of [old, unavailable, ofLeads]) {
      const refused = await call('POST', '/sobjects/Task', { RecordTypeId });
      expect([...refusal(refused), refused.body[0]?.fields]).toEqual([
        400,
        'INVALID_CROSS_REFERENCE_KEY',
        ['RecordTypeId'],
      ]);
    }
    await call('POST', '/sobjects/Task', {});
    expect(sandbox.records('Task')).toMatchObject([{ fields: { RecordTypeId: phoneCall } }]);
  });

  it('an object without any has no such column', async () => {
    const { call } = await openSandbox({ recordTypes });
    expect(refusal(await call('POST', '/sobjects/Contact', { LastName: 'A', RecordTypeId: phoneCall }))).toEqual([
      400,
      'INVALID_FIELD',
    ]);
  });
});

it('a duplicate rule may look at other objects too', async () => {
  const { sandbox, call } = await openSandbox({
    duplicateRules: [{ object: 'Lead', alsoAgainst: ['Contact'], fields: ['Email'], action: 'block' }],
  });
  const twin = seedOne(sandbox, 'Contact', { LastName: 'A', Email: 'a@example.com' });
  const refused = await call('POST', '/sobjects/Lead', { LastName: 'A', Company: 'B', Email: 'a@example.com' });
  expect(refused.body[0]).toMatchObject({
    errorCode: 'DUPLICATES_DETECTED',
    duplicateResult: {
      matchResults: [
        { entityType: 'Contact', matchRecords: [{ record: { attributes: { type: 'Contact' }, Id: twin } }] },
      ],
    },
  });
});
