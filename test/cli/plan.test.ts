import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { stringify } from 'yaml';
import { startHubSpotSandbox, type HubSpotSandbox } from '../../sandbox/hubspot/index.ts';
import { startPersonaDeskSandbox, type PersonaDeskSandbox } from '../../sandbox/personadesk/index.ts';
import { DELIVERY_POLICY } from '../../src/delivery/policy.ts';
import { hubSpotDocument } from '../../src/mapping/defaults/hubspot.ts';
import { salesforceDocument } from '../../src/mapping/defaults/salesforce.ts';
import type { MappingRow } from '../../src/mapping/document/schema.ts';
import {
  applyTenant,
  connectionId,
  MASTER_KEY,
  openTestStore,
  tenantId,
  tenantOf,
  type TestStore,
} from '../store/open-test-store.ts';
import { call, completed, eventsOf } from '../support/scenario-data.ts';
import { takeIn } from '../support/take-in.ts';
import { runCli, runHere, type CliRun } from './run-cli.ts';

const SECRETS = {
  API_KEY: 'pd-key-of-the-plan-test',
  WEBHOOK_SECRET: 'bearer-secret-of-the-plan-test',
  TOKEN: 'hubspot-token-of-the-plan-test',
} as const;

describe('plan, between the two sandboxes', () => {
  // A process each, one after the other, on a machine that also runs everything else.
  jest.setTimeout(90_000);

  let opened: TestStore;
  let hubspot: HubSpotSandbox;
  let personaDesk: PersonaDeskSandbox;
  let directory: string;
  let jane: string | undefined;

  beforeAll(async () => {
    [opened, hubspot, personaDesk, directory] = await Promise.all([
      openTestStore(),
      startHubSpotSandbox({ accessTokens: [{ token: SECRETS.TOKEN }] }),
      startPersonaDeskSandbox({ tenants: [{ id: 'ten_acme', name: 'Acme', apiKey: SECRETS.API_KEY }] }),
      mkdtemp(join(tmpdir(), 'crm-sync-plan-')),
    ]);
    await configure(hubspot.url);
    [jane] = hubspot.seedRecords('contacts', [{ firstname: 'Jane', phone: '+15551230001' }]);
    await hear('conv_jane', '+15551230001');
    await hear('conv_zoe', '+15551230002', { caller_name: 'Zoë Müller' });
    await hear('conv_withheld', 'anonymous');
  });
  afterAll(async () => {
    await Promise.all([opened.close(), hubspot.close(), personaDesk.close(), rm(directory, { recursive: true })]);
  });

  async function configure(hubspotUrl: string): Promise<void> {
    const connection = {
      id: 'acme-hubspot',
      crm: 'hubspot',
      baseUrl: hubspotUrl,
      credentials: { accessToken: { env: 'TOKEN' } },
    };
    const personadesk = { baseUrl: personaDesk.url, apiKey: { env: 'API_KEY' } };
    await applyTenant(opened.store, tenantOf('ten_acme', [], { connections: [connection], personadesk }));
  }

  async function hear(id: string, number: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
    personaDesk.addConversations([call(id, number, { tenant_id: 'ten_acme', ...more })]);
    const events = id === 'conv_jane' ? [eventsOf(id, number)[2], completed(id, number)] : [completed(id, number)];
    const ofAcme = events.map((event) => ({ ...event, data: { ...event.data, tenant_id: 'ten_acme' } }));
    await takeIn(opened.store, tenantId('ten_acme'), ofAcme, { now: new Date(), policy: DELIVERY_POLICY });
  }

  function run(...args: readonly string[]): Promise<CliRun> {
    return runCli(['plan', ...args], {
      ...SECRETS,
      DATABASE_URL: opened.url,
      CRM_SYNC_MASTER_KEY: MASTER_KEY.toString('base64'),
      CRM_SYNC_DATA_DIR: directory,
      TEMPORAL_ADDRESS: '127.0.0.1:1',
    });
  }

  /** A draft in a file: the default document, with another title for calls. */
  async function draft(title: MappingRow): Promise<string> {
    const { activities, ...rest } = hubSpotDocument;
    const call = activities.call.map((row) => (row.field === 'hs_call_title' ? title : row));
    const file = join(directory, 'draft.yaml');
    await writeFile(file, stringify({ ...rest, activities: { ...activities, call } }));
    return file;
  }

  const fields = (stdout: string) => stdout.split('\n').filter((line) => /^(record|person|call|task) /.test(line));

  it('shows the whole plan of one conversation: who, why, and every field with the mode that decided', async () => {
    const { exitCode, stdout, stderr } = await run('conv_jane');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^conv_jane at acme-hubspot: would become ✓ synced\. Nothing was written\.\n/);
    expect(stdout).toContain('\n  Then        The conversation is in the CRM. (written)\n');
    expect(stdout).toContain(`\n  Person      keep contacts ${jane} (matched by phone)\n`);
    expect(fields(stdout)).toEqual([
      'record  field                before  planned                                     mode                     decision',
      'person  phone                -       "+15551230001"                              only on create           keep what is there',
      'person  firstname            -       "Unknown caller"                            only on create           keep what is there',
      'person  lastname             -       "+15551230001"                              only on create           keep what is there',
      'call    hs_timestamp         -       "2026-03-02T10:00:00.000Z"                  overwrite                write',
      'call    hs_call_title        -       "Summary of conv_jane."                     overwrite unless edited  write',
      'call    hs_call_body         -       "<p>Summary of conv_jane.</p><p>Outcome:…"  overwrite unless edited  write',
      'call    hs_call_direction    -       "INBOUND"                                   overwrite                write',
      'call    hs_call_status       -       "COMPLETED"                                 overwrite                write',
      'call    hs_call_disposition  -       "Connected"                                 overwrite                write',
      'call    hs_call_duration     -       "165000"                                    overwrite                write',
      'call    hs_call_from_number  -       "+15551230001"                              overwrite                write',
      'call    hs_call_external_id  -       "conv_jane"                                 overwrite                write',
      'task    hs_timestamp         -       "2026-03-02T10:17:00.000Z"                  only on create           write',
      'task    hs_task_subject      -       "Call back +15551230001"                    only on create           write',
      'task    hs_task_body         -       "The AI receptionist asked for a person.…"  only on create           write',
      'task    hs_task_status       -       "NOT_STARTED"                               only on create           write',
      'task    hs_task_priority     -       "HIGH"                                      only on create           write',
      'task    hs_task_type         -       "CALL"                                      only on create           write',
    ]);
    expect(stdout).toMatch(/\nCRM call +status +took\nproperties +200 /);
    expect(stdout).toMatch(/\n! The account lacks what a delivery creates first: contacts\.personadesk_person_key, /);
    expect(stdout).toMatch(/\n→ create now what is missing: crm-sync doctor acme-hubspot --fix\n$/);
  });

  it('shows the effect on the last conversations: the answer, records, reasons and fields with examples', async () => {
    const { exitCode, stdout } = await run('--last', '50');
    expect(exitCode).toBe(0);
    expect(stdout.split('\n\n').slice(0, 3)).toEqual([
      '3 conversations at acme-hubspot would become: 2 ✓ synced, 1 – skipped. Nothing was written.',
      [
        'record      create  write  keep',
        'people           1      0     1',
        'activities       -      2     0',
        'tasks            -      1     0',
      ].join('\n'),
      [
        'conversations  state      reason           what it means',
        '            2  ✓ synced   written          The conversation is in the CRM.',
        '            1  – skipped  caller_withheld  The caller withheld the number and left no e-mail address.',
      ].join('\n'),
    ]);
    expect(stdout).toContain(
      [
        'call    hs_call_title                    2  conv_zoe   -       "Summary of conv_zoe."',
        '                                            conv_jane  -       "Summary of conv_jane."',
      ].join('\n'),
    );
    expect(stdout).toContain('\n6 CRM calls to look, 2.00 per conversation.\n');
    const last = await run('--last', '1');
    expect(last.stdout).toMatch(/^1 conversation at acme-hubspot would become: /);
  });

  it('as JSON, holds the plans, the effect and the calls, and null for what is not there', async () => {
    const { exitCode, stdout } = await run('--last', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'planned',
      connections: [
        {
          kind: 'previewed',
          connectionId: 'acme-hubspot',
          crm: 'hubspot',
          calls: 6,
          draft: null,
          effect: { conversations: 3, people: { create: 1, update: 0, keep: 1 }, unchecked: [] },
          conversations: [
            { conversationId: 'conv_withheld', state: 'skipped', reason: 'caller_withheld', plan: null },
            { conversationId: 'conv_zoe', readFrom: 'source', plan: { person: { action: 'create' }, task: null } },
            { conversationId: 'conv_jane', uncheckedBecause: null, plan: { reason: 'written' } },
          ],
        },
      ],
    });
  });

  it('compares a draft with the mapping in force: both side by side, then what differs', async () => {
    const file = await draft({
      field: 'hs_call_title',
      from: { template: 'Call: {{conversation.status}}' },
      mode: 'overwrite',
    });
    const { exitCode, stdout } = await run('--last', '--mapping', file);
    expect(exitCode).toBe(0);
    expect(
      stdout
        .replace(/-[0-9a-f]{8}\)/, '-VERSION)')
        .split('\n\n')
        .slice(0, 3),
    ).toEqual([
      'The draft (default-hubspot-VERSION) changes 2 of 3 conversations at acme-hubspot. Nothing was written.',
      [
        '                                     present  draft',
        'people to create                           1      1',
        'people to change                           0      0',
        'activities to write                        2      2',
        'tasks to write                             1      1',
        'synced                                     2      2',
        'skipped                                    1      1',
        'could not be checked                       0      0',
        'CRM calls to look, per conversation     2.00   2.00',
      ].join('\n'),
      [
        'record  field          conversations  example    present                  draft',
        'call    hs_call_title              2  conv_zoe   "Summary of conv_zoe."   "Call: completed"',
        '                                      conv_jane  "Summary of conv_jane."  "Call: completed"',
      ].join('\n'),
    ]);
    const one = await run('conv_zoe', '--mapping', file);
    expect(one.stdout).toContain(
      '\n\nconv_zoe at acme-hubspot, by the draft: would become ✓ synced. Nothing was written.\n',
    );
    expect(one.stdout).toContain('\nWhat the draft changes:\nrecord  field ');
  });

  it('a draft with a mistake is answered with line, path, problem and fix, and is not tried', async () => {
    const asked = hubspot.requestLog().filter(({ endpoint }) => endpoint === 'search').length;
    const file = await draft({ field: 'hs_call_titel', from: { path: 'conversation.summary' }, mode: 'overwrite' });
    const { exitCode, stdout } = await run('--last', '--mapping', file);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^The mapping cannot be used at acme-hubspot: 1 problem\. Nothing was planned\.\n/);
    expect(stdout).toMatch(/\n✗ line \d+, activities\.call\[1\]\.field: .*hs_call_titel.*\n {2}fix: .*hs_call_title/);
    expect(hubspot.requestLog().filter(({ endpoint }) => endpoint === 'search')).toHaveLength(asked);

    await writeFile(file, 'version: 1\ncrm: [');
    expect((await run('--last', '--mapping', file)).stdout).toMatch(/^The mapping cannot be used: 1 problem\./);
    await writeFile(file, stringify(salesforceDocument));
    expect((await run('--last', '--mapping', file)).stdout).toMatch(/✗ line 2, crm: no connection is to salesforce\n/);
    const named = await run('--last', '--mapping', file, '--connection', 'acme-hubspot');
    expect(named.stdout).toMatch(/✗ line 2, crm: the mapping is for salesforce, the connection is to hubspot\n/);
  });

  it('what could not be checked is said, and makes the answer incomplete', async () => {
    hubspot.injectFault({ match: { path: '/search' }, times: 50, fault: { kind: 'html-502' } });
    const { exitCode, stdout } = await run('--last');
    hubspot.clearFaults();
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^3 conversations at acme-hubspot would become: 1 – skipped; 2 could not be checked\./);
    expect(stdout).toMatch(/\n→ why it could not be checked: crm-sync doctor acme-hubspot\n/);
  });

  it('a CRM that has asked for rest is not asked', async () => {
    const until = new Date(Date.now() + 3_600_000);
    await opened.store.connections.park(connectionId('acme-hubspot'), until, 'hubspot.RATE_LIMITS');
    const asked = hubspot.requestLog().length;
    const { exitCode, stdout } = await run('conv_jane');
    await opened.store.connections.unpark(connectionId('acme-hubspot'));
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^acme-hubspot is left alone until .* \(hubspot\.RATE_LIMITS\): nothing was asked/);
    expect(hubspot.requestLog()).toHaveLength(asked);
  });

  it('a conversation or a connection that nobody knows is a failure', async () => {
    const [conversation, connection] = [await run('conv_none'), await run('conv_jane', '--connection', 'acme-other')];
    expect([conversation.exitCode, connection.exitCode]).toEqual([1, 1]);
    expect(conversation.stdout).toMatch(/^No connection has heard of conv_none: there is nothing to plan\.\n/);
    expect(connection.stdout).toMatch(/^There is no connection acme-other\.\n/);
  });
});

describe('plan, wrongly used', () => {
  it.each([
    [[], 'Say what to plan: a conversation id, or --last N.'],
    [['conv_1', '--last', '5'], 'Say a conversation id or --last N, not both.'],
    [['--last', '0'], '--last takes a whole number from 1 to 1,000.'],
    [['--last', '1001'], '--last takes a whole number from 1 to 1,000.'],
    [['--last', 'many'], '--last takes a whole number from 1 to 1,000.'],
    [
      ['--last', '--mapping', '/nowhere/draft.yaml'],
      '/nowhere/draft.yaml does not exist: name a file that can be read.',
    ],
  ])('%j is answered with what to say instead', async (args, message) => {
    expect(await runHere(['plan', ...args])).toEqual({ exitCode: 2, stdout: '', stderr: `${message}\n` });
  });
});
