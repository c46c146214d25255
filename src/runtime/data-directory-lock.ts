import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withExclusiveLock } from './embedded/exclusive-lock.ts';
import { hasErrorCode } from './embedded/error-code.ts';
import { SafeError } from './safe-error.ts';

/** Long enough to take over the lock of a process that died, too short to wait for one that lives. */
const PATIENCE_MS = 1_000;

/**
 * Runs `work` as the only `start` on this data directory. A lock left by a process that died is taken over.
 * @throws {SafeError} with the code `already_running` and the pid of the other
 */
export async function asOnlyStart<T>(dataDirectory: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dataDirectory, { recursive: true });
  const lockFile = join(dataDirectory, 'running.lock');
  const deadline = AbortSignal.timeout(PATIENCE_MS);
  const progress = { entered: false };
  try {
    return await withExclusiveLock(lockFile, { deadline }, () => {
      progress.entered = true;
      return work();
    });
  } catch (error) {
    if (progress.entered || !deadline.aborted) throw error;
    throw new SafeError('already_running', alreadyRunning(dataDirectory, await ownerOf(lockFile)), { cause: error });
  }
}

/** The lock begins with its owner's pid. */
async function ownerOf(lockFile: string): Promise<string> {
  try {
    const [pid = ''] = (await readFile(lockFile, 'utf8')).split(' ');
    return pid;
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return 'unknown';
    throw error;
  }
}

function alreadyRunning(dataDirectory: string, pid: string): string {
  return (
    `CRM Sync is already running on ${dataDirectory} (process ${pid}): ` +
    'stop it first, or set CRM_SYNC_DATA_DIR to another folder.'
  );
}
