import { afterEach, describe, expect, it } from '@jest/globals';
import type { ActivityWrite, RecordRef, TaskWrite } from '../../../src/domain/crm.ts';
import { CONVERSATION_KEY, connectOrg, failureOf, idOf, type ConnectedOrg, type OrgOptions } from './connected-org.ts';

const orgs: ConnectedOrg[] = [];

afterEach(async () => {
  for (const org of orgs.splice(0)) await org.stop();
});

/** With our own unique field, and without it. */
const KINDS_OF_ORG: readonly (readonly [string, OrgOptions])[] = [
  ['with our key field', {}],
  ['without our key field', { sandbox: { taskExternalIdField: null } }],
];

describe.each(KINDS_OF_ORG)('in an org %s', (_, options) => {
  it('a call is one closed task on its person’s timeline', async () => {
    const org = await connected(options);
    const person = seedLead(org);
    const [result] = await org.connector.upsertActivities([call('a', { person })], org.context);
    expect(result).toMatchObject({ kind: 'written', ref: { object: 'Task' }, created: true, linkedTo: person });
    expect(tasks(org)).toMatchObject([
      {
        fields: {
          Subject: 'Wants a quote',
          Status: 'Completed',
          IsClosed: true,
          WhoId: person.id,
          TaskSubtype: 'Call',
          CallType: 'Inbound',
          CallDurationInSeconds: 132,
          ActivityDate: '2026-11-24',
        },
      },
    ]);
  });

  it('a second delivery changes that task and makes no other, though the subtype is refused in an update', async () => {
    const org = await connected(options);
    const [first] = await org.connector.upsertActivities([call('a')], org.context);
    const [second] = await org.connector.upsertActivities([call('a', { fields: { Subject: 'Later' } })], org.context);
    expect(second).toEqual({
      kind: 'written',
      ref: { object: 'Task', id: idOf(first) },
      created: false,
      stored: expect.objectContaining({ TaskSubtype: '' }),
    });
    expect(tasks(org)).toMatchObject([{ fields: { Subject: 'Later', TaskSubtype: 'Call' } }]);
  });

  it('new and known ones in one batch end right, each in its place', async () => {
    const org = await connected(options);
    const [known] = await org.connector.upsertActivities([call('b')], org.context);
    const results = await org.connector.upsertActivities(
      ['a', 'b', 'c'].map((key) => call(key)),
      org.context,
    );
    expect(results.map((result) => result.kind === 'written' && result.created)).toEqual([true, false, true]);
    expect(idOf(results[1])).toBe(idOf(known));
    expect(tasks(org)).toHaveLength(3);
  });

  it('a write whose answer got lost is found again', async () => {
    const org = await connected(options);
    org.sandbox.injectFault({
      match: { path: '/composite/sobjects' },
      times: 1,
      fault: { kind: 'apply-then-reset' },
    });
    const [lost] = await org.connector.upsertActivities([call('a')], org.context);
    expect(failureOf(lost)).toMatchObject({ disposition: 'retry', code: 'network.reset' });
    const [found] = await org.connector.upsertActivities([call('a')], org.context);
    expect(found).toMatchObject({ kind: 'written', created: false });
    expect(tasks(org)).toHaveLength(1);
  });

  it('a follow-up task is open, and a second write does not open what a person has closed', async () => {
    const org = await connected(options);
    const [result] = await org.connector.upsertTasks([followUp('a')], org.context);
    expect(tasks(org)).toMatchObject([{ fields: { Status: 'Not Started', IsClosed: false, Priority: 'High' } }]);
    org.sandbox.editAsPerson('Task', idOf(result), { Status: 'Completed' });
    expect(await org.connector.upsertTasks([followUp('a')], org.context)).toMatchObject([{ created: false }]);
    expect(tasks(org)).toMatchObject([{ fields: { Status: 'Completed' } }]);
  });

  it('a call and its follow-up are two tasks', async () => {
    const org = await connected(options);
    await org.connector.upsertActivities([call('a')], org.context);
    await org.connector.upsertTasks([followUp('a')], org.context);
    expect(tasks(org)).toHaveLength(2);
  });

  it('a task that somebody deleted is made anew', async () => {
    const org = await connected(options);
    const [first] = await org.connector.upsertActivities([call('a')], org.context);
    org.sandbox.deleteAsPerson('Task', idOf(first));
    const [second] = await org.connector.upsertActivities([call('a')], org.context);
    expect(second).toMatchObject({ kind: 'written', created: true });
    expect(idOf(second)).not.toBe(idOf(first));
  });

  it('a year later an archived task is still that one', async () => {
    const org = await connected(options);
    const [first] = await org.connector.upsertActivities(
      [call('a', { fields: { ActivityDate: '2020-01-01' } })],
      org.context,
    );
    org.sandbox.setOptions({ archiveAfterDays: 0 });
    const [second] = await org.connector.upsertActivities(
      [call('a', { fields: { ActivityDate: '2020-01-01' } })],
      org.context,
    );
    expect(idOf(second)).toBe(idOf(first));
  });

  it('the words for done and to do are the org’s own', async () => {
    const org = await connected({
      ...options,
      sandbox: {
        ...options.sandbox,
        taskStatuses: [
          { name: 'Fertig', isClosed: true, isDefault: true },
          { name: 'Offen', isClosed: false, isDefault: false },
        ],
      },
    });
    await org.connector.upsertActivities([call('a')], org.context);
    await org.connector.upsertTasks([followUp('b')], org.context);
    expect(tasks(org).map(({ fields }) => fields.Status)).toEqual(['Fertig', 'Offen']);
  });
});

describe('one call for many', () => {
  it('a hundred new conversations are one call', async () => {
    const org = await connected();
    const results = await org.connector.upsertActivities(many(100), org.context);
    expect(results.every(({ kind }) => kind === 'written')).toBe(true);
    expect(org.requests).toMatchObject([{ endpoint: 'collection-upsert', status: 200 }]);
  });

  it('an update that does not name the subtype is one call too', async () => {
    const org = await connected();
    await org.connector.upsertActivities(many(3), org.context);
    org.requests.length = 0;
    await org.connector.upsertActivities(
      many(3).map(({ fields: { TaskSubtype: _, ...fields }, ...write }) => ({ ...write, fields })),
      org.context,
    );
    expect(org.requests).toHaveLength(1);
  });

  it('an org that takes the subtype in an update is asked once only', async () => {
    const org = await connected({ sandbox: { taskSubtypeOnUpdate: 'accept' } });
    await org.connector.upsertActivities(many(2), org.context);
    org.requests.length = 0;
    const results = await org.connector.upsertActivities(many(2), org.context);
    expect(results).toMatchObject([{ created: false }, { created: false }]);
    expect(org.requests).toHaveLength(1);
  });

  it('without our key field they are a query and a write', async () => {
    const org = await connected({ sandbox: { taskExternalIdField: null } });
    await org.connector.upsertActivities(many(100), org.context);
    expect(org.requests.map(({ endpoint }) => endpoint)).toEqual(['composite-query', 'collection-create']);
  });
});

describe('what the org does not take', () => {
  it('a person who is gone, or became a contact, refuses that task only, for a look-up to resolve', async () => {
    const org = await connected();
    const [gone, converted, kept] = [seedLead(org), seedLead(org), seedLead(org)];
    org.sandbox.deleteAsPerson('Lead', gone.id);
    org.sandbox.convertLead(converted.id);
    const writes = [call('a', { person: gone }), call('b', { person: converted }), call('c', { person: kept })];
    const results = await org.connector.upsertActivities(writes, org.context);
    expect(results.map((result) => failureOf(result)?.disposition)).toEqual(['resolve', 'resolve', undefined]);
  });

  it('a lock that a trigger met passes by itself', async () => {
    const org = await connected();
    org.sandbox.setOptions({
      validationRules: [
        {
          object: 'Task',
          field: 'Subject',
          matches: '.',
          message: 'Trigger: UNABLE_TO_LOCK_ROW',
          code: 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
          times: 1,
        },
      ],
    });
    const [first] = await org.connector.upsertActivities([call('a')], org.context);
    expect(failureOf(first)).toMatchObject({ disposition: 'retry' });
    expect(await org.connector.upsertActivities([call('a')], org.context)).toMatchObject([{ kind: 'written' }]);
  });

  it('a text longer than its field is cut, not refused', async () => {
    const org = await connected();
    const fields = { Subject: 'S'.repeat(300), Description: 'D'.repeat(40_000) };
    const [result] = await org.connector.upsertActivities([call('a', { fields })], org.context);
    expect(result).toMatchObject({ kind: 'written' });
    expect(tasks(org)[0]?.fields.Subject).toHaveLength(255);
    expect(tasks(org)[0]?.fields.Description).toHaveLength(32_000);
  });

  it('two tasks with one key are for a person to resolve', async () => {
    const org = await connected({ sandbox: { taskExternalIdUnique: false } });
    org.sandbox.seedRecords(
      'Task',
      ['x', 'y'].map((Subject) => ({ Subject, [CONVERSATION_KEY]: 'ten_a:conv_a' })),
    );
    const [result] = await org.connector.upsertActivities([call('a')], org.context);
    expect(failureOf(result)).toMatchObject({ disposition: 'resolve' });
  });

  it('an org without any field for the key says so, and nothing is written', async () => {
    const org = await connected({ sandbox: { taskExternalIdField: null, fieldAccess: { 'Task.CallObject': 'none' } } });
    const [result] = await org.connector.upsertActivities([call('a')], org.context);
    expect(failureOf(result)).toMatchObject({ disposition: 'fix_mapping', code: 'salesforce.NO_KEY_FIELD' });
    expect(tasks(org)).toHaveLength(0);
  });

  it('keys that differ in case are two conversations', async () => {
    const org = await connected();
    await org.connector.upsertActivities([call('a'), call('A')], org.context);
    expect(tasks(org)).toHaveLength(2);
  });
});

async function connected(options: OrgOptions = {}): Promise<ConnectedOrg> {
  const org = await connectOrg(options);
  orgs.push(org);
  return org;
}

/** Tasks that are there. */
function tasks(org: ConnectedOrg) {
  return org.sandbox.records('Task').filter(({ deleted }) => !deleted);
}

function seedLead(org: ConnectedOrg): RecordRef {
  const [id = ''] = org.sandbox.seedRecords('Lead', [{ LastName: 'Zoe', Company: 'A' }]);
  return { object: 'Lead', id };
}

function call(name: string, more: { fields?: Record<string, string>; person?: RecordRef } = {}): ActivityWrite {
  const fields = {
    Subject: 'Wants a quote',
    ActivityDate: '2026-11-24',
    TaskSubtype: 'Call',
    CallType: 'Inbound',
    CallDurationInSeconds: '132',
    CallObject: `conv_${name}`,
    ...more.fields,
  };
  return { key: `ten_a:conv_${name}`, kind: 'call', fields, person: more.person };
}

function many(count: number): readonly ActivityWrite[] {
  return Array.from({ length: count }, (_, index) => call(String(index)));
}

function followUp(name: string): TaskWrite {
  const fields = { Subject: 'Call back', ActivityDate: '2026-11-24', Priority: 'High' };
  return { key: `ten_a:conv_${name}:handoff`, fields, person: undefined };
}
