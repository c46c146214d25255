import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { hasErrorCode } from './error-code.ts';
import { commandLine, identifyProcess, type ProcessIdentity } from './process-identity.ts';

/** The server process of a cluster, as its postmaster.pid tells and the system confirms. */
export interface Postmaster {
  readonly process: ProcessIdentity;
  /** Where it listens; `undefined` in the first moments of its life. */
  readonly socketDirectory: string | undefined;
}

/**
 * The server that is running on this cluster, if any. postmaster.pid alone proves nothing: it survives a crash, and its
 * pid may be a dead process that nobody has reaped or another program by now.
 */
export async function findPostmaster(cluster: string): Promise<Postmaster | undefined> {
  // Lines as in PostgreSQL's pidfile.h: 1 pid, 2 data directory, 3 start time, 4 port, 5 first socket directory.
  const [pid, , , , socketDirectory] = await readLines(join(cluster, 'postmaster.pid'));
  const process = await identifyProcess(Number(pid));
  if (!process || !(await servesCluster(process.pid, cluster))) return undefined;
  return { process, socketDirectory: socketDirectory === '' ? undefined : socketDirectory };
}

/**
 * Removes what a dead server left behind. PostgreSQL does so by itself when the pid is free, and refuses to start when
 * the pid is a zombie or another program. Call it with the start lock held and after findPostmaster found none.
 * Safe against backends that outlived their postmaster: PostgreSQL finds their shared memory by the folder's inode.
 */
export async function removeStaleLockFiles(cluster: string, socketDirectory: string): Promise<void> {
  await rm(join(cluster, 'postmaster.pid'), { force: true });
  await rm(join(socketDirectory, '.s.PGSQL.5432'), { force: true });
  await rm(join(socketDirectory, '.s.PGSQL.5432.lock'), { force: true });
}

/** A server keeps the arguments it was started with; ours are always `-D <cluster>`. */
async function servesCluster(pid: number, cluster: string): Promise<boolean> {
  const args = await commandLine(pid);
  const [whole = ''] = args;
  if (args.length === 1) return whole.includes('postgres') && whole.includes(` -D ${cluster} `);
  return basename(whole) === 'postgres' && args.includes(cluster);
}

async function readLines(file: string): Promise<readonly string[]> {
  try {
    return (await readFile(file, 'utf8')).split('\n');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return [];
    throw error;
  }
}
