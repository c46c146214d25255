import { chmod, lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasErrorCode } from './error-code.ts';

const NAME = 'personadesk-crm-sync';

/**
 * A folder that every user can enter and only root can change. Needed when we are root and the checkout is somewhere
 * only root can read (under /root), because the database server runs as somebody else.
 * @throws {Error} when another user made a folder of that name
 */
export async function sharedFolder(parents: readonly string[] = ['/var/lib', tmpdir(), '/tmp']): Promise<string> {
  for (const parent of parents) {
    const folder = join(parent, NAME);
    if (await makeFolder(folder)) return folder;
  }
  throw new Error(`None of ${parents.join(', ')} can hold the database: set CRM_SYNC_DATA_DIR or DATABASE_URL.`);
}

async function makeFolder(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
  } catch (error) {
    // A parent that is absent or read-only (some containers) is passed over.
    if (hasErrorCode(error, 'ENOENT', 'EROFS', 'EACCES', 'EPERM')) return false;
    if (!hasErrorCode(error, 'EEXIST')) throw error;
  }
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) {
    throw new Error(`${folder} was made by another user: remove it and start again.`);
  }
  await chmod(folder, 0o755);
  return true;
}
