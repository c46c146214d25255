import { findPostgresBinaries, bundledPostgresDirectory, type PostgresBinaries } from './postgres-binaries.ts';
import { ensureCluster } from './postgres-cluster.ts';
import { ensureDatabase, socketUrl } from './postgres-connection.ts';
import { openPostgresHome, removeSocketDirectory, type PostgresHome } from './postgres-home.ts';
import { launchPostgres } from './postgres-launch.ts';
import { findPostmaster } from './postmaster.ts';
import { runProgram } from './run-program.ts';
import { awaitExit } from './server-process.ts';
import { withExclusiveLock } from './exclusive-lock.ts';

export interface EmbeddedPostgresOptions {
  /** Where the database is kept; made when missing. */
  readonly dataDirectory: string;
  /** The database to use; made when missing. */
  readonly database: string;
  /** PostgreSQL settings by name, over our defaults. They count only for a server that this call starts. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Told one line about anything that takes long. */
  readonly report: (line: string) => void;
}

/** A PostgreSQL server of our own on this machine. It outlives a crash of this process. */
export interface EmbeddedPostgres {
  /** For `pg`, kysely and libpq. Only this user (and root) can connect, over a Unix socket. */
  readonly url: string;
  /** Whether the server was running already. */
  readonly attached: boolean;
  readonly pid: number;
  /** Stops the server in order, also one we attached to. May be called again. */
  stop(): Promise<void>;
}

const START_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 30_000;

/**
 * Starts the embedded PostgreSQL of a data directory, or attaches to the one that is running on it. Of several callers
 * at once one starts it and the others attach.
 * @throws {Error} with a sentence that says what to do: no binaries, another user's data, another major version, or a
 * server that does not come up within a minute
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { report, settings = {} } = options;
  const home = await openPostgresHome(options.dataDirectory);
  if (home.pointsElsewhere) report(`The database's files are in ${home.cluster}.`);
  const deadline = AbortSignal.timeout(START_DEADLINE_MS);
  return await withExclusiveLock(home.startLock, { deadline }, async () => {
    const binaries = await binariesFor(home);
    await ensureCluster(home, binaries, { durable: settings.fsync !== 'off', report });
    const server = await launchPostgres(home, binaries, settings, deadline);
    await ensureDatabase(server.socketDirectory, options.database);
    return {
      url: socketUrl(server.socketDirectory, options.database),
      attached: server.attached,
      pid: server.process.pid,
      stop: () => stopServer(home, binaries),
    };
  });
}

/** Stops the server that runs on this data directory, whoever started it; nothing happens when there is none. */
export async function stopEmbeddedPostgres(dataDirectory: string): Promise<void> {
  const home = await openPostgresHome(dataDirectory);
  if (await findPostmaster(home.cluster)) await stopServer(home, await binariesFor(home));
}

async function binariesFor(home: PostgresHome): Promise<PostgresBinaries> {
  return await findPostgresBinaries({
    owner: home.owner,
    searchPath: process.env.PATH,
    packageDirectory: bundledPostgresDirectory(),
  });
}

/** `fast` ends the sessions and writes everything out; `immediate` is a crash the next start recovers from, for a server that hangs. */
async function stopServer(home: PostgresHome, binaries: PostgresBinaries): Promise<void> {
  for (const mode of ['fast', 'immediate'] as const) {
    // Looked up each time: pg_ctl signals whatever pid the file names, so a stale file must never reach it.
    const postmaster = await findPostmaster(home.cluster);
    if (!postmaster) return;
    const seconds = String(STOP_DEADLINE_MS / 1_000);
    await runProgram(binaries.pgCtl, ['stop', '-D', home.cluster, '-m', mode, '-w', '-t', seconds], {
      user: home.owner,
    });
    if (await awaitExit(postmaster.process, AbortSignal.timeout(STOP_DEADLINE_MS))) {
      await removeSocketDirectory(postmaster.socketDirectory);
      return;
    }
  }
  throw new Error(`The PostgreSQL server of ${home.cluster} does not stop; ${home.logFile} says why.`);
}
