import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { applyConfiguration, type ApplyResult } from '../../src/admin/services/apply-configuration.ts';
import { configurationInForce } from '../../src/admin/services/configuration-in-force.ts';
import { exportConfiguration } from '../../src/admin/services/export-configuration.ts';
import { parseConfiguration } from '../../src/admin/services/parse-configuration.ts';
import type { ConnectionConfiguration } from '../../src/domain/configuration.ts';
import { openTestStore, type TestStore } from '../store/open-test-store.ts';
import { changed, FILE, SECRET_VALUES } from './configuration-file.ts';

describe('applying a configuration file', () => {
  let opened: TestStore;
  let woken: string[];

  beforeEach(async () => {
    opened = await openTestStore({ environment: SECRET_VALUES });
    woken = [];
  });
  afterEach(() => opened.close());

  function apply(
    yaml: string,
    options: { dryRun?: boolean; temporalIsDown?: boolean; production?: boolean } = {},
  ): Promise<ApplyResult> {
    const wake = (id: string) => {
      woken.push(id);
      return options.temporalIsDown === true ? Promise.reject(new Error('deadline')) : Promise.resolve();
    };
    const { store, clock } = opened;
    const crmHosts = options.production === true ? 'vendors' : 'any';
    return applyConfiguration(
      { yaml, dryRun: options.dryRun === true },
      { store, wake, now: () => clock.now, crmHosts },
    );
  }

  function kinds(result: ApplyResult): readonly string[] {
    if (result.kind === 'refused') throw new Error(JSON.stringify(result.problems));
    return result.changes.map(({ kind, what, id }) => `${kind} ${what} ${id}`);
  }

  it('puts tenant and connection in force and wakes the connection', async () => {
    const result = await apply(FILE);
    expect(kinds(result)).toEqual(['added tenant ten_acme', 'added connection acme-hubspot']);
    expect(result).toMatchObject({ endpoints: [{ tenantId: 'ten_acme', endpointId: 'acme-endpoint' }], notWoken: [] });
    expect(woken).toEqual(['acme-hubspot']);
    const [connection] = await opened.store.connections.list();
    expect(connection).toMatchObject({ id: 'acme-hubspot', tenant: { name: 'Acme Dental' } });
  });

  it('a dry run shows the difference, changes nothing and wakes nobody', async () => {
    const result = await apply(FILE, { dryRun: true });
    expect(result.kind).toBe('shown');
    expect(kinds(result)).toEqual(['added tenant ten_acme', 'added connection acme-hubspot']);
    expect((await configurationInForce(opened.store)).tenants).toEqual([]);
    expect(woken).toEqual([]);
  });

  it('the same file a second time changes nothing and wakes nobody', async () => {
    await apply(FILE);
    const before = await configurationInForce(opened.store);
    woken = [];
    const again = await apply(FILE);
    expect(kinds(again)).toEqual(['unchanged tenant ten_acme', 'unchanged connection acme-hubspot']);
    expect(woken).toEqual([]);
    expect(await configurationInForce(opened.store)).toEqual(before);
  });

  it('a file without an endpoint id keeps the one that was drawn', async () => {
    const file = changed('      endpointId: acme-endpoint\n', '');
    const first = await apply(file);
    const again = await apply(file);
    if (first.kind !== 'applied' || again.kind !== 'applied') throw new Error('refused');
    expect(first.endpoints[0]?.endpointId).toMatch(/^[A-Za-z0-9_-]{24}$/);
    expect(again.endpoints).toEqual(first.endpoints);
    expect(kinds(again)).toEqual(['unchanged tenant ten_acme', 'unchanged connection acme-hubspot']);
  });

  it('what is exported applies without a difference', async () => {
    await apply(FILE);
    const { yaml } = await exportConfiguration(opened.store);
    expect(yaml).toContain('endpointId: acme-endpoint');
    const again = await apply(yaml);
    expect(kinds(again)).toEqual(['unchanged tenant ten_acme', 'unchanged connection acme-hubspot']);
  });

  it('a change names each setting with its value before and after', async () => {
    await apply(FILE);
    const result = await apply(
      changed('env: HUBSPOT_TOKEN', 'file: /run/hubspot', changed('summary: true', 'summary: false')),
    );
    if (result.kind === 'refused') throw new Error('refused');
    expect(result.changes.find(({ kind }) => kind === 'changed')).toEqual({
      kind: 'changed',
      what: 'connection',
      id: 'acme-hubspot',
      tenantId: 'ten_acme',
      settings: [
        { setting: 'credentials.accessToken', from: '{ env: HUBSPOT_TOKEN }', to: '{ file: /run/hubspot }' },
        { setting: 'content.summary', from: 'true', to: 'false' },
      ],
    });
  });

  it('a change of who records are given to is shown, applied, and exported with all its defaults', async () => {
    await apply(FILE);
    const policies =
      '        associations: { with: [ticket, deal] }\n        owners: { agents: { ag.12: Dana@Acme.example } }\n';
    const result = await apply(FILE + policies);
    if (result.kind === 'refused') throw new Error(JSON.stringify(result.problems));
    expect(result.changes.find(({ kind }) => kind === 'changed')?.settings).toEqual([
      { setting: 'associations.with[0]', from: undefined, to: 'ticket' },
      { setting: 'associations.with[1]', from: undefined, to: 'deal' },
      { setting: 'owners.agents.ag.12', from: undefined, to: 'Dana@Acme.example' },
    ]);
    const { configuration, yaml } = await exportConfiguration(opened.store);
    expect(configuration.tenants[0]?.connections[0]).toMatchObject({
      associations: { with: ['ticket', 'deal'], several: 'latest' },
      owners: {
        agents: { 'ag.12': 'Dana@Acme.example' },
        activity: [],
        task: ['agent', 'record_owner', 'fallback'],
      },
    });
    expect(kinds(await apply(yaml))).toEqual(['unchanged tenant ten_acme', 'unchanged connection acme-hubspot']);
  });

  describe('with a mapping', () => {
    const row = (field: string, path: string) =>
      `              - { field: ${field}, from: { path: ${path} }, mode: overwrite, transforms: [{ use: truncate, max: 255 }] }\n`;
    const withRows = (...rows: readonly string[]) =>
      `${FILE}        mapping:
          version: 1
          crm: hubspot
          name: acme
          person: []
          activities:
            call:
${rows.join('')}            text_message: []
            chat: []
          task: []
`;
    const title = row('hs_call_title', 'conversation.summary');
    const mappingOf = (result: ApplyResult) => {
      if (result.kind === 'refused') throw new Error(JSON.stringify(result.problems));
      return result.changes.flatMap(({ settings }) => settings);
    };
    const published = async () => {
      const [connection] = await opened.store.connections.list();
      if (connection === undefined) throw new Error('there is a connection');
      return (await opened.store.mappings.list(connection.id)).map(({ version }) => version);
    };

    it('shows its version and how many rows change, publishes it, and goes back to the default', async () => {
      await apply(FILE);
      const first = mappingOf(await apply(withRows(title)));
      expect(first).toEqual([
        {
          setting: 'mapping',
          from: expect.stringMatching(/^default-hubspot-\d+$/),
          to: expect.stringMatching(/^acme-[0-9a-f]{8}, \d+ rows changed$/),
        },
      ]);
      const second = mappingOf(await apply(withRows(title, row('hs_call_body', 'messages.first')), { dryRun: true }));
      expect(second).toEqual([
        {
          setting: 'mapping',
          from: expect.stringMatching(/^acme-/),
          to: expect.stringMatching(/^acme-\w{8}, 1 row changed$/),
        },
      ]);
      expect(mappingOf(await apply(FILE))[0]?.to).toMatch(/^default-hubspot-/);
      expect(await published()).toEqual([
        expect.stringMatching(/^default-/),
        expect.stringMatching(/^acme-/),
        expect.stringMatching(/^default-/),
      ]);
    });

    it('is the same one whatever the order of its keys, and is not published again', async () => {
      await apply(withRows(title));
      const turned = withRows(title.replace(/\{ (field: \w+), (from: .*?\}), /, '{ $2, $1, '));
      expect(turned).not.toBe(withRows(title));
      expect(kinds(await apply(turned))).toEqual(['unchanged tenant ten_acme', 'unchanged connection acme-hubspot']);
      expect(await published()).toHaveLength(1);
    });

    it('is published when an earlier apply was cut off before it could be', async () => {
      const parsed = parseConfiguration(withRows(title));
      if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems));
      for (const { connections, ...tenant } of parsed.configuration.tenants) {
        await opened.store.tenants.upsert(tenant, opened.clock.now);
        for (const connection of connections) await opened.store.connections.upsert(tenant.id, connection);
      }
      expect(await published()).toEqual([]);
      await apply(withRows(title));
      expect(await published()).toEqual([expect.stringMatching(/^acme-/)]);
    });

    it('is exported as it is read, and applies without a difference', async () => {
      await apply(withRows(title));
      const { yaml } = await exportConfiguration(opened.store);
      expect(yaml).toMatch(/mapping:\n\s+version: 1\n\s+crm: hubspot\n\s+name: acme\n/);
      expect(yaml).toMatch(/- field: hs_call_title\n\s+from:\n\s+path: conversation\.summary\n\s+transforms:\n/);
      expect(kinds(await apply(yaml))).toEqual(['unchanged tenant ten_acme', 'unchanged connection acme-hubspot']);
      expect((await exportConfiguration(opened.store)).yaml).toBe(yaml);
    });
  });

  it('what an earlier release stored, without the newer policies, is read with their defaults', async () => {
    await apply(FILE);
    const [tenant] = await opened.store.tenants.list();
    const [connection] = await opened.store.connections.list();
    if (tenant === undefined || connection === undefined) throw new Error('both are there');
    const { filters: _, tasks: __, ...older } = connection.configuration;
    const content = { recording: 'link', summary: true, transcript: false };
    const stored = { ...older, content, unknownCaller: { action: 'skip' } };
    await opened.store.connections.upsert(tenant.id, stored as unknown as ConnectionConfiguration); // as it was then
    expect((await opened.store.connections.get(connection.id))?.configuration).toMatchObject({
      content: { redact: [], rules: [], summary: true },
      filters: [],
      tasks: { dueInMinutes: 15, clock: 'plain', priority: 'high', rules: [] },
      unknownCaller: { action: 'skip', rules: [] },
    });
  });

  it('rules, hours and filters are shown, applied, and exported with all their defaults', async () => {
    const file = changed(
      '    defaultCountry: US\n',
      "    defaultCountry: US\n    businessHours: { mon: ['09:00-17:00'] }\n",
      changed(
        'unknownCaller: { action: create }',
        `unknownCaller: { action: create, rules: [{ when: { channel: sms }, action: review }] }
        filters: [{ when: { durationBelow: 3 }, action: skip }]
        tasks: { rules: [{ when: { status: missed }, clock: business }] }`,
      ),
    );
    await apply(FILE);
    const result = await apply(file);
    if (result.kind === 'refused') throw new Error(JSON.stringify(result.problems));
    expect(result.changes.flatMap(({ settings }) => settings.map(({ setting }) => setting))).toEqual([
      'businessHours.mon[0]',
      'filters[0].when.durationBelow',
      'filters[0].action',
      'tasks.rules[0].when.status',
      'tasks.rules[0].create',
      'tasks.rules[0].clock',
      'unknownCaller.rules[0].when.channel',
      'unknownCaller.rules[0].action',
    ]);
    const [connection] = await opened.store.connections.list();
    expect(connection?.tenant.businessHours).toEqual({ mon: ['09:00-17:00'] });
    const { yaml } = await exportConfiguration(opened.store);
    expect(kinds(await apply(yaml))).toEqual(['unchanged tenant ten_acme', 'unchanged connection acme-hubspot']);
  });

  it("a tenant's change wakes its connections, though they are unchanged", async () => {
    await apply(FILE);
    woken = [];
    await apply(changed('env: PERSONADESK_API_KEY', 'env: HUBSPOT_TOKEN'));
    expect(woken).toEqual(['acme-hubspot']);
  });

  it('what the file does not name is reported and left alone', async () => {
    await apply(FILE);
    const other = changed('ten_acme', 'ten_b', changed('acme-hubspot', 'b-hubspot', changed('acme-endpoint', 'b')));
    const result = await apply(other);
    expect(kinds(result)).toEqual([
      'added tenant ten_b',
      'added connection b-hubspot',
      'only_in_database tenant ten_acme',
      'only_in_database connection acme-hubspot',
    ]);
    expect((await configurationInForce(opened.store)).tenants.map(({ id }) => id)).toEqual(['ten_acme', 'ten_b']);
  });

  it('a connection that was taken out of the file is reported and left alone', async () => {
    await apply(FILE);
    const result = await apply(FILE.slice(0, FILE.indexOf('    connections:')));
    expect(kinds(result)).toEqual(['unchanged tenant ten_acme', 'only_in_database connection acme-hubspot']);
    expect(await opened.store.connections.list()).toHaveLength(1);
  });

  it('Temporal being away costs a hint, not the change', async () => {
    const result = await apply(FILE, { temporalIsDown: true });
    expect(result).toMatchObject({ kind: 'applied', notWoken: ['acme-hubspot'] });
    expect(await opened.store.connections.list()).toHaveLength(1);
  });

  it('a secret that is not there yet is a warning that names the variable and the line', async () => {
    const result = await apply(changed('env: HUBSPOT_TOKEN', 'env: NOT_SET_YET'));
    expect(result).toMatchObject({
      kind: 'applied',
      warnings: [
        {
          path: 'tenants[0].connections[0].credentials.accessToken',
          line: 20,
          warning: expect.stringContaining('NOT_SET_YET'),
        },
      ],
    });
  });

  it('a file that is not there and a name under which nothing is stored are warnings too', async () => {
    const yaml = changed('{ env: HUBSPOT_TOKEN }', '{ file: /nonexistent/token }');
    const result = await apply(changed('{ env: PERSONADESK_API_KEY }', '{ stored: api-key }', yaml));
    if (result.kind !== 'applied') throw new Error('refused');
    const warnings = result.warnings.map(({ warning }) => warning);
    expect(warnings).toEqual([expect.stringContaining('api-key'), expect.stringContaining('/nonexistent/token')]);
  });

  it('no secret is in what applying or exporting tells', async () => {
    const told = [await apply(FILE, { dryRun: true }), await apply(FILE), await exportConfiguration(opened.store)];
    for (const value of Object.values(SECRET_VALUES)) expect(JSON.stringify(told)).not.toContain(value);
  });

  it('http to this machine is allowed, for the sandboxes', async () => {
    for (const host of ['127.0.0.1:8092', 'localhost:8092', '[::1]:8092']) {
      const result = await apply(changed('https://api.hubapi.com', `http://${host}`), { dryRun: true });
      expect(result.kind).toBe('shown');
    }
  });
});

describe('how a CRM is reached', () => {
  let opened: TestStore;
  beforeEach(async () => {
    opened = await openTestStore({ environment: { ...SECRET_VALUES, ID_SECRET: 'x', REFRESH: 'y' } });
  });
  afterEach(() => opened.close());

  function apply(yaml: string, crmHosts: 'any' | 'vendors' = 'any'): Promise<ApplyResult> {
    const { store, clock } = opened;
    return applyConfiguration(
      { yaml, dryRun: false },
      { store, wake: () => Promise.resolve(), now: () => clock.now, crmHosts },
    );
  }

  function reachedAt(baseUrl: string, more = ''): string {
    const salesforce = more.startsWith('jwt') || baseUrl.includes('salesforce');
    const file = changed('https://api.hubapi.com', baseUrl);
    if (!salesforce) return file;
    const crm = changed('crm: hubspot', 'crm: salesforce', file);
    return more === '' ? crm : changed('{ accessToken: { env: HUBSPOT_TOKEN } }', `{ ${more} }`, crm);
  }

  const WAYS: Readonly<Record<string, string>> = {
    'HubSpot, OAuth': changed(
      '{ accessToken: { env: HUBSPOT_TOKEN } }',
      '{ oauth: { clientId: our-app, clientSecret: { env: ID_SECRET }, refreshToken: { env: REFRESH } } }',
    ),
    'HubSpot, sign-in by browser': changed(
      '{ accessToken: { env: HUBSPOT_TOKEN } }',
      '{ oauth: { clientId: our-app, clientSecret: { env: ID_SECRET } } }',
    ),
    'Salesforce, access token': reachedAt('https://acme.my.salesforce.com'),
    'Salesforce, client credentials': reachedAt(
      'https://acme.my.salesforce.com',
      'clientCredentials: { clientId: our-app, clientSecret: { env: ID_SECRET } }',
    ),
    'Salesforce, JWT': reachedAt(
      'https://acme.my.salesforce.com',
      'jwt: { clientId: our-app, username: sync@acme.example, privateKey: { env: ID_SECRET } }',
    ),
    'Salesforce, public client': reachedAt(
      'https://acme.my.salesforce.com',
      'oauth: { clientId: our-app, refreshToken: { env: REFRESH } }',
    ),
    'Salesforce, sign-in by browser': reachedAt('https://acme.my.salesforce.com', 'oauth: { clientId: our-app }'),
    'CSV files': changed(
      '        credentials: { accessToken: { env: HUBSPOT_TOKEN } }\n',
      '',
      changed(
        'crm: hubspot',
        'crm: csv-log\n        folder: /var/log/crm',
        changed('        baseUrl: https://api.hubapi.com\n', ''),
      ),
    ),
  };

  it.each(Object.entries(WAYS))('%s applies, and what is exported applies without a difference', async (_, yaml) => {
    expect(await apply(yaml)).toMatchObject({ kind: 'applied', warnings: [] });
    const exported = await exportConfiguration(opened.store);
    const again = await apply(exported.yaml);
    if (again.kind !== 'applied') throw new Error(JSON.stringify(again));
    expect(again.changes.map(({ kind }) => kind)).toEqual(['unchanged', 'unchanged']);
  });

  it('every secret of every way is looked for, and client ids are not', async () => {
    const missing = changed(
      'env: ID_SECRET',
      'env: GONE_1',
      changed('env: REFRESH', 'env: GONE_2', WAYS['HubSpot, OAuth']),
    );
    const result = await apply(missing);
    if (result.kind !== 'applied') throw new Error('refused');
    expect(result.warnings.map(({ path }) => path)).toEqual([
      'tenants[0].connections[0].credentials.oauth.clientSecret',
      'tenants[0].connections[0].credentials.oauth.refreshToken',
    ]);
  });

  it('a change of the way to sign in names what went and what came, and no secret', async () => {
    await apply(FILE);
    const result = await apply(WAYS['HubSpot, OAuth'] ?? '');
    if (result.kind !== 'applied') throw new Error('refused');
    expect(result.changes.find(({ kind }) => kind === 'changed')?.settings).toEqual([
      { setting: 'credentials.accessToken', from: '{ env: HUBSPOT_TOKEN }', to: undefined },
      { setting: 'credentials.oauth.clientId', from: undefined, to: 'our-app' },
      { setting: 'credentials.oauth.clientSecret', from: undefined, to: '{ env: ID_SECRET }' },
      { setting: 'credentials.oauth.refreshToken', from: undefined, to: '{ env: REFRESH }' },
    ]);
  });

  it.each([
    ['https://api.hubapi.com', ''],
    ['https://api-eu1.hubapi.com', ''],
    ['https://api.hubspot.com', ''],
    ['https://acme.my.salesforce.com', ''],
    ['https://acme--uat.sandbox.my.salesforce.com', ''],
    [
      'https://acme.my.salesforce.com',
      'jwt: { clientId: a, username: b, privateKey: { env: ID_SECRET }, loginUrl: https://test.salesforce.com }',
    ],
  ])("in production %s %s is the vendor's", async (baseUrl, more) => {
    expect((await apply(reachedAt(baseUrl, more), 'vendors')).kind).toBe('applied');
  });

  it.each([
    ['https://hubapi.com.evil.example', '', 'baseUrl'],
    ['https://evilhubapi.com', '', 'baseUrl'],
    ['https://api.hubapi.com:8443', '', 'baseUrl'],
    ['http://127.0.0.1:8092', '', 'baseUrl'],
    ['https://acme.my.salesforce.com.evil.example', '', 'baseUrl'],
    ['https://evil.example/salesforce', '', 'baseUrl'],
    ['https://my.salesforce.com', '', 'baseUrl'],
    [
      'https://acme.my.salesforce.com',
      'jwt: { clientId: a, username: b, privateKey: { env: ID_SECRET }, loginUrl: https://login.evil.example }',
      'credentials.jwt.loginUrl',
    ],
  ])('in production %s %s is refused with its place and what would be right', async (baseUrl, more, at) => {
    const yaml = reachedAt(baseUrl, more);
    expect(await apply(yaml, 'vendors')).toMatchObject({
      kind: 'refused',
      problems: [
        {
          path: `tenants[0].connections[0].${at}`,
          problem: expect.stringContaining('in production only hosts of the vendor'),
          fix: expect.stringContaining('https://'),
        },
      ],
    });
    expect((await apply(yaml)).kind).toBe('applied');
  });
});
