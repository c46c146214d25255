import { createHash } from 'node:crypto';
import { chown, lstat, mkdir, readFile, realpath, rmdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasErrorCode } from './error-code.ts';
import { canEnter, databaseServerUser } from './os-user.ts';
import type { OsUser } from './run-program.ts';
import { sharedFolder } from './shared-folder.ts';

/** Where one embedded database lives on this machine. */
export interface PostgresHome {
  /** Whom the server runs as; `undefined` is the current user. */
  readonly owner: OsUser | undefined;
  /** PostgreSQL's own data directory, complete or not there. */
  readonly cluster: string;
  readonly startLock: string;
  readonly logFile: string;
  /** Says where the cluster is when it could not be kept in the data directory. */
  readonly pointerFile: string;
  readonly pointsElsewhere: boolean;
}

/** @throws {Error} when the data belongs to another user, or was kept elsewhere and is gone */
export async function openPostgresHome(dataDirectory: string): Promise<PostgresHome> {
  await mkdir(dataDirectory, { recursive: true });
  const folder = await realpath(dataDirectory);
  const pointerFile = join(folder, 'database-location');
  const recorded = await readPointer(pointerFile);
  if (recorded !== undefined && !(await exists(recorded))) throw new Error(lostCluster(folder, recorded, pointerFile));

  const here = join(folder, 'cluster');
  const owner = await clusterOwner(recorded ?? here);
  const cluster = recorded ?? ((await canEnter(owner, folder)) ? here : await clusterOutside(folder));
  return {
    owner,
    cluster,
    startLock: join(folder, 'start.lock'),
    logFile: join(folder, 'server.log'),
    pointerFile,
    pointsElsewhere: cluster !== here,
  };
}

/** To be called once the cluster is complete: from then on a cluster that is not there is a loss, not a first start. */
export async function rememberCluster(home: PostgresHome): Promise<void> {
  if (home.pointsElsewhere) await writeFile(home.pointerFile, `${home.cluster}\n`);
}

/** Longest path of a Unix socket in bytes: 103 on macOS, 107 on Linux (their `sockaddr_un`); the lower one holds for both. */
const MAX_SOCKET_PATH_BYTES = 103;

/**
 * A folder for the server's Unix socket that only the server's user can enter; that is what protects the database,
 * which asks no password there.
 * @throws {Error} when somebody else made a folder of that name
 */
export async function openSocketDirectory(home: PostgresHome): Promise<string> {
  const directory = join(await socketParent(home), `crm-sync-${shortHash(home.cluster)}`);
  const owner = home.owner;
  try {
    await mkdir(directory, { mode: 0o700 });
    if (owner) await chown(directory, owner.uid, owner.gid);
  } catch (error) {
    if (!hasErrorCode(error, 'EEXIST')) throw error;
  }
  const { uid, mode } = await lstat(directory);
  const isDirectory = (mode & 0o170000) === 0o040000;
  if (isDirectory && uid === (owner?.uid ?? process.getuid?.()) && (mode & 0o077) === 0) return directory;
  throw new Error(`${directory} must be a folder that only the database's user can enter: remove it and start again.`);
}

/** After the server has stopped; a folder that is in use again already is left alone. */
export async function removeSocketDirectory(directory: string | undefined): Promise<void> {
  if (directory === undefined) return;
  try {
    await rmdir(directory);
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT', 'ENOTEMPTY', 'EEXIST')) throw error;
  }
}

async function socketParent(home: PostgresHome): Promise<string> {
  const preferred = tmpdir();
  const longest = join(preferred, 'crm-sync-123456789012', '.s.PGSQL.5432.lock');
  const fits = Buffer.byteLength(longest) <= MAX_SOCKET_PATH_BYTES;
  return fits && (await canEnter(home.owner, preferred)) ? preferred : '/tmp';
}

/** A cluster made earlier keeps its owner, so that root can run what a normal user made and the other way round is refused. */
async function clusterOwner(cluster: string): Promise<OsUser | undefined> {
  const current = process.getuid?.();
  const found = await statOrUndefined(cluster);
  if (!found || found.uid === current) return await databaseServerUser(current);
  if (current === 0) return { uid: found.uid, gid: found.gid };
  throw new Error(
    `${cluster} belongs to another user (uid ${found.uid}): run as that user, or use another data directory.`,
  );
}

async function clusterOutside(folder: string): Promise<string> {
  return join(await sharedFolder(), `cluster-${shortHash(folder)}`);
}

async function readPointer(pointerFile: string): Promise<string | undefined> {
  try {
    return (await readFile(pointerFile, 'utf8')).trim();
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function statOrUndefined(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return (await statOrUndefined(path)) !== undefined;
}

function lostCluster(folder: string, cluster: string, pointerFile: string): string {
  return (
    `The database of ${folder} was kept in ${cluster}, which is gone: bring that folder back, ` +
    `or delete ${pointerFile} to start with an empty database.`
  );
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
