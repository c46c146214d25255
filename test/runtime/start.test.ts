import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stopEmbeddedPostgres } from '../../src/runtime/embedded/postgres.ts';
import { stopEmbeddedTemporal } from '../../src/runtime/embedded/temporal.ts';
import { choosePorts, dataFolder, serversOf, START_MS, StartedProduct } from '../support/started-product.ts';
import { isAlive, untilGone } from './process-table.ts';

async function occupy(port: number): Promise<() => Promise<void>> {
  const server = createServer();
  await new Promise((listening) => server.listen(port, '127.0.0.1', () => listening(undefined)));
  return () => new Promise((closed) => server.close(() => closed()));
}

let folder: string;
beforeAll(async () => {
  folder = await dataFolder();
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
      const first = new StartedProduct(dataDirectory, ports.variables);
      await first.untilRunning();
      expect((await fetch(`http://127.0.0.1:${ports.admin}/`)).status).toBe(200);
      expect((await fetch(`http://127.0.0.1:${ports.hubSpot}/`)).status).toBe(200);
      expect((await fetch(`http://127.0.0.1:${ports.intake}/readyz`)).status).toBe(200);

      const second = new StartedProduct(dataDirectory, (await choosePorts()).variables);
      expect(await second.ended).toBe(1);
      expect(second.output).toContain(`CRM Sync is already running on ${dataDirectory} (process ${first.pid})`);

      // Killed: its children end by themselves; the servers outlive it, and the next start takes them over.
      const orphans = await first.children();
      expect(orphans).toHaveLength(4);
      const servers = await serversOf(dataDirectory);
      first.process.kill('SIGKILL');
      await Promise.all(orphans.map((pid) => untilGone(pid, 60_000)));
      expect(await serversOf(dataDirectory)).toEqual(servers);

      const third = new StartedProduct(dataDirectory, ports.variables);
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
        const start = new StartedProduct(dataDirectory, ports.variables);
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
      ...(await choosePorts()).variables,
      CRM_SYNC_ADMIN_PORT: 'http',
    });
    expect(await start.ended).toBe(1);
    expect(start.output).toContain('CRM_SYNC_ADMIN_PORT is not a port from 1 to 65535.');
    await expect(readFile(dataDirectory)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
