import { chown, mkdir, readFile, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { hasErrorCode } from './error-code.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { rememberCluster, type PostgresHome } from './postgres-home.ts';
import { runProgram } from './run-program.ts';

/** The database superuser; nobody else can reach the socket. */
export const DATABASE_USER = 'crm_sync';

export interface ClusterOptions {
  /** Wait until a new cluster is on disk. */
  readonly durable: boolean;
  readonly report: (line: string) => void;
}

/**
 * Makes the cluster unless it is there. It is built under another name and renamed when complete, so an interrupted
 * attempt leaves nothing that looks like a cluster. Call it with the start lock held.
 * @throws {Error} when initdb fails, or the cluster is of another major version than the binaries
 */
export async function ensureCluster(
  home: PostgresHome,
  binaries: PostgresBinaries,
  options: ClusterOptions,
): Promise<void> {
  const version = await readClusterVersion(home.cluster);
  if (version === undefined) {
    options.report('Creating the embedded database, once.');
    await createCluster(home, binaries, options.durable);
    await rememberCluster(home);
    return;
  }
  if (version === binaries.majorVersion) return;
  throw new Error(
    `${home.cluster} was made by PostgreSQL ${version} and this is PostgreSQL ${binaries.majorVersion}: ` +
      'go back to the earlier release, make a backup with it, and restore the backup into a new data directory.',
  );
}

async function readClusterVersion(cluster: string): Promise<number | undefined> {
  try {
    return Number(await readFile(join(cluster, 'PG_VERSION'), 'utf8'));
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function createCluster(home: PostgresHome, binaries: PostgresBinaries, durable: boolean): Promise<void> {
  await removeDrafts(home.cluster);
  const draft = `${home.cluster}.draft-${process.pid}`;
  await mkdir(draft, { mode: 0o700 });
  if (home.owner) await chown(draft, home.owner.uid, home.owner.gid);
  const args = [...initdbArguments(draft, binaries.majorVersion), ...(durable ? [] : ['--no-sync'])];
  const { exitCode } = await runProgram(binaries.initdb, args, { user: home.owner });
  if (exitCode !== 0) {
    await rm(draft, { recursive: true });
    throw new Error(
      `initdb could not create ${home.cluster} (exit code ${exitCode ?? 'none'}): is the disk full or read-only?`,
    );
  }
  await rename(draft, home.cluster);
}

/** Sorting and case rules that are the same on every platform; PostgreSQL has its own C.UTF-8 since version 17. */
function initdbArguments(folder: string, majorVersion: number): readonly string[] {
  const locale =
    majorVersion >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'] : ['--locale=C.UTF-8'];
  const access = ['--auth-local=trust', '--auth-host=reject', `--username=${DATABASE_USER}`];
  return [`--pgdata=${folder}`, '--encoding=UTF8', ...locale, '--data-checksums', ...access];
}

async function removeDrafts(cluster: string): Promise<void> {
  const parent = dirname(cluster);
  const prefix = `${basename(cluster)}.draft-`;
  const drafts = (await readdir(parent)).filter((name) => name.startsWith(prefix));
  await Promise.all(drafts.map((name) => rm(join(parent, name), { recursive: true, force: true })));
}
