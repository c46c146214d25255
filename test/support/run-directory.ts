import { chmod, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { stopEmbeddedPostgres } from '../../src/runtime/embedded/postgres.ts';
import { identifyProcess, isRunning } from '../../src/runtime/embedded/process-identity.ts';
import { stopEmbeddedTemporal } from '../../src/runtime/embedded/temporal.ts';

const PREFIX = 'crm-sync-test-';
const OWNER_FILE = 'owner.json';
const ownerSchema = z.object({ pid: z.int(), startedAt: z.string() });

/** The servers of one test run live in these folders of its directory. */
export function serverFolders(runDirectory: string): { readonly postgres: string; readonly temporal: string } {
  return { postgres: join(runDirectory, 'postgres'), temporal: join(runDirectory, 'temporal') };
}

/** A folder for this test run that the database server's user can enter when we are root. */
export async function createRunDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), PREFIX));
  await chmod(directory, 0o711);
  await writeFile(join(directory, OWNER_FILE), JSON.stringify(await identifyProcess(process.pid)));
  return directory;
}

/** Stops the servers of a run and deletes what they wrote. */
export async function removeRunDirectory(directory: string): Promise<void> {
  const { postgres, temporal } = serverFolders(directory);
  await Promise.all([stopEmbeddedPostgres(postgres), stopEmbeddedTemporal(temporal)]);
  await rm(directory, { recursive: true, force: true });
}

/** A run that was killed could not clean up after itself; the next one does. */
export async function removeAbandonedRuns(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX));
  for (const name of names) {
    const directory = join(tmpdir(), name);
    if (await isAbandoned(directory)) await removeRunDirectory(directory);
  }
}

async function isAbandoned(directory: string): Promise<boolean> {
  // No readable owner: another user's run, or one that is just beginning.
  const text = await readFile(join(directory, OWNER_FILE), 'utf8').catch(() => '{}');
  const owner = ownerSchema.safeParse(JSON.parse(text)).data;
  return owner !== undefined && !(await isRunning(owner));
}
