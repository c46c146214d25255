import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli, runHere } from './run-cli.ts';

const MASTER_KEY = Buffer.alloc(32, 7).toString('base64');

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'crm-sync-cli-'));
});
afterAll(() => rm(directory, { recursive: true }));

describe('wrong usage ends with 2 and a sentence', () => {
  const cases: readonly (readonly [args: readonly string[], says: RegExp])[] = [
    [['frobnicate'], /unknown command 'frobnicate'/],
    [['status', '--frobnicate'], /unknown option '--frobnicate'/],
    [['explain'], /missing required argument 'conversation'/],
    [['explain', 'a', 'b'], /too many arguments/],
    [['explain', 'conv 1'], /conversation id holds something/],
    [['retry'], /Say what to retry/],
    [['retry', '--reason', 'no_such_code'], /no such reason code.*crm_refused_record/],
    [['pause', 'a b'], /connection id holds something/],
    [['doctor', 'a b'], /connection id holds something/],
    [['doctor', 'a', 'b'], /too many arguments/],
    [['apply'], /missing required argument 'file'/],
    [['apply', '/nonexistent/crm.yaml'], /\/nonexistent\/crm\.yaml does not exist/],
    [['apply', tmpdir()], /is a folder/],
    [['send-test-event', '../x'], /tenant id holds something/],
  ];

  // In this process: wrong usage is found before anything is opened, and a process each would cost half a minute.
  it.each(cases)('%j', async (args, says) => {
    const { exitCode, stdout, stderr } = await runHere(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(says);
  });

  it('with --json is one document on stdout', async () => {
    const { exitCode, stdout } = await runHere(['retry', '--json']);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'usage' } });
  });

  it('and is the exit code of the process', async () => {
    expect((await runCli(['status', '--frobnicate'])).exitCode).toBe(2);
  });
});

describe('an unreachable database ends with 3 and one sentence', () => {
  const NOBODY = 'postgresql://somebody:geheim99@127.0.0.1:1/crm_sync';

  it.each([['status'], ['retry', 'conv_123'], ['send-test-event', 'ten_demo'], ['doctor', '--fix']])(
    '%s',
    async (...args) => {
      const environment = { DATABASE_URL: NOBODY, CRM_SYNC_MASTER_KEY: MASTER_KEY, CRM_SYNC_DATA_DIR: directory };
      const { exitCode, stdout, stderr } = await runCli(args, environment);
      expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
      expect(stderr).toBe(
        'PostgreSQL is not reachable at 127.0.0.1:1/crm_sync: start it with `npm start`, or correct DATABASE_URL.\n',
      );
    },
  );

  it('also when no database is known at all', async () => {
    const { exitCode, stderr } = await runCli(['status'], { CRM_SYNC_DATA_DIR: directory });
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/npm start/);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('with --json is one document that holds no password', async () => {
    const environment = { DATABASE_URL: NOBODY, CRM_SYNC_MASTER_KEY: MASTER_KEY, CRM_SYNC_DATA_DIR: directory };
    const { exitCode, stdout, stderr } = await runCli(['status', '--json'], environment);
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'postgresql_unreachable' } });
    expect(stdout + stderr).not.toContain('geheim99');
  });
});

describe('settings that cannot be used end with 1 and a sentence', () => {
  it('a wrong master key', async () => {
    const environment = { DATABASE_URL: 'postgresql://127.0.0.1:1/x', CRM_SYNC_MASTER_KEY: 'short' };
    const { exitCode, stderr } = await runCli(['status'], environment);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('CRM_SYNC_MASTER_KEY');
  });

  it('a note of the services that is none', async () => {
    await writeFile(join(directory, 'runtime.json'), '{');
    const { exitCode, stderr } = await runCli(['status'], { CRM_SYNC_DATA_DIR: directory });
    await rm(join(directory, 'runtime.json'));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('runtime.json');
  });
});

describe('help ends with 0', () => {
  it('and names every command, except the hidden one', async () => {
    const { exitCode, stdout } = await runCli(['--help']);
    expect(exitCode).toBe(0);
    for (const command of [
      'start',
      'intake',
      'worker',
      'admin',
      'apply',
      'export',
      'status',
      'explain',
      'doctor',
      'retry',
      'pause',
      'resume',
      'send-test-event',
    ]) {
      expect(stdout).toContain(`  ${command} `);
    }
    expect(stdout).not.toContain('sandbox');
  });
});
