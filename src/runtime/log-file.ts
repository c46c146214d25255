import { mkdir, open, rename, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasErrorCode } from './embedded/error-code.ts';

const MAX_BYTES = 20_000_000;

/**
 * Opens the log file of a process for appending, readable by its owner only. A file that has grown large is kept once more
 * under the name with `.1`.
 */
export async function openLogFile(path: string): Promise<FileHandle> {
  await mkdir(dirname(path), { recursive: true });
  try {
    if ((await stat(path)).size > MAX_BYTES) await rename(path, `${path}.1`);
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT')) throw error;
  }
  return await open(path, 'a', 0o600);
}
