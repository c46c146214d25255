import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { databaseServerUser } from '../../src/runtime/embedded/os-user.ts';
import {
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../src/runtime/embedded/postgres.ts';
import { identifyProcess, isRunning, type ProcessIdentity } from '../../src/runtime/embedded/process-identity.ts';
import { waitUntil } from '../../src/runtime/embedded/wait-until.ts';

const POSTGRES_MODULE = new URL('../../src/runtime/embedded/postgres.ts', import.meta.url).href;
/** The death of a process loses nothing that was handed to the system; only the loss of power does, and no test switches it off. */
const QUICK = { fsync: 'off' };
const WAIT_MS = 10_000;

let dataDirectory: string;
let cleanUps: (() => Promise<unknown>)[];

beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'embedded-postgres-'));
  // Enterable, so that as root too the cluster is in this folder.
  await chmod(dataDirectory, 0o711);
  cleanUps = [removeData, () => stopEmbeddedPostgres(dataDirectory)];
});

afterEach(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

describe('embedded PostgreSQL', () => {
  it('keeps its rows across an orderly stop and start, and creates the cluster once', async () => {
    const lines: string[] = [];
    const first = await start((line) => lines.push(line));
    await insertRow(first.url, 'kept');
    await first.stop();
    const second = await start((line) => lines.push(line));
    expect(second.attached).toBe(false);
    expect(await readRows(second.url)).toEqual(['kept']);
    expect(lines).toEqual(['Creating the embedded database, once.']);
  });

  it('outlives the kill of everything in its parent’s process group, and the next start attaches to it', async () => {
    const parent = await startInOwnGroup();
    process.kill(-parent.pid, 'SIGKILL');
    await parent.ended;
    const next = await start();
    expect(next).toMatchObject({ attached: true, pid: parent.server.pid, url: parent.server.url });
    expect(await readRows(next.url)).toEqual([]);
  });

  it('recovers every committed row after its own processes were killed', async () => {
    const first = await start();
    await insertRow(first.url, 'committed');
    await killServer(first);
    const second = await start();
    expect(second.attached).toBe(false);
    expect(second.pid).not.toBe(first.pid);
    expect(await readRows(second.url)).toEqual(['committed']);
  });

  it('starts although a stale postmaster.pid names another program of the same user', async () => {
    const first = await start();
    await insertRow(first.url, 'kept');
    const pidFile = join(dataDirectory, 'cluster', 'postmaster.pid');
    const [, ...otherLines] = (await readFile(pidFile, 'utf8')).split('\n');
    await first.stop();
    const bystander = await startBystander();
    await writeFile(pidFile, [bystander.pid, ...otherLines].join('\n'));

    const second = await start();
    expect(second.attached).toBe(false);
    expect(await readRows(second.url)).toEqual(['kept']);
    await second.stop();
    expect(await isRunning(bystander)).toBe(true);
  });

  it('is one server when several starts on one folder coincide', async () => {
    const all = await Promise.all([start(), start(), start()]);
    expect(new Set(all.map(({ pid }) => pid)).size).toBe(1);
    expect(all.map(({ attached }) => attached).sort()).toEqual([false, true, true]);
  });

  it('is not fooled by a cluster whose creation was interrupted', async () => {
    const draft = join(dataDirectory, 'cluster.draft-1');
    await mkdir(draft);
    await writeFile(join(draft, 'PG_VERSION'), '18\n');
    const server = await start();
    expect(await readRows(server.url)).toEqual([]);
    expect(await readdir(dataDirectory)).not.toContain('cluster.draft-1');
  });

  it('is stopped by a caller that attached to it, and a second stop does nothing', async () => {
    const first = await start();
    const second = await start();
    const identity = await identityOf(first.pid);
    await second.stop();
    expect(await isRunning(identity)).toBe(false);
    await first.stop();
    await second.stop();
  });

  it('takes settings over its defaults and listens on no network', async () => {
    const server = await startEmbeddedPostgres({
      dataDirectory,
      database: 'crm_sync',
      settings: { fsync: 'off', max_connections: '20' },
      report: () => undefined,
    });
    const settings = await query(
      server.url,
      "SELECT name, setting FROM pg_settings WHERE name = ANY('{fsync,max_connections,listen_addresses,data_checksums,server_encoding}') ORDER BY name",
    );
    expect(Object.fromEntries(settings.map((row) => [row.name, row.setting]))).toEqual({
      data_checksums: 'on',
      fsync: 'off',
      listen_addresses: '',
      max_connections: '20',
      server_encoding: 'UTF8',
    });
  });

  it('writes nothing of a failed statement to its log', async () => {
    const server = await start();
    await expect(query(server.url, "SELECT 'caller said this'::integer")).rejects.toThrow('caller said this');
    await server.stop();
    const log = await readFile(join(dataDirectory, 'server.log'), 'utf8');
    expect(log).toContain('database system is ready');
    expect(log).not.toContain('caller said this');
  });

  it('names the log file, and not what is in it, when the server refuses to start', async () => {
    const starting = startEmbeddedPostgres({
      dataDirectory,
      database: 'crm_sync',
      settings: { max_connections: 'plenty' },
      report: () => undefined,
    });
    await expect(starting).rejects.toThrow(`PostgreSQL did not start; ${join(dataDirectory, 'server.log')} says why.`);
  });

  it('keeps the cluster where the server’s user can reach it when only we can enter the data directory', async () => {
    await chmod(dataDirectory, 0o700);
    const first = await start();
    await insertRow(first.url, 'kept');
    await first.stop();
    const pointer = await readPointer();
    // A normal user runs the server itself and needs no other place.
    expect(pointer !== undefined).toBe(process.getuid?.() === 0);
    const second = await start();
    expect(await readRows(second.url)).toEqual(['kept']);
    await second.stop();
  });

  it('refuses to start empty when the cluster it points to is gone', async () => {
    const pointer = join(dataDirectory, 'database-location');
    await writeFile(pointer, '/nowhere/cluster\n');
    cleanUps.push(() => rm(pointer));
    await expect(start()).rejects.toThrow('which is gone: bring that folder back');
  });
});

async function start(report: (line: string) => void = () => undefined): Promise<EmbeddedPostgres> {
  return await startEmbeddedPostgres({ dataDirectory, database: 'crm_sync', settings: QUICK, report });
}

interface ParentProcess {
  readonly pid: number;
  readonly ended: Promise<unknown>;
  readonly server: { readonly pid: number; readonly url: string };
}

/** Starts the server from another Node process, which leads a process group of its own as a shell's job does. */
async function startInOwnGroup(): Promise<ParentProcess> {
  const script = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(POSTGRES_MODULE)});
    const { pid, url } = await startEmbeddedPostgres({
      dataDirectory: ${JSON.stringify(dataDirectory)}, database: 'crm_sync', settings: ${JSON.stringify(QUICK)}, report: () => undefined,
    });
    console.log(JSON.stringify({ pid, url }));
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const [line] = (await once(child.stdout, 'data')) as readonly unknown[];
  // The script above prints exactly this, in one line.
  const server = JSON.parse(String(line)) as ParentProcess['server'];
  return { pid: pidOf(child), ended, server };
}

/** Kills the server and the processes it made, all at once, as the system does when memory runs out. */
async function killServer({ pid, url }: EmbeddedPostgres): Promise<void> {
  const rows = await query(url, 'SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()');
  const pids = [pid, ...rows.map((row) => Number(row.pid))];
  const identities = await Promise.all(pids.map(identityOf));
  for (const one of pids) process.kill(one, 'SIGKILL');
  const ended = await waitUntil(async () => {
    const running = await Promise.all(identities.map(isRunning));
    return running.includes(true) ? undefined : true;
  }, AbortSignal.timeout(WAIT_MS));
  expect(ended).toBe(true);
}

/** A harmless program that runs as the same user as the server. */
async function startBystander(): Promise<ProcessIdentity> {
  const child = spawn('sleep', ['600'], { cwd: '/', stdio: 'ignore', ...(await databaseServerUser()) });
  await once(child, 'spawn');
  cleanUps.push(async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  return await identityOf(pidOf(child));
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('the program did not start');
  return child.pid;
}

async function identityOf(pid: number): Promise<ProcessIdentity> {
  const identity = await identifyProcess(pid);
  if (identity === undefined) throw new Error('the process is not running');
  return identity;
}

/** What the data directory says about a cluster that is kept elsewhere. */
async function readPointer(): Promise<string | undefined> {
  const text = await readFile(join(dataDirectory, 'database-location'), 'utf8').catch(() => undefined);
  return text?.trim();
}

async function removeData(): Promise<void> {
  const elsewhere = await readPointer();
  if (elsewhere !== undefined) await rm(elsewhere, { recursive: true });
  await rm(dataDirectory, { recursive: true });
}

async function insertRow(url: string, word: string): Promise<void> {
  await query(url, 'CREATE TABLE IF NOT EXISTS words (word text NOT NULL)');
  await query(url, 'INSERT INTO words VALUES ($1)', [word]);
}

async function readRows(url: string): Promise<readonly unknown[]> {
  await query(url, 'CREATE TABLE IF NOT EXISTS words (word text NOT NULL)');
  return (await query(url, 'SELECT word FROM words')).map((row) => row.word);
}

async function query(
  url: string,
  text: string,
  values: readonly string[] = [],
): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}
