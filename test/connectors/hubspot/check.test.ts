import { afterEach, describe, expect, it } from '@jest/globals';
import { checkVersion } from '../../../connectors/hubspot/check-version.ts';
import type { HubSpotSandboxOptions } from '../../../sandbox/hubspot/index.ts';
import type { Finding } from '../../../src/domain/crm.ts';
import { connectAccount, type AccountOptions, type ConnectedAccount } from './connected-account.ts';
import { createProperty } from './create-property.ts';

const NOW = Date.UTC(2026, 10, 24, 12);
const EVERY_SCOPE = [
  'crm.objects.contacts.read',
  'crm.objects.contacts.write',
  'crm.schemas.contacts.read',
  'crm.schemas.contacts.write',
  'crm.objects.owners.read',
  'crm.objects.companies.read',
  'crm.objects.deals.read',
  'crm.objects.tickets.read',
];

const accounts: ConnectedAccount[] = [];

afterEach(async () => {
  for (const account of accounts.splice(0)) await account.stop();
});

async function connected(options: AccountOptions = {}): Promise<ConnectedAccount> {
  const account = await connectAccount({ ...options, connector: { now: () => NOW, ...options.connector } });
  accounts.push(account);
  return account;
}

const check = ({ connector, context }: ConnectedAccount) => connector.check(context);

const problems = (findings: readonly Finding[]) => findings.filter(({ severity }) => severity !== 'ok');

const tokenWith = (scopes: readonly string[]): Pick<HubSpotSandboxOptions, 'accessTokens'> => ({
  accessTokens: [{ token: 'sandbox-hubspot-token', scopes }],
});

describe('the doctor on a HubSpot account', () => {
  it('finds nothing to mend in an account that is ready, and changes nothing in it', async () => {
    const account = await connected();
    account.sandbox.seedRecords('contacts', [{ firstname: 'Ann' }]);
    const before = account.sandbox.snapshot();
    const findings = await check(account);
    expect(problems(findings)).toEqual([]);
    expect(findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['api_version_supported', 'token_valid', 'scopes_granted', 'key_property']),
    );
    expect(account.sandbox.snapshot()).toEqual(before);
  });

  it('every problem says what to do, and nothing that is well does', async () => {
    const account = await connected({ provisioned: false, sandbox: tokenWith(EVERY_SCOPE.slice(0, 1)) });
    for (const { severity, fix, what } of await check(account)) {
      expect(what).not.toBe('');
      expect(fix === '').toBe(severity === 'ok');
    }
  });

  it('a token that is refused is the one thing to mend', async () => {
    const account = await connected();
    account.sandbox.revokeToken('sandbox-hubspot-token');
    expect(problems(await check(account))).toMatchObject([{ severity: 'error', code: 'token_invalid' }]);
  });

  it.each([
    ['a limit that is used up', { perDay: 0 }, 'account_throttled'],
    ['ten seconds that are used up', { perTenSeconds: 0 }, 'account_throttled'],
  ])('%s is told apart from an outage', async (_, limits, code) => {
    const account = await connected();
    account.sandbox.setOptions({ limits });
    expect(problems(await check(account))).toMatchObject([{ severity: 'error', code }]);
  });

  it('an outage is told, and nothing is made of it', async () => {
    const account = await connected();
    account.sandbox.injectFault({ match: {}, times: 50, fault: { kind: 'html-502' } });
    expect(problems(await check(account))).toMatchObject([{ severity: 'error', code: 'account_unreachable' }]);
  });

  it.each(EVERY_SCOPE.filter((scope) => scope !== 'crm.schemas.contacts.read'))(
    'a token without %s is told so, by the name of the scope',
    async (missing) => {
      const scopes = EVERY_SCOPE.filter((scope) => scope !== missing);
      const account = await connected({ provisioned: false, sandbox: tokenWith(scopes) });
      const found = problems(await check(account)).filter(({ code }) => code === 'scope_missing');
      expect(found).toHaveLength(1);
      expect(found[0]?.what).toContain(missing);
      expect(found[0]?.fix).toContain(missing);
      // What deliveries can do without is a warning.
      expect(found[0]?.severity).toBe(missing.includes('objects.contacts') ? 'error' : 'warning');
    },
  );

  it('a batch of nothing that is refused for being empty has passed the scopes', async () => {
    const account = await connected();
    const body = { status: 'error', category: 'VALIDATION_ERROR', message: 'inputs must not be empty' };
    for (const path of ['/batch/update', '/batch/create']) {
      account.sandbox.injectFault({ match: { method: 'POST', path }, fault: { kind: 'status', status: 400, body } });
    }
    expect(problems(await check(account))).toEqual([]);
    expect(account.sandbox.faultsHit()).toBe(2);
  });

  it('what could not be found out is told as such', async () => {
    const account = await connected();
    account.sandbox.injectFault({ match: { path: '/batch/update' }, fault: { kind: 'html-502' } });
    expect(problems(await check(account))).toMatchObject([{ severity: 'warning', code: 'not_checked' }]);
  });

  it('properties that are missing can be made by the doctor, and are well afterwards', async () => {
    const account = await connected({ provisioned: false });
    const found = problems(await check(account));
    expect(found.map(({ code, fixable }) => [code, fixable])).toEqual(
      Array.from({ length: 5 }, () => ['key_property_missing', true]),
    );
    await account.connector.provision(account.context);
    expect(problems(await check(account))).toEqual([]);
  });

  it('a property of our name that is not unique is for a person', async () => {
    const account = await connected({ provisioned: false });
    await createProperty(account.sandbox.url, 'calls', 'personadesk_conversation_key', false);
    const found = problems(await check(account));
    expect(found).toContainEqual(
      expect.objectContaining({ severity: 'error', code: 'key_property_not_unique', fixable: false }),
    );
    expect(found).toContainEqual(expect.objectContaining({ severity: 'warning', code: 'property_group_differs' }));
  });

  it('an object that has ten unique properties is for a person, with the count', async () => {
    const account = await connected({ provisioned: false });
    for (let index = 0; index < 10; index += 1) {
      await createProperty(account.sandbox.url, 'notes', `unique_${index}`, true);
    }
    const [limit] = problems(await check(account)).filter(({ code }) => code === 'unique_property_limit');
    expect(limit).toMatchObject({ severity: 'error', fixable: false });
    expect(limit?.what).toContain('notes have 10 of at most 10');
  });

  it('an account without unique properties is told what is lost, once for each object', async () => {
    const account = await connected({ sandbox: { uniquePropertiesOnActivities: false } });
    const found = problems(await check(account));
    expect(found.map(({ code, severity }) => [code, severity])).toEqual(
      Array.from({ length: 4 }, () => ['written_without_key', 'warning']),
    );
    for (const { what } of found) expect(what).toContain('may leave a duplicate');
  });

  it('an option that somebody took away is named', async () => {
    const account = await connected();
    const answered = await fetchProperties(account.sandbox.url, 'tasks');
    const results = answered.results.map((property) =>
      property.name === 'hs_task_priority' ? { ...property, options: [{ value: 'LOW', label: 'Low' }] } : property,
    );
    account.sandbox.injectFault({
      match: { method: 'GET', path: '/crm/properties/2026-03/tasks' },
      fault: { kind: 'status', status: 200, body: { results } },
    });
    const found = problems(await check(account));
    // A task can do without a priority, and is written without it.
    expect(found).toMatchObject([{ severity: 'warning', code: 'option_missing' }]);
    expect(found[0]?.what).toContain('tasks.hs_task_priority has no option MEDIUM, HIGH');
  });

  it('an option that a record cannot do without is an error', async () => {
    const account = await connected();
    const options = [{ value: 'SMS', label: 'SMS' }];
    account.sandbox.setPropertyOptions('communications', 'hs_communication_channel_type', options);
    expect(problems(await check(account))).toMatchObject([{ severity: 'error', code: 'option_missing' }]);
  });

  it("the account's own outcomes of calls are told, and those the default mapping misses are named", async () => {
    const account = await connected();
    account.sandbox.setPropertyOptions('calls', 'hs_call_disposition', [
      { value: 'guid-1', label: 'connected' },
      { value: 'guid-2', label: 'Wants a quote' },
    ]);
    const findings = await check(account);
    expect(findings.find(({ code }) => code === 'call_outcomes')?.what).toContain(': connected, Wants a quote.');
    expect(problems(findings)).toMatchObject([{ severity: 'warning', code: 'option_missing' }]);
    expect(problems(findings)[0]?.what).toContain('no option No answer, Left voicemail, Busy, Wrong number.');
  });

  it('says what is left of the limits, and warns before nothing is', async () => {
    const account = await connected({
      sandbox: { limits: { perTenSeconds: 10_000, perDay: 400, searchPerSecond: null } },
    });
    const left = (await check(account)).filter(({ code }) => code.includes('limit'));
    expect(left.map(({ code }) => code)).toEqual(['ten_secondly_limit', 'daily_limit']);
    const used = 400 - (account.connector.quota().find(({ limit }) => limit === 'daily')?.remaining ?? 0);
    // As many as another check takes, and one.
    account.sandbox.setOptions({ limits: { perDay: used + account.requests.length + 1 } });
    expect(problems(await check(account))).toMatchObject([{ severity: 'warning', code: 'daily_limit_low' }]);
  });

  it('holds no data of people', async () => {
    const account = await connected();
    account.sandbox.seedRecords('contacts', [{ firstname: 'Zoe', phone: '+15551234567' }]);
    expect(JSON.stringify(await check(account))).not.toMatch(/Zoe|5551234567|sandbox-hubspot-token/);
  });
});

describe('how long an API version is supported', () => {
  // Available since 2026-03-30 and 2026-09-08; 18 months (HubSpot's page on versioning).
  it.each([
    ['2026-03', '2026-11-24', 'ok', 'api_version_supported'],
    ['2026-03', '2027-04-02', 'ok', 'api_version_supported'],
    ['2026-03', '2027-04-03', 'warning', 'api_version_ending'],
    ['2026-03', '2027-09-29', 'warning', 'api_version_ending'],
    ['2026-03', '2027-09-30', 'error', 'api_version_ended'],
    ['2026-09', '2027-09-08', 'ok', 'api_version_supported'],
    ['2026-09', '2028-03-08', 'error', 'api_version_ended'],
  ] as const)('%s on %s: %s', (version, day, severity, code) => {
    expect(checkVersion(version, Date.parse(day))).toMatchObject({ severity, code });
  });
});

async function fetchProperties(url: string, object: string) {
  const response = await fetch(`${url}/crm/properties/2026-03/${object}`, {
    headers: { authorization: 'Bearer sandbox-hubspot-token' },
  });
  // The sandbox's own answer: the two members that are used here are always there.
  return (await response.json()) as { readonly results: readonly { readonly name: string }[] };
}
