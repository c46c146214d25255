import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { findFreePort } from '../../src/runtime/embedded/loopback-port.ts';
import { identifyProcess } from '../../src/runtime/embedded/process-identity.ts';
import { awaitExit } from '../../src/runtime/embedded/server-process.ts';
import {
  startEmbeddedTemporal,
  stopEmbeddedTemporal,
  type EmbeddedTemporal,
} from '../../src/runtime/embedded/temporal.ts';
import { waitUntil } from '../../src/runtime/embedded/wait-until.ts';

const TEMPORAL_MODULE = new URL('../../src/runtime/embedded/temporal.ts', import.meta.url).href;
const WAIT_MS = 10_000;

let dataDirectory: string;

beforeEach(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'embedded-temporal-'));
});

afterEach(async () => {
  await stopEmbeddedTemporal(dataDirectory);
  await rm(dataDirectory, { recursive: true });
});

describe('embedded Temporal', () => {
  it('keeps its workflows and its port when the server is killed and started again', async () => {
    const first = await start();
    await signalWithStart(first, 'connection:kept');
    await kill(first.pid);
    const second = await start();
    expect(second).toMatchObject({ attached: false, address: first.address, namespace: 'default' });
    expect(second.pid).not.toBe(first.pid);
    expect(await workflowStatus(second, 'connection:kept')).toBe('RUNNING');
  });

  it('outlives the kill of everything in its parent’s process group, and the next start attaches to it', async () => {
    const parent = await startInOwnGroup();
    process.kill(-parent.pid, 'SIGKILL');
    await parent.ended;
    const next = await start();
    expect(next).toMatchObject({ attached: true, ...parent.server });
  });

  it('is one server when several starts on one folder coincide', async () => {
    const all = await Promise.all([start(), start(), start()]);
    expect(new Set(all.map(({ pid }) => pid)).size).toBe(1);
    expect(all.map(({ attached }) => attached).sort()).toEqual([false, true, true]);
  });

  it('moves to another port when the one it had is taken', async () => {
    const first = await start();
    await first.stop();
    const intruder = await listen(portOf(first));
    try {
      const second = await start();
      expect(portOf(second)).not.toBe(portOf(first));
    } finally {
      await close(intruder);
    }
  });

  it('says which port is taken when it was told to use that one', async () => {
    const port = await findFreePort();
    const intruder = await listen(port);
    try {
      await expect(startEmbeddedTemporal({ dataDirectory, port, report })).rejects.toThrow(`Port ${port} is in use`);
    } finally {
      await close(intruder);
    }
  });

  it('is not attached to when its pid has become another program', async () => {
    const first = await start();
    await first.stop();
    const remembered = { port: portOf(first), process: { pid: process.pid, startedAt: 'earlier' } };
    await writeFile(join(dataDirectory, 'temporal.json'), JSON.stringify(remembered));
    const second = await start();
    expect(second.attached).toBe(false);
  });

  it('makes its database anew when the very first start was interrupted while creating it', async () => {
    await writeFile(join(dataDirectory, 'temporal.sqlite'), 'half a database');
    await writeFile(join(dataDirectory, 'temporal.first-start'), '');
    const server = await start();
    await signalWithStart(server, 'connection:new');
    await server.stop();
    const again = await start();
    expect(await workflowStatus(again, 'connection:new')).toBe('RUNNING');
  });

  it('serves a namespace that the running server did not have', async () => {
    await start();
    const other = await startEmbeddedTemporal({ dataDirectory, namespace: 'sales', report });
    expect(other.attached).toBe(true);
    await signalWithStart(other, 'connection:sales');
    expect(await workflowStatus(other, 'connection:sales')).toBe('RUNNING');
  });

  it('names the log file when the server ends at once', async () => {
    const programs = await mkdtemp(join(dataDirectory, 'programs-'));
    await writeFile(join(programs, 'temporal'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const starting = startEmbeddedTemporal({ dataDirectory, report, environment: { PATH: programs } });
    await expect(starting).rejects.toThrow(`did not start; ${join(dataDirectory, 'temporal.log')} says why.`);
  });

  it('is stopped by a caller that attached to it, and a second stop does nothing', async () => {
    const first = await start();
    const second = await start();
    await second.stop();
    expect(await identifyProcess(first.pid)).toBeUndefined();
    await first.stop();
  });

  it('keeps what the server prints in a file of its own', async () => {
    await start();
    const logFile = join(dataDirectory, 'temporal.log');
    const printed = await waitUntil(async () => {
      return (await readFile(logFile, 'utf8')).includes('Server:') ? true : undefined;
    }, AbortSignal.timeout(WAIT_MS));
    expect(printed).toBe(true);
  });
});

function report(): void {
  // Progress lines are of no interest here.
}

async function start(): Promise<EmbeddedTemporal> {
  return await startEmbeddedTemporal({ dataDirectory, report });
}

async function startInOwnGroup() {
  const script = `
    const { startEmbeddedTemporal } = await import(${JSON.stringify(TEMPORAL_MODULE)});
    const { pid, address } = await startEmbeddedTemporal({
      dataDirectory: ${JSON.stringify(dataDirectory)}, report: () => undefined,
    });
    console.log(JSON.stringify({ pid, address }));
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const [line] = (await once(child.stdout, 'data')) as readonly unknown[];
  // The script above prints exactly this, in one line.
  const server = JSON.parse(String(line)) as { readonly pid: number; readonly address: string };
  if (child.pid === undefined) throw new Error('the program did not start');
  return { pid: child.pid, ended, server };
}

async function kill(pid: number): Promise<void> {
  const identity = await identifyProcess(pid);
  if (identity === undefined) throw new Error('the server is not running');
  process.kill(pid, 'SIGKILL');
  expect(await awaitExit(identity, AbortSignal.timeout(WAIT_MS))).toBe(true);
}

async function signalWithStart(server: EmbeddedTemporal, workflowId: string): Promise<void> {
  await withClient(server, (client) =>
    client.workflow.signalWithStart('syncConnection', { workflowId, taskQueue: 'nobody-polls', signal: 'wake' }),
  );
}

async function workflowStatus(server: EmbeddedTemporal, workflowId: string): Promise<string> {
  return await withClient(server, async (client) => {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    return status.name;
  });
}

async function withClient<T>(server: EmbeddedTemporal, use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: server.address });
  try {
    const client = new Client({ connection, namespace: server.namespace });
    return await client.withDeadline(Date.now() + WAIT_MS, () => use(client));
  } finally {
    await connection.close();
  }
}

function portOf(server: EmbeddedTemporal): number {
  return Number(new URL(`tcp://${server.address}`).port);
}

async function listen(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}
