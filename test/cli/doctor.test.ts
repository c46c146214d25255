import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startHubSpotSandbox, type HubSpotSandbox } from '../../sandbox/hubspot/index.ts';
import { startPersonaDeskSandbox, type PersonaDeskSandbox } from '../../sandbox/personadesk/index.ts';
import { paintSeverities } from '../../src/cli/paint-severities.ts';
import {
  applyTenant,
  connectionId,
  MASTER_KEY,
  openTestStore,
  tenantId,
  tenantOf,
  type TestStore,
} from '../store/open-test-store.ts';
import { runCli, type CliRun } from './run-cli.ts';

const SECRETS = {
  API_KEY: 'pd-key-of-the-doctor-test',
  WEBHOOK_SECRET: 'bearer-secret-of-the-doctor-test',
  TOKEN: 'hubspot-token-of-the-doctor-test',
} as const;

interface Report {
  readonly answer: string;
  readonly errors: number;
  readonly connections: readonly {
    readonly created: readonly string[] | null;
    readonly findings: readonly { readonly code: string; readonly severity: string; readonly fixable: boolean }[];
  }[];
}

describe('doctor, between the two sandboxes', () => {
  // A process each, one after the other, on a machine that also runs everything else.
  jest.setTimeout(90_000);

  let opened: TestStore;
  let hubspot: HubSpotSandbox;
  let personaDesk: PersonaDeskSandbox;
  let directory: string;

  beforeAll(async () => {
    [opened, hubspot, personaDesk, directory] = await Promise.all([
      openTestStore(),
      startHubSpotSandbox({ accessTokens: [{ token: SECRETS.TOKEN }] }),
      startPersonaDeskSandbox({ tenants: [{ id: 'ten_acme', name: 'Acme', apiKey: SECRETS.API_KEY }] }),
      mkdtemp(join(tmpdir(), 'crm-sync-doctor-')),
    ]);
    await configure(hubspot.url);
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

  function run(args: readonly string[], secrets: Partial<Record<keyof typeof SECRETS, string>> = {}): Promise<CliRun> {
    return runCli(['doctor', ...args], {
      ...SECRETS,
      ...secrets,
      DATABASE_URL: opened.url,
      CRM_SYNC_MASTER_KEY: MASTER_KEY.toString('base64'),
      CRM_SYNC_DATA_DIR: directory,
      TEMPORAL_ADDRESS: '127.0.0.1:1',
    });
  }

  // The shape is what this test is about.
  const reportOf = (ran: CliRun) => JSON.parse(ran.stdout) as Report;
  const codes = ({ connections }: Report, severity: string) =>
    connections.flatMap(({ findings }) => findings.filter((one) => one.severity === severity).map(({ code }) => code));

  it('an account that lacks our properties is an error that --fix mends, once', async () => {
    const before = await run(['acme-hubspot', '--json']);
    expect(before.exitCode).toBe(1);
    expect(reportOf(before)).toMatchObject({ connections: [{ created: null }] });
    const fixable = reportOf(before).connections.flatMap(({ findings }) => findings.filter((one) => one.fixable));
    expect(fixable.map(({ severity }) => severity)).toEqual(Array.from({ length: 5 }, () => 'error'));

    const fixed = await run(['acme-hubspot', '--fix', '--json']);
    expect(fixed.exitCode).toBe(0);
    expect(reportOf(fixed).connections[0]?.created).toContain('contacts.personadesk_person_key');
    expect(reportOf(fixed)).toMatchObject({
      answer: 'acme-hubspot can be written to. 1 warning.',
      errors: 0,
      connections: [{ lastEventAt: null }],
    });
    expect(codes(reportOf(fixed), 'warning')).toEqual(['no_event_yet']);

    const again = await run(['--fix', '--json']);
    expect(reportOf(again).connections[0]?.created).toEqual([]);
  });

  it('as text, a mended account is the answer, a table and what is left to do', async () => {
    await opened.store.connections.pause(connectionId('acme-hubspot'));
    const { exitCode, stdout } = await run([]);
    await opened.store.connections.resume(connectionId('acme-hubspot'));
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^acme-hubspot can be written to, but is paused\. 2 warnings\.\n\nseverity +about +what\n! warning/,
    );
    expect(stdout).toMatch(/\n✓ ok +PersonaDesk +PersonaDesk takes the API key and knows ten_acme\.\n/);
    expect(stdout).toMatch(
      /→ An operator goes on with: crm-sync resume acme-hubspot\n→ An operator checks in PersonaDesk/,
    );
  });

  it('keys that are not taken are errors of their own side, and are never shown', async () => {
    const wrong = { API_KEY: 'wrong-key-31f', TOKEN: 'wrong-token-77a' };
    const ran = await run(['--json'], wrong);
    expect(ran.exitCode).toBe(1);
    expect(reportOf(ran).answer).toBe(
      'acme-hubspot cannot be written to. PersonaDesk cannot be read. 2 errors, 1 warning.',
    );
    expect(codes(reportOf(ran), 'error')).toEqual(['token_invalid', 'api_key_refused']);
    const text = await run([], wrong);
    const shown = [ran, text].map(({ stdout, stderr }) => stdout + stderr).join();
    for (const value of [...Object.values(SECRETS), ...Object.values(wrong)]) expect(shown).not.toContain(value);
  });

  it('an address where nobody answers is one finding', async () => {
    await configure('http://127.0.0.1:1');
    const ran = await run(['--json']);
    await configure(hubspot.url);
    expect(ran.exitCode).toBe(1);
    expect(codes(reportOf(ran), 'error')).toEqual(['crm_unreachable']);
  });

  it('a connection without an address or credentials is looked at all the same', async () => {
    const log = { id: 'acme-log', crm: 'csv-log', folder: directory };
    for (const connection of tenantOf('ten_acme', [], { connections: [log] }).connections) {
      await opened.store.connections.upsert(tenantId('ten_acme'), connection);
    }
    const ran = await run(['acme-log', '--json']);
    expect(ran.exitCode).toBe(0);
    expect(reportOf(ran)).toMatchObject({ errors: 0, connections: [{ connectionId: 'acme-log', crm: 'csv-log' }] });
    const all = await run(['--json']);
    expect(reportOf(all).connections).toHaveLength(2);
  });
});

describe('the severities of a report', () => {
  const BLOCKS = ['one answer', 'severity  about\n✗ error   CRM  ✓ ok stays\n! warning CRM'];

  it('are coloured at the beginning of a line, and nothing else is', () => {
    expect(paintSeverities(BLOCKS, true)).toEqual([
      'one answer',
      'severity  about\n\u001b[31m✗ error\u001b[39m   CRM  ✓ ok stays\n\u001b[33m! warning\u001b[39m CRM',
    ]);
  });

  it('are plain text without colours', () => {
    expect(paintSeverities(BLOCKS, false)).toBe(BLOCKS);
  });
});
