import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { superviseServer, type ServerProcess, type SupervisedServer } from '../../src/runtime/supervised-server.ts';
import { eventually, isAlive, untilGone } from './process-table.ts';

const opened: SupervisedServer<ServerProcess>[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server.stop()));
});

/** A program that runs until it is ended. */
async function startProgram(): Promise<ServerProcess> {
  const program = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1_000_000)'], { stdio: 'ignore' });
  await once(program, 'spawn');
  const { pid = 0 } = program;
  return {
    pid,
    async stop() {
      program.kill('SIGKILL');
      await untilGone(pid);
    },
  };
}

async function supervising(start: () => Promise<ServerProcess>) {
  const report: string[] = [];
  const replaced: number[] = [];
  const server = await superviseServer({
    name: 'PostgreSQL',
    start,
    report: (line) => report.push(line),
    onReplaced: ({ pid }) => replaced.push(pid),
  });
  opened.push(server);
  return { server, report, replaced };
}

describe('a supervised server', () => {
  it('that is killed is started again', async () => {
    const { server, report, replaced } = await supervising(startProgram);
    const first = server.current().pid;
    process.kill(first, 'SIGKILL');
    await eventually('another server', () => replaced.length === 1);
    expect(server.current().pid).toBe(replaced[0]);
    expect(server.current().pid).not.toBe(first);
    expect(report).toEqual(['PostgreSQL ended; starting it again.']);
  });

  it('that does not come back at once is tried again until it does', async () => {
    let starts = 0;
    const { server, report, replaced } = await supervising(async () => {
      starts += 1;
      if (starts === 2 || starts === 3) throw new Error('The disk is full.');
      return await startProgram();
    });
    process.kill(server.current().pid, 'SIGKILL');
    await eventually('another server', () => replaced.length === 1);
    expect(report).toEqual(['PostgreSQL ended; starting it again.', 'The disk is full.', 'The disk is full.']);
  });

  it('that is stopped stays stopped', async () => {
    const { server, report } = await supervising(startProgram);
    const { pid } = server.current();
    await server.stop();
    expect(await isAlive(pid)).toBe(false);
    expect(report).toEqual([]);
  });

  it('that is stopped while it is being started again leaves nothing behind', async () => {
    const restarting = Promise.withResolvers<undefined>();
    const go = Promise.withResolvers<undefined>();
    const pids: number[] = [];
    let starts = 0;
    const { server } = await supervising(async () => {
      starts += 1;
      if (starts === 2) {
        restarting.resolve(undefined);
        await go.promise;
      }
      const program = await startProgram();
      pids.push(program.pid);
      return program;
    });
    process.kill(server.current().pid, 'SIGKILL');
    await restarting.promise;
    const stopped = server.stop();
    go.resolve(undefined);
    await stopped;
    expect(pids).toHaveLength(2);
    expect(await Promise.all(pids.map(isAlive))).toEqual([false, false]);
  });

  it('whose first start fails is not supervised: the failure is the caller’s', async () => {
    await expect(supervising(() => Promise.reject(new Error('no binaries')))).rejects.toThrow('no binaries');
  });
});
