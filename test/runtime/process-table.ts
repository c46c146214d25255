import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { identifyProcess } from '../../src/runtime/embedded/process-identity.ts';

const run = promisify(execFile);

/** One running process as `ps` tells. */
export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Asks until the answer is something else than undefined or false. @throws when that takes longer than the deadline */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  deadlineMs = 20_000,
): Promise<T> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) throw new Error(`${what}: not within ${deadlineMs} ms`);
    await delay(20);
  }
}

export async function processTable(): Promise<readonly ProcessRow[]> {
  const { stdout } = await run('ps', ['-axww', '-o', 'pid=,ppid=,command='], { maxBuffer: 16_000_000 });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command: command ?? '' }];
  });
}

export async function isAlive(pid: number): Promise<boolean> {
  return (await identifyProcess(pid)) !== undefined;
}

export async function untilGone(pid: number, deadlineMs?: number): Promise<void> {
  await eventually(`the end of process ${pid}`, async () => !(await isAlive(pid)), deadlineMs);
}

/**
 * Where {@link freePorts} takes its ports: below the range from which operating systems give ports to outgoing
 * connections (from 32768 on Linux, 49152 elsewhere), so that none of those occupies a port while a program that a test
 * has killed is away. Each Jest worker has a stretch of its own.
 */
const FIRST_PORT = 20_000;
const PORTS_PER_WORKER = 1_000;
const STRETCHES = 12;

/** Ports that nobody listens on, all different, and that stay ours while a test restarts what listens on them. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const stretch = Number(process.env.JEST_WORKER_ID ?? 1) % STRETCHES;
  const first = FIRST_PORT + stretch * PORTS_PER_WORKER;
  const start = randomInt(PORTS_PER_WORKER);
  const ports: number[] = [];
  for (let step = 0; step < PORTS_PER_WORKER && ports.length < count; step++) {
    const port = first + ((start + step) % PORTS_PER_WORKER);
    if (await canListenOn(port)) ports.push(port);
  }
  if (ports.length < count) throw new Error(`no ${count} free ports between ${first} and ${first + PORTS_PER_WORKER}`);
  return ports;
}

function canListenOn(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
