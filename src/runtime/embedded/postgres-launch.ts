import { setTimeout as delay } from 'node:timers/promises';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { acceptsQueries } from './postgres-connection.ts';
import { openSocketDirectory, removeSocketDirectory, type PostgresHome } from './postgres-home.ts';
import { findPostmaster, removeStaleLockFiles } from './postmaster.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { rotateLog, spawnServer } from './server-process.ts';
import { waitUntil } from './wait-until.ts';

/** A server that answers queries. */
export interface RunningPostgres {
  readonly process: ProcessIdentity;
  readonly socketDirectory: string;
  /** It was running before we came. */
  readonly attached: boolean;
}

/** A server that ends at once is started again after these pauses: what a killed one left (memory, files) goes away within seconds. */
const RETRY_PAUSES_MS = [100, 200, 400, 800, 1_600];
const MAX_LOG_BYTES = 5_000_000;

/**
 * Attaches to the server of this cluster or starts one, and waits until it answers. Call it with the start lock held.
 * @throws {Error} naming the log file, when the server ends again and again or `deadline` comes first
 */
export async function launchPostgres(
  home: PostgresHome,
  binaries: PostgresBinaries,
  settings: Readonly<Record<string, string>>,
  deadline: AbortSignal,
): Promise<RunningPostgres> {
  const survivor = await awaitPostmaster(home.cluster, deadline);
  if (survivor) return { ...survivor, attached: true };

  await rotateLog(home.logFile, MAX_LOG_BYTES);
  for (const pause of [...RETRY_PAUSES_MS, undefined]) {
    const socketDirectory = await openSocketDirectory(home);
    await removeStaleLockFiles(home.cluster, socketDirectory);
    const { exited } = await spawnServer({
      program: binaries.postgres,
      args: postgresArguments(home.cluster, socketDirectory, settings),
      user: home.owner,
      logFile: home.logFile,
    });
    const started = await awaitPostmaster(home.cluster, deadline, exited);
    if (started) return { ...started, attached: false };
    await removeSocketDirectory(socketDirectory);
    if (deadline.aborted || pause === undefined) break;
    await delay(pause);
  }
  throw new Error(`PostgreSQL did not start; ${home.logFile} says why.`);
}

/**
 * Waits while a server runs on the cluster until it answers queries; starting, recovering and shutting down all take their time.
 * @param exited aborted when the process we started has ended; without one, no postmaster means no server
 * @returns `undefined` when there is none (any more)
 */
async function awaitPostmaster(
  cluster: string,
  deadline: AbortSignal,
  exited?: AbortSignal,
): Promise<Omit<RunningPostgres, 'attached'> | undefined> {
  const answer = await waitUntil(async () => {
    const postmaster = await findPostmaster(cluster);
    if (!postmaster) return exited && !exited.aborted ? undefined : 'none';
    const { process, socketDirectory } = postmaster;
    if (socketDirectory === undefined || !(await acceptsQueries(socketDirectory))) return undefined;
    return { process, socketDirectory };
  }, deadline);
  return answer === 'none' ? undefined : answer;
}

function postgresArguments(
  cluster: string,
  socketDirectory: string,
  settings: Readonly<Record<string, string>>,
): readonly string[] {
  const all = { ...DEFAULT_SETTINGS, ...settings, unix_socket_directories: socketDirectory };
  return ['-D', cluster, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

const DEFAULT_SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '',
  port: '5432',
  max_connections: '100',
  shared_buffers: '128MB',
  max_wal_size: '512MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  jit: 'off',
  // Parallel workers share memory through /dev/shm, which is 64 MB in a container by default.
  max_parallel_workers_per_gather: '0',
  // Server start, stop and crashes only: the text and the details of a failed statement can hold what a caller said.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_statement: 'none',
};
