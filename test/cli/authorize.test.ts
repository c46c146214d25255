import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startSalesforceSandbox, type SalesforceSandbox } from '../../sandbox/salesforce/index.ts';
import { waitForSignIn } from '../../src/cli/wait-for-sign-in.ts';
import { eventually, freePorts } from '../runtime/process-table.ts';
import {
  applyTenant,
  at,
  connectionId,
  MASTER_KEY,
  NOW,
  openTestStore,
  tenantOf,
  type TestStore,
} from '../store/open-test-store.ts';
import { cleanEnvironment, MAIN } from '../support/started-product.ts';
import { runCli, type CliRun } from './run-cli.ts';

/** A process that loads everything it needs, on a machine that also runs everything else. */
const START_MS = 60_000;
const ID = connectionId('acme-salesforce');

describe('authorize, with an admin process and a CRM', () => {
  let opened: TestStore;
  let salesforce: SalesforceSandbox;
  let directory: string;
  let admin: ChildProcess;
  let environment: Readonly<Record<string, string>>;

  beforeAll(async () => {
    const [port = 0, elsewhere = 0] = await freePorts(2);
    const callbackUrls = [`http://localhost:${port}/oauth/callback`];
    const app = { clientId: 'sandbox-client-id', clientSecret: 'client-secret-of-the-test', callbackUrls };
    [opened, salesforce, directory] = await Promise.all([
      openTestStore(),
      startSalesforceSandbox({ connectedApps: [app] }),
      mkdtemp(join(tmpdir(), 'crm-sync-authorize-')),
    ]);
    const oauth = { clientId: 'sandbox-client-id', clientSecret: { env: 'CLIENT_SECRET' } };
    const connection = { id: ID, crm: 'salesforce', baseUrl: salesforce.url, credentials: { oauth } };
    const other = { id: 'acme-token', crm: 'hubspot', credentials: { accessToken: { env: 'CLIENT_SECRET' } } };
    await applyTenant(opened.store, tenantOf('ten_acme', [], { connections: [connection, other] }));
    environment = {
      DATABASE_URL: opened.url,
      CRM_SYNC_MASTER_KEY: MASTER_KEY.toString('base64'),
      CRM_SYNC_DATA_DIR: directory,
      CRM_SYNC_ADMIN_PORT: String(port),
      CRM_SYNC_INTAKE_PORT: String(elsewhere),
      CLIENT_SECRET: 'client-secret-of-the-test',
    };
    admin = spawn(process.execPath, [MAIN, 'admin'], {
      cwd: directory,
      env: cleanEnvironment(environment),
      stdio: 'ignore',
    });
    await eventually('the admin', async () => (await readiness(port)) === 200, START_MS);
  }, START_MS);
  afterAll(async () => {
    if (admin.exitCode === null) admin.kill('SIGKILL');
    await Promise.all([opened.close(), salesforce.close(), rm(directory, { recursive: true })]);
  });
  beforeEach(() => opened.sql('truncate tokens'));

  async function readiness(port: number): Promise<number | undefined> {
    // Until it listens, a request fails; the deadline says when that has gone on for too long.
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    await answer?.arrayBuffer();
    return answer?.status;
  }

  interface Waiting {
    readonly child: ChildProcess;
    /** The address that it prints. */
    readonly url: string;
    readonly ended: Promise<CliRun>;
  }

  async function startWaiting(args: readonly string[]): Promise<Waiting> {
    const { PATH } = process.env;
    const child = spawn(process.execPath, [MAIN, 'authorize', ...args], {
      env: { PATH, NODE_ENV: 'production', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exited = once(child, 'close');
    const [stdout, stderr]: [string[], string[]] = [[], []];
    const found = Promise.withResolvers<string>();
    const read = (line: string, lines: string[]) => {
      lines.push(line);
      if (line.startsWith('http')) found.resolve(line);
    };
    createInterface(child.stdout).on('line', (line) => read(line, stdout));
    createInterface(child.stderr).on('line', (line) => read(line, stderr));
    const ended = exited.then(() => ({
      exitCode: child.exitCode,
      stdout: stdout.join('\n'),
      stderr: stderr.join('\n'),
    }));
    void ended.then(() => found.reject(new Error(`no address: ${[...stdout, ...stderr].join('\n')}`)));
    return { child, url: await found.promise, ended };
  }

  /** What a browser does: it opens the address and goes where it is sent. */
  async function browse(url: string): Promise<string> {
    return (await fetch(url)).text();
  }

  it('prints the address, waits until somebody has signed in, and says so', async () => {
    const { url, ended } = await startWaiting([ID]);
    expect(await browse(url)).toContain(`${ID} is signed in to account`);
    const { exitCode, stdout } = await ended;
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`${ID} is signed in to account`)]);
    expect(stdout).toMatch(/good for one use until .*callback URL is http:\/\/localhost:\d+\/oauth\/callback/);
  });

  it('with --json the one document on stdout says what came of it', async () => {
    salesforce.setOptions({ consent: 'deny' });
    const { url, ended } = await startWaiting([ID, '--json']);
    await browse(url);
    salesforce.setOptions({ consent: 'allow' });
    const { exitCode, stdout } = await ended;
    expect([exitCode, JSON.parse(stdout)]).toEqual([1, { connectionId: ID, kind: 'denied', code: 'access_denied' }]);
  });

  it('Ctrl-C ends the waiting, not the sign-in', async () => {
    const { child, url, ended } = await startWaiting([ID]);
    child.kill('SIGINT');
    await ended;
    expect(await browse(url)).toContain(`${ID} is signed in to account`);
  });

  it('says at once what cannot be: no such connection, another way in, nobody to come back to', async () => {
    expect(await runCli(['authorize', 'nobody'], environment)).toMatchObject({ exitCode: 1 });
    const other = await runCli(['authorize', 'acme-token'], environment);
    expect(other).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('does not sign in by browser') });
    const { CRM_SYNC_INTAKE_PORT: nobody = '' } = environment;
    const away = { ...environment, CRM_SYNC_ADMIN_PORT: nobody, CRM_SYNC_INTAKE_PORT: '1' };
    const alone = await runCli(['authorize', ID], away);
    expect(alone).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('The admin does not answer on port') });
  });
});

describe('who waits for a sign-in', () => {
  const begun = { authorizationId: 'a', expiresAt: at(600) };

  /** Lets two minutes pass with each look. */
  async function wait(progress: { readonly usedAt: Date | undefined; readonly outcome: undefined }) {
    let looks = 0;
    const printed: string[] = [];
    const now = () => at(120 * looks);
    const authorizations = { progress: () => Promise.resolve((looks += 1) > 0 ? progress : undefined) };
    const came = await waitForSignIn(begun, authorizations, { now, print: (line) => void printed.push(line) }, 0);
    return { came, printed };
  }

  it('is told how much time is left, and at last that it is over', async () => {
    const { came, printed } = await wait({ usedAt: undefined, outcome: undefined });
    expect(came).toEqual({ kind: 'expired' });
    expect(printed.map((line) => /good for (\d+) min/.exec(line)?.[1])).toEqual(['8', '6', '4', '2', '0']);
  });

  it('is told that the exchange was interrupted', async () => {
    expect((await wait({ usedAt: NOW, outcome: undefined })).came).toEqual({ kind: 'interrupted' });
  });
});
