import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { changed, FILE, SECRET_VALUES } from '../admin/configuration-file.ts';
import { settle } from '../admin/seed.ts';
import { MASTER_KEY, openTestStore, restingIn, type TestStore } from '../store/open-test-store.ts';
import { runCli, type CliRun } from './run-cli.ts';

/** A row of the test database in its real clock would be years old: only states and words are looked at here. */
describe('the commands on a real database, with Temporal away', () => {
  // A process each, one after the other, on a machine that also runs everything else.
  jest.setTimeout(90_000);

  let opened: TestStore;
  let directory: string;
  let file: string;

  beforeAll(async () => {
    opened = await openTestStore();
    directory = await mkdtemp(join(tmpdir(), 'crm-sync-commands-'));
    file = join(directory, 'crm-sync.yaml');
    await writeFile(file, FILE);
  });
  afterAll(async () => {
    await opened.close();
    await rm(directory, { recursive: true });
  });

  function run(...args: readonly string[]): Promise<CliRun> {
    return runCli(args, {
      ...SECRET_VALUES,
      DATABASE_URL: opened.url,
      CRM_SYNC_MASTER_KEY: MASTER_KEY.toString('base64'),
      CRM_SYNC_DATA_DIR: directory,
      // Port 1 is refused at once.
      TEMPORAL_ADDRESS: '127.0.0.1:1',
    });
  }

  it('apply, export and apply again end without a difference, and no secret is shown', async () => {
    const dry = await run('apply', file, '--dry-run');
    const first = await run('apply', file);
    const exported = await run('export');
    await writeFile(join(directory, 'exported.yaml'), exported.stdout);
    const again = await run('apply', join(directory, 'exported.yaml'), '--json');
    expect([dry, first, exported, again].map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
    expect(dry.stdout).toContain('nothing was changed');
    expect(first.stdout).toContain('+ connection acme-hubspot');
    expect(first.stdout).toContain('Temporal did not answer');
    expect(first.stdout).toContain(
      'webhooks of ten_acme go to http://127.0.0.1:8081/webhooks/personadesk/acme-endpoint',
    );
    expect(JSON.parse(again.stdout)).toMatchObject({
      kind: 'applied',
      changes: [{ kind: 'unchanged' }, { kind: 'unchanged' }],
    });
    const shown = JSON.stringify([dry, first, exported, again]);
    for (const value of Object.values(SECRET_VALUES)) expect(shown).not.toContain(value);
  });

  it('apply with a problem ends with 1, names place and fix, and changes nothing', async () => {
    const broken = join(directory, 'broken.yaml');
    await writeFile(broken, changed('crm: hubspot', 'crm: hubspott'));
    const { exitCode, stdout } = await run('apply', broken);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      'line 18, tenants[0].connections[0].crm: only hubspot, salesforce, csv-log can stand here',
    );
    expect(stdout).toContain('fix: write `crm: hubspot`');
  });

  it('status, explain and retry tell of a failed conversation, and the retry makes it due', async () => {
    const place = { tenant: 'ten_acme', connection: 'acme-hubspot', conversation: 'conv_1' };
    await settle(opened.store, place, restingIn('failed'));
    const [status, explained] = await Promise.all([run('status', '--json'), run('explain', 'conv_1')]);
    expect(JSON.parse(status.stdout)).toMatchObject({
      connections: [{ connectionId: 'acme-hubspot', healthReason: null, freshness: null, counts: { failed: 1 } }],
      needsPerson: [{ reason: 'crm_refused_record', count: 1 }],
    });
    expect(explained.stdout).toMatch(/^conv_1 at acme-hubspot: ✗ failed\n/);
    expect(explained.stdout).toContain('crm-sync retry conv_1');
    const retried = await run('retry', '--reason', 'crm_refused_record');
    expect(retried).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('1 delivery is due again') });
    const again = await run('retry', '--reason', 'crm_refused_record');
    expect(again).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('Nothing to retry') });
  });

  it('an unknown conversation, connection or tenant ends with 1', async () => {
    const runs = await Promise.all([
      run('explain', 'conv_9'),
      run('pause', 'nowhere'),
      run('send-test-event', 'ten_9'),
      run('doctor', 'nowhere'),
    ]);
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([1, 1, 1, 1]);
    expect(runs.map(({ stdout }) => stdout.split('\n')[0])).toEqual([
      'No connection has heard of conv_9.',
      'There is no connection nowhere.',
      'There is no tenant ten_9.',
      'There is no connection nowhere.',
    ]);
  });

  it('a pause without Temporal stands in the database and is shown by the status', async () => {
    expect(await run('pause', 'acme-hubspot')).toMatchObject({ exitCode: 0 });
    expect((await run('status')).stdout).toContain('acme-hubspot is paused.');
    expect((await run('resume', 'acme-hubspot', '--json')).stdout).toContain('"before": "paused"');
  });
});
