import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stopEmbeddedPostgres } from '../../src/runtime/embedded/postgres.ts';
import { stopEmbeddedTemporal } from '../../src/runtime/embedded/temporal.ts';
import { eventually, freePorts, isAlive, processTable, untilGone } from './process-table.ts';

/** Starting everything takes about five seconds; a busy machine takes several times as long. */
const START_MS = 120_000;
const MAIN = resolve('src/cli/main.ts');

interface Ports {
  readonly admin: number;
  readonly intake: number;
  readonly hubSpot: number;
  readonly variables: Readonly<Record<string, string>>;
}

/** `npm start` as a person would see it. */
class StartedProduct {
  output = '';
  readonly process: ChildProcess;
  readonly ended: Promise<number | null>;

  constructor(dataDirectory: string, ports: Ports) {
    const inherited = Object.entries(process.env).filter(([name]) => !/^(CRM_SYNC|TEMPORAL|DATABASE_URL)/.test(name));
    this.process = spawn(process.execPath, [MAIN, 'start'], {
      cwd: tmpdir(),
      env: { ...Object.fromEntries(inherited), ...ports.variables, CRM_SYNC_DATA_DIR: dataDirectory },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    }
    this.ended = new Promise((resolveEnd) => this.process.once('close', resolveEnd));
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  async untilRunning(): Promise<void> {
    await eventually(
      'the greeting',
      () => {
        if (this.process.exitCode !== null) throw new Error(`it ended: ${this.output}`);
        return this.output.includes('Ctrl-C stops everything');
      },
      START_MS,
    );
  }

  /** The processes it started and watches. */
  async children(): Promise<readonly number[]> {
    return (await processTable())
      .filter(({ parent, command }) => parent === this.pid && command.includes(MAIN))
      .map(({ pid }) => pid);
  }
}

async function choosePorts(): Promise<Ports> {
  const [admin = 0, intake = 0, worker = 0, personaDesk = 0, hubSpot = 0] = await freePorts(5);
  const variables = {
    CRM_SYNC_ADMIN_PORT: String(admin),
    CRM_SYNC_INTAKE_PORT: String(intake),
    CRM_SYNC_WORKER_METRICS_PORT: String(worker),
    CRM_SYNC_SANDBOX_PERSONADESK_PORT: String(personaDesk),
    CRM_SYNC_SANDBOX_HUBSPOT_PORT: String(hubSpot),
  };
  return { admin, intake, hubSpot, variables };
}

/** PostgreSQL and Temporal of a data directory; both have its path among their arguments. */
async function serversOf(dataDirectory: string): Promise<readonly number[]> {
  const rows = (await processTable()).filter(({ command }) => command.includes(`${dataDirectory}/`));
  // A backend that PostgreSQL has just forked shows its parent's arguments for a moment.
  return rows.filter(({ parent }) => !rows.some(({ pid }) => pid === parent)).map(({ pid }) => pid);
}

async function occupy(port: number): Promise<() => Promise<void>> {
  const server = createServer();
  await new Promise((listening) => server.listen(port, '127.0.0.1', () => listening(undefined)));
  return () => new Promise((closed) => server.close(() => closed()));
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crm-sync-start-'));
});
afterAll(async () => {
  for (const name of ['whole', 'taken']) {
    await stopEmbeddedTemporal(join(folder, name, 'temporal'));
    await stopEmbeddedPostgres(join(folder, name, 'postgres'));
  }
  await rm(folder, { recursive: true });
}, 60_000);

describe('start', () => {
  it(
    'runs everything, refuses a second start, and leaves no process behind however it ends',
    async () => {
      const dataDirectory = join(folder, 'whole');
      const ports = await choosePorts();
      const first = new StartedProduct(dataDirectory, ports);
      await first.untilRunning();
      expect((await fetch(`http://127.0.0.1:${ports.admin}/`)).status).toBe(200);
      expect((await fetch(`http://127.0.0.1:${ports.hubSpot}/`)).status).toBe(200);
      expect((await fetch(`http://127.0.0.1:${ports.intake}/readyz`)).status).toBe(200);

      const second = new StartedProduct(dataDirectory, await choosePorts());
      expect(await second.ended).toBe(1);
      expect(second.output).toContain(`CRM Sync is already running on ${dataDirectory} (process ${first.pid})`);

      // Killed: its children end by themselves; the servers outlive it, and the next start takes them over.
      const orphans = await first.children();
      expect(orphans).toHaveLength(4);
      const servers = await serversOf(dataDirectory);
      first.process.kill('SIGKILL');
      await Promise.all(orphans.map((pid) => untilGone(pid, 60_000)));
      expect(await serversOf(dataDirectory)).toEqual(servers);

      const third = new StartedProduct(dataDirectory, ports);
      await third.untilRunning();
      expect(await serversOf(dataDirectory)).toEqual(servers);
      const children = await third.children();
      expect(children).toHaveLength(4);

      third.process.kill('SIGINT');
      expect(await third.ended).toBe(0);
      expect(third.output).toMatch(/Stopping\.\nStopped\./);
      const survivors = await Promise.all([...children, ...servers].map(isAlive));
      expect(survivors).not.toContain(true);
      await expect(readFile(join(dataDirectory, 'runtime.json'))).rejects.toMatchObject({ code: 'ENOENT' });
    },
    4 * START_MS,
  );

  it(
    'a taken port is one sentence and exit code 1, and nothing stays running, even when it is found late',
    async () => {
      const dataDirectory = join(folder, 'taken');
      const ports = await choosePorts();
      for (const [port, variable] of [
        [ports.intake, 'CRM_SYNC_INTAKE_PORT'],
        // The sandboxes' ports are looked at once the database has said that the demo runs.
        [ports.hubSpot, 'CRM_SYNC_SANDBOX_HUBSPOT_PORT'],
      ] as const) {
        const free = await occupy(port);
        const start = new StartedProduct(dataDirectory, ports);
        expect(await start.ended).toBe(1);
        expect(start.output).toContain(
          `Port ${port} is in use by another program: set ${variable} to a free port, or free it, and start again.`,
        );
        expect(await serversOf(dataDirectory)).toEqual([]);
        await free();
      }
    },
    2 * START_MS,
  );

  it('wrong settings are said before anything is started', async () => {
    const dataDirectory = join(folder, 'wrong');
    const start = new StartedProduct(dataDirectory, {
      ...(await choosePorts()),
      variables: { CRM_SYNC_ADMIN_PORT: 'http' },
    });
    expect(await start.ended).toBe(1);
    expect(start.output).toContain('CRM_SYNC_ADMIN_PORT is not a port from 1 to 65535.');
    await expect(readFile(dataDirectory)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
