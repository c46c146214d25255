import { afterEach, describe, expect, it } from '@jest/globals';
import type { Finding } from '../../../src/domain/crm.ts';
import {
  CONVERSATION_KEY,
  connectOrg,
  PERSON_KEY,
  TOKEN,
  type ConnectedOrg,
  type OrgOptions,
} from './connected-org.ts';

const orgs: ConnectedOrg[] = [];

afterEach(async () => {
  for (const org of orgs.splice(0)) await org.stop();
});

describe('checking an org', () => {
  it('that is ready finds nothing to mend, and changes nothing', async () => {
    const org = await connected();
    const findings = await org.connector.check(org.context);
    expect(findings.filter(({ severity }) => severity !== 'ok')).toEqual([]);
    expect(findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining([
        'credentials',
        'unique_field',
        'task_statuses',
        'duplicate_rules_unknown',
        'daily_limit',
      ]),
    );
    expect(org.sandbox.requestLog().every(({ method }) => method === 'GET')).toBe(true);
  });

  it.each<[string, OrgOptions, Partial<Finding>]>([
    [
      'no key field on tasks',
      { sandbox: { taskExternalIdField: null } },
      { severity: 'warning', code: 'unique_field_missing' },
    ],
    [
      'no key field on people',
      { sandbox: { personKeyField: null } },
      { severity: 'warning', code: 'unique_field_missing' },
    ],
    [
      'a key field that is not unique',
      { sandbox: { taskExternalIdUnique: false } },
      { severity: 'warning', code: 'unique_field_incomplete' },
    ],
    [
      'a key field that may only be read',
      access('Task', CONVERSATION_KEY, 'read'),
      { severity: 'warning', code: 'unique_field_not_writable' },
    ],
    [
      'a person key that may only be read',
      access('Lead', PERSON_KEY, 'read'),
      { severity: 'warning', code: 'unique_field_not_writable' },
    ],
    [
      'an optional field without access',
      access('Task', 'CallDisposition', 'none'),
      { severity: 'warning', code: 'optional_field_not_writable' },
    ],
    [
      'a vital field without access',
      access('Lead', 'LastName', 'read'),
      { severity: 'error', code: 'field_not_writable' },
    ],
    [
      'an object without access',
      { sandbox: { hiddenObjects: ['Lead'] } },
      { severity: 'error', code: 'object_not_accessible' },
    ],
    [
      'no status that is closed',
      { sandbox: { taskStatuses: [{ name: 'Open', isClosed: false, isDefault: true }] } },
      { severity: 'error', code: 'task_statuses_missing' },
    ],
    [
      'credentials that are refused',
      { connector: { accessToken: () => Promise.resolve('no') } },
      { severity: 'error', code: 'credentials_refused' },
    ],
    ['an API version that is not there', { sandbox: { newestApiVersion: 60 } }, { severity: 'error' }],
  ])('%s is found, with what to do about it', async (_, options, expected) => {
    const org = await connected(options);
    const findings = await org.connector.check(org.context);
    const found = findings.filter(({ severity }) => severity !== 'ok');
    expect(found).toEqual(expect.arrayContaining([expect.objectContaining(expected)]));
    for (const { fix, what } of found) {
      expect(fix).not.toBe('');
      expect(what).not.toContain(TOKEN);
    }
  });

  it('a field that the admin requires and nobody gives is named', async () => {
    const org = await connected();
    const taken = { type: 'string', createable: true, updateable: true };
    const names = ['FirstName', 'LastName', 'Company', 'Phone', 'Email'];
    const required = { ...taken, name: 'Region__c', nillable: false };
    const fields = [
      ...names.map((name) => ({ ...taken, name })),
      required,
      { ...required, name: 'Status', defaultedOnCreate: true },
    ];
    org.sandbox.injectFault({
      match: { path: '/sobjects/Lead/describe' },
      times: 1,
      fault: { kind: 'status', status: 200, body: { name: 'Lead', fields } },
    });
    const findings = await org.connector.check(org.context);
    expect(findings.find(({ code }) => code === 'required_field')).toMatchObject({
      severity: 'warning',
      what: 'The org asks of every Lead for Region__c.',
    });
  });

  it('an object that may be read only is an error', async () => {
    const org = await connected();
    org.sandbox.injectFault({
      match: { path: '/sobjects/Lead/describe' },
      times: 1,
      fault: { kind: 'status', status: 200, body: { name: 'Lead', createable: false, fields: [] } },
    });
    const findings = await org.connector.check(org.context);
    expect(findings.find(({ code }) => code === 'object_not_writable')).toMatchObject({ severity: 'error' });
  });

  it('a day that is nearly used up is a warning', async () => {
    const org = await connected({ sandbox: { dailyRequests: 1_000 } });
    org.sandbox.spendDailyRequests(950);
    const findings = await org.connector.check(org.context);
    expect(findings.find(({ code }) => code === 'daily_limit_low')).toMatchObject({ severity: 'warning' });
  });
});

describe('what the org is made of', () => {
  it('is read live: fields, lengths, values, what is unique and what must be given', async () => {
    const org = await connected();
    const before = await org.connector.describe(org.context);
    if (before.kind !== 'described') throw new Error('The test needs a description.');
    expect(Object.keys(before.objects)).toEqual(['Task', 'Contact', 'Lead']);
    const field = (object: string, name: string) => before.objects[object]?.find((each) => each.name === name);
    expect(field('Task', CONVERSATION_KEY)).toMatchObject({ unique: true, writable: true, maxLength: 255 });
    expect(field('Task', 'Subject')).toMatchObject({ maxLength: 255, options: undefined });
    expect(field('Task', 'ActivityDate')).toMatchObject({ type: 'date', maxLength: undefined });
    expect(field('Task', 'Status')?.options).toContainEqual({ value: 'Completed', label: 'Completed' });
    expect(field('Task', 'IsClosed')).toMatchObject({ writable: false });
    expect(field('Lead', 'Company')).toMatchObject({ required: true });
    org.sandbox.addField('Lead', { name: 'Score__c' });
    const after = await org.connector.describe(org.context);
    expect(after.kind === 'described' && after.objects.Lead?.some(({ name }) => name === 'Score__c')).toBe(true);
  });

  it('an org that does not answer has no description', async () => {
    const org = await connected();
    org.sandbox.injectFault({ match: { path: '/describe' }, times: 1, fault: { kind: 'reset' } });
    expect(await org.connector.describe(org.context)).toMatchObject({ kind: 'could_not_check' });
  });
});

function access(object: 'Task' | 'Lead', field: string, left: 'none' | 'read'): OrgOptions {
  return { sandbox: { fieldAccess: { [`${object}.${field}`]: left } } };
}

async function connected(options: OrgOptions = {}): Promise<ConnectedOrg> {
  const org = await connectOrg({
    sandbox: { dailyRequests: 100_000, ...options.sandbox },
    connector: options.connector ?? {},
    provisioned: false,
  });
  orgs.push(org);
  return org;
}
