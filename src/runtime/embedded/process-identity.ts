import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A process that is running now. A pid alone is not one: the system gives it to another program later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it began, in whatever unit the system tells; only good for comparing. */
  readonly startedAt: string;
}

/** Who runs under this pid, or `undefined` when nobody does. A dead process that nobody has reaped yet is nobody. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  const startedAt = await (process.platform === 'linux' ? startFromProc(pid) : startFromPs(pid));
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** Whether the process is still the one that was identified earlier. */
export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  return (await identifyProcess(identity.pid))?.startedAt === identity.startedAt;
}

/** The arguments a process was started with, as one entry per argument on Linux and one entry in all elsewhere. */
export async function commandLine(pid: number): Promise<readonly string[]> {
  if (process.platform === 'linux') return (await readOrEmpty(`/proc/${pid}/cmdline`)).split('\0');
  return [await ps(pid, 'args=')];
}

/**
 * /proc/<pid>/stat as proc(5) describes it: the name in parentheses may hold anything, so count from the last `)`.
 * A process whose first thread is a zombie keeps its ports and files until its other threads have ended too.
 */
async function startFromProc(pid: number): Promise<string | undefined> {
  const stat = await readOrEmpty(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, threads, startedAt] = [fields[0], fields[17], fields[19]];
  const isDead = state === 'X' || (state === 'Z' && Number(threads) <= 1);
  return isDead ? undefined : startedAt;
}

async function startFromPs(pid: number): Promise<string | undefined> {
  const state = await ps(pid, 'stat=');
  return state === '' || state.startsWith('Z') ? undefined : await ps(pid, 'lstart=');
}

async function ps(pid: number, column: string): Promise<string> {
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  // ps exits with 1 when there is no such process: that is an answer, not a failure.
  const { stdout } = await run('ps', ['-o', column, '-p', String(pid)], { env }).catch(() => ({ stdout: '' }));
  return stdout.trim();
}

/** A process may end between any two looks at it; a file that is gone reads as empty. */
async function readOrEmpty(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch(() => '');
}
