import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, rename, stat } from 'node:fs/promises';
import { hasErrorCode } from './error-code.ts';
import { identifyProcess, isRunning, type ProcessIdentity } from './process-identity.ts';
import type { OsUser } from './run-program.ts';
import { waitUntil } from './wait-until.ts';

export interface ServerProgram {
  readonly program: string;
  readonly args: readonly string[];
  /** Run as this user instead of the current one. */
  readonly user?: OsUser | undefined;
  /** Everything the server prints is appended here; it never reaches our own output. */
  readonly logFile: string;
  readonly environment?: NodeJS.ProcessEnv;
}

export interface SpawnedServer {
  /** `undefined` when it has ended already. */
  readonly process: ProcessIdentity | undefined;
  /** Aborted when the process has ended. */
  readonly exited: AbortSignal;
}

/**
 * Starts a server in a session of its own: Ctrl-C in our terminal reaches us and not the server, which we then stop in
 * order, and it outlives a crash of ours.
 */
export async function spawnServer(server: ServerProgram): Promise<SpawnedServer> {
  const log = await open(server.logFile, 'a', 0o600);
  try {
    const child = spawn(server.program, server.args, {
      cwd: '/',
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      ...(server.environment && { env: server.environment }),
      ...server.user,
    });
    const exited = new AbortController();
    child.once('exit', () => exited.abort());
    await once(child, 'spawn');
    child.unref();
    const identity = child.pid === undefined ? undefined : await identifyProcess(child.pid);
    return { process: identity, exited: exited.signal };
  } finally {
    await log.close();
  }
}

/** Whether the process has ended before the deadline. */
export async function awaitExit(process: ProcessIdentity, deadline: AbortSignal): Promise<boolean> {
  return (await waitUntil(async () => ((await isRunning(process)) ? undefined : true), deadline)) ?? false;
}

/** Keeps one older log beside the current one. To be called while the server is down. */
export async function rotateLog(logFile: string, maxBytes: number): Promise<void> {
  try {
    if ((await stat(logFile)).size > maxBytes) await rename(logFile, `${logFile}.1`);
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT')) throw error;
  }
}
