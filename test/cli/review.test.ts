import { userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { REFUSED_TRACE, settle } from '../admin/seed.ts';
import {
  applyTenant,
  MASTER_KEY,
  openTestStore,
  restingIn,
  tenantOf,
  type TestStore,
} from '../store/open-test-store.ts';
import { runCli, runHere, type CliRun } from './run-cli.ts';

describe('crm-sync review on a real database, with Temporal away', () => {
  // A process each, one after the other, on a machine that also runs everything else.
  jest.setTimeout(90_000);

  let opened: TestStore;

  beforeAll(async () => {
    opened = await openTestStore();
    await applyTenant(opened.store, tenantOf('ten_acme', ['acme-1']));
    const place = { tenant: 'ten_acme', connection: 'acme-1', conversation: 'conv_1' };
    await settle(opened.store, place, restingIn('needs_review'), { trace: REFUSED_TRACE });
  });
  afterAll(() => opened.close());

  function run(...args: readonly string[]): Promise<CliRun> {
    return runCli(['review', ...args], {
      DATABASE_URL: opened.url,
      CRM_SYNC_MASTER_KEY: MASTER_KEY.toString('base64'),
      // Port 1 is refused at once.
      TEMPORAL_ADDRESS: '127.0.0.1:1',
    });
  }

  it('lists, chooses for always in the name of the user, shows and forgets', async () => {
    const listed = await run('--json');
    expect(listed.exitCode).toBe(0);
    expect(JSON.parse(listed.stdout)).toMatchObject({
      kind: 'listed',
      total: 1,
      items: [{ conversationId: 'conv_1', maskedNumber: '+1 555 ***4567', candidates: [{ link: null }, {}] }],
    });
    const chosen = await run('conv_1', '--connection', 'acme-1', '--choose', 'contacts:77', '--always');
    expect(chosen).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('conv_1 goes to contacts:77') });
    expect(chosen.stdout).toContain('Temporal did not answer');
    const shown = await run('conv_1', '--json');
    expect(JSON.parse(shown.stdout)).toMatchObject({
      connections: [{ state: 'due', choices: [{ by: userInfo().username, scope: 'caller' }] }],
    });
    const again = await run('conv_1', '--skip');
    expect(again).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('does not wait for a person') });
    expect(await run('--forget', 'conv_1')).toMatchObject({ exitCode: 0 });
    expect(await run('conv_1', '--forget')).toMatchObject({ exitCode: 1 });
    expect((await run()).stdout).toContain('No conversation waits for a person.');
  });

  it('ends with 1 for what is not there', async () => {
    const runs = await Promise.all([run('--connection', 'nowhere'), run('conv_9'), run('conv_9', '--create')]);
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([1, 1, 1]);
    expect(runs.map(({ stdout }) => stdout.split('\n')[0])).toEqual([
      'There is no connection nowhere.',
      'No connection has heard of conv_9.',
      'No connection has heard of conv_9.',
    ]);
  });
});

describe('crm-sync review with arguments that make no sense', () => {
  it.each([
    [['conv_1', '--choose', 'contacts'], '--choose takes a record as OBJECT:ID'],
    [['conv_1', '--choose', 'contacts: 5'], '--choose takes a record as OBJECT:ID'],
    [['conv_1', '--create', '--skip'], 'Say one of --choose OBJECT:ID, --create, --skip and --forget.'],
    [['conv_1', '--skip', '--forget'], 'Say one of --choose OBJECT:ID, --create, --skip and --forget.'],
    [['conv_1', '--always'], '--always says for how long'],
    [['--skip'], 'Say which conversation is meant'],
    [['--forget'], 'Say which conversation is meant'],
  ])('%j ends with 2 and a sentence', async (args, sentence) => {
    const { exitCode, stderr } = await runHere(['review', ...args]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(sentence)]);
  });
});
