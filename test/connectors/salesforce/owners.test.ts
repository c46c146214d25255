import { afterEach, describe, expect, it } from '@jest/globals';
import { defaultQueues, defaultUsers } from '../../../sandbox/salesforce/org-defaults.ts';
import type { OwnerAnswer, OwnerQuery } from '../../../src/domain/crm.ts';
import { connectOrg, type ConnectedOrg, type OrgOptions } from './connected-org.ts';

type Query = OwnerQuery<'salesforce'>;

// The users and queues are those the sandbox starts with.
const [leadQueue, taskQueue] = defaultQueues;
const dana = defaultUsers.find(({ email }) => email === 'dana.reed@example.com');
const lee = defaultUsers.find(({ isActive }) => !isActive);

const orgs: ConnectedOrg[] = [];
let now = Date.now();

afterEach(async () => {
  for (const org of orgs.splice(0)) await org.stop();
});

describe('an owner is found', () => {
  it('by address or user name, whatever the case; the inactive and the unknown are told apart', async () => {
    const org = await connected();
    const emails = ['Dana.Reed@Example.com', 'sam.ortiz@example.com.sandbox', lee?.email ?? '', 'no@example.com', ''];
    const answers = await find(
      org,
      emails.map((value) => ({ by: 'email', value })),
    );
    expect(answers.map(({ kind }) => kind)).toEqual(['active', 'active', 'inactive', 'unknown', 'unknown']);
    expect(org.requests).toHaveLength(1);
  });

  it('by id, of 15 or 18 characters, of a user or a queue', async () => {
    const org = await connected();
    const values = [
      dana?.id ?? '',
      (dana?.id ?? '').slice(0, 15),
      lee?.id ?? '',
      taskQueue.id,
      "005'",
      '0054S000000000zAAA',
    ];
    const answers = await find(
      org,
      values.map((value) => ({ by: 'id', value })),
    );
    expect(answers).toEqual([
      { kind: 'active', ownerId: dana?.id },
      { kind: 'active', ownerId: dana?.id },
      { kind: 'inactive', ownerId: lee?.id },
      { kind: 'active', ownerId: taskQueue.id },
      { kind: 'unknown' },
      { kind: 'unknown' },
    ]);
  });

  it('as a queue by either of its names; one that may not own tasks would be refused', async () => {
    const org = await connected();
    const answers = await find(org, [
      { by: 'queue', value: 'call backs' },
      { by: 'queue', value: 'Call_Backs' },
      { by: 'queue', value: leadQueue.developerName },
      { by: 'queue', value: "Nobody's" },
      { by: 'email', value: dana?.email ?? '' },
    ]);
    expect(answers).toEqual([
      { kind: 'active', ownerId: taskQueue.id },
      { kind: 'active', ownerId: taskQueue.id },
      { kind: 'inactive', ownerId: leadQueue.id },
      { kind: 'unknown' },
      { kind: 'active', ownerId: dana?.id },
    ]);
    expect(org.requests).toHaveLength(1);
  });
});

describe('what was answered', () => {
  it('is remembered for ten minutes, and only who is new is asked for', async () => {
    const org = await connected();
    await find(org, [byEmail('dana.reed@example.com'), byEmail('no@example.com')]);
    await find(org, [byEmail('DANA.REED@example.com'), byEmail('no@example.com')]);
    expect(org.requests).toHaveLength(1);
    await find(org, [byEmail('sam.ortiz@example.com')]);
    expect(org.requests).toHaveLength(2);
    now += 10 * 60_000;
    await find(org, [byEmail('dana.reed@example.com')]);
    expect(org.requests).toHaveLength(3);
  });

  it('an org that does not answer does not say that anybody is unknown, and is asked again at once', async () => {
    const org = await connected();
    org.sandbox.injectFault({ match: { path: '/composite' }, times: 1, fault: { kind: 'html-502' } });
    expect(await find(org, [byEmail('dana.reed@example.com')])).toMatchObject([
      { kind: 'could_not_check', failure: { disposition: 'retry' } },
    ]);
    expect(await find(org, [byEmail('dana.reed@example.com')])).toMatchObject([{ kind: 'active' }]);
  });

  it.each([
    ['hides queues', { hiddenObjects: ['Group' as const] }, 'salesforce.INVALID_TYPE'],
    ['hides whose records they may own', { hiddenObjects: ['QueueSobject' as const] }, 'salesforce.INVALID_TYPE'],
  ])('an org that %s is the mapping’s matter, and not asked by each conversation', async (_, sandbox, code) => {
    const org = await connected({ sandbox });
    const failing = [{ kind: 'could_not_check', failure: { disposition: 'fix_mapping', code } }, { kind: 'active' }];
    const queries: readonly Query[] = [{ by: 'queue', value: 'Call Backs' }, byEmail('dana.reed@example.com')];
    expect(await find(org, queries)).toMatchObject(failing);
    expect(await find(org, queries)).toMatchObject(failing);
    expect(org.requests).toHaveLength(1);
    now += 3 * 60_000;
    await find(org, queries);
    expect(org.requests).toHaveLength(2);
  });

  it('a right that is missing does not stop the connection', async () => {
    const org = await connected();
    const fault = { kind: 'status', status: 403, body: [{ errorCode: 'NO_SUCH_RIGHT', message: 'no' }] } as const;
    org.sandbox.injectFault({ match: { path: '/composite' }, times: 1, fault });
    expect(await find(org, [byEmail('dana.reed@example.com')])).toMatchObject([
      { kind: 'could_not_check', failure: { disposition: 'fix_mapping', code: 'salesforce.NO_SUCH_RIGHT' } },
    ]);
    org.sandbox.injectFault({
      match: { path: '/composite' },
      times: 1,
      fault: { kind: 'status', status: 401, body: [{ errorCode: 'INVALID_SESSION_ID', message: 'expired' }] },
    });
    expect(await find(org, [byEmail('sam.ortiz@example.com')])).toMatchObject([
      { kind: 'could_not_check', failure: { disposition: 'reconnect' } },
    ]);
  });
});

function byEmail(value: string): Query {
  return { by: 'email', value };
}

function find(org: ConnectedOrg, queries: readonly Query[]): Promise<readonly OwnerAnswer[]> {
  return org.connector.findOwners(queries, org.context);
}

async function connected(options: OrgOptions = {}): Promise<ConnectedOrg> {
  const org = await connectOrg({ ...options, connector: { now: () => now } });
  orgs.push(org);
  return org;
}
