import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hasErrorCode } from './error-code.ts';
import { identifyProcess } from './process-identity.ts';
import { waitUntil } from './wait-until.ts';

/**
 * Runs `work` while no other caller, in this process or another, holds the lock file.
 * A lock whose owner has ended is taken over; a pid that another program received meanwhile counts as ended.
 * @param onWait called once when somebody else holds it
 * @throws {Error} when `deadline` comes before the lock is free
 */
export async function withExclusiveLock<T>(
  lockFile: string,
  options: { readonly deadline: AbortSignal; readonly onWait?: () => void },
  work: () => Promise<T>,
): Promise<T> {
  const self = `${await currentOwner()} ${randomUUID()}`;
  let waited = false;
  const held = await waitUntil(async () => {
    if (await tryTake(lockFile, self)) return true;
    if (!waited) options.onWait?.();
    waited = true;
    return undefined;
  }, options.deadline);
  if (!held) throw new Error(`Another process holds ${lockFile} and does not finish: wait for it or stop it.`);
  try {
    return await work();
  } finally {
    await rm(lockFile, { force: true });
  }
}

async function currentOwner(): Promise<string> {
  const identity = await identifyProcess(process.pid);
  return `${process.pid} ${identity?.startedAt.replaceAll(' ', '_') ?? 'unknown'}`;
}

/** A hard link appears with its content in one step, and fails when the name is taken. */
async function tryTake(lockFile: string, owner: string): Promise<boolean> {
  const draft = `${lockFile}.${randomUUID()}`;
  await writeFile(draft, owner);
  try {
    await link(draft, lockFile);
    return true;
  } catch (error) {
    if (!hasErrorCode(error, 'EEXIST')) throw error;
    await removeIfAbandoned(lockFile);
    return false;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Moves the lock aside before deleting it: of two waiters that saw the dead owner, the later must not delete the earlier's new lock. */
async function removeIfAbandoned(lockFile: string): Promise<void> {
  const seen = await readLock(lockFile);
  if (seen === undefined || (await ownerIsAlive(seen))) return;
  const aside = `${lockFile}.${randomUUID()}`;
  try {
    await rename(lockFile, aside);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return;
    throw error;
  }
  if ((await readLock(aside)) !== seen) await link(aside, lockFile);
  await rm(aside, { force: true });
}

async function readLock(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function ownerIsAlive(lock: string): Promise<boolean> {
  const [pid, startedAt] = lock.split(' ');
  if (pid === undefined || startedAt === undefined) return false;
  const identity = await identifyProcess(Number(pid));
  return identity?.startedAt.replaceAll(' ', '_') === startedAt;
}
