import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readEnvironment } from '../../src/runtime/environment.ts';
import { ensureMasterKey, readMasterKeys } from '../../src/runtime/master-key.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crm-sync-key-'));
});
afterEach(() => rm(folder, { recursive: true }));

const environment = (variables: Record<string, string> = {}) =>
  readEnvironment({ CRM_SYNC_DATA_DIR: folder, ...variables });
const EXTERNAL = { DATABASE_URL: 'postgresql://db.example.com/crm_sync' };

describe('the master key', () => {
  it('is made once for an embedded database, readable by its owner only', async () => {
    await ensureMasterKey(environment(), false);
    const first = await readMasterKeys(environment());
    await ensureMasterKey(environment(), true);
    expect(first.current).toHaveLength(32);
    expect((await readMasterKeys(environment())).current.equals(first.current)).toBe(true);
    expect((await stat(join(folder, 'master.key'))).mode & 0o777).toBe(0o600);
  });

  it('two starts at once end with one key', async () => {
    await Promise.all([ensureMasterKey(environment(), false), ensureMasterKey(environment(), false)]);
    expect((await readMasterKeys(environment())).current).toHaveLength(32);
  });

  it('is not replaced when it is gone and the database is not', async () => {
    await expect(ensureMasterKey(environment(), true)).rejects.toMatchObject({ code: 'master_key_missing' });
    await expect(stat(join(folder, 'master.key'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('of an external database has to be brought along', async () => {
    await expect(ensureMasterKey(environment(EXTERNAL), false)).rejects.toThrow(
      /set CRM_SYNC_MASTER_KEY .*openssl rand -base64 32/,
    );
  });

  it('is read from the variable before any file', async () => {
    const key = randomBytes(32);
    await ensureMasterKey(environment(), false);
    const keys = await readMasterKeys(environment({ CRM_SYNC_MASTER_KEY: key.toString('hex') }));
    expect(keys.current.equals(key)).toBe(true);
  });

  it('is read from the file that is named', async () => {
    const key = randomBytes(32);
    const file = join(folder, 'elsewhere');
    await writeFile(file, `${key.toString('base64')}\n`);
    const keys = await readMasterKeys(environment({ ...EXTERNAL, CRM_SYNC_MASTER_KEY_FILE: file }));
    expect(keys.current.equals(key)).toBe(true);
  });

  it('a named file that is not there is said so', async () => {
    const file = join(folder, 'nowhere');
    await expect(readMasterKeys(environment({ CRM_SYNC_MASTER_KEY_FILE: file }))).rejects.toThrow(
      `CRM_SYNC_MASTER_KEY_FILE names ${file}, which does not exist`,
    );
  });

  it('a spoilt key file is refused without its content', async () => {
    await writeFile(join(folder, 'master.key'), 'hunter2');
    const refused = readMasterKeys(environment());
    await expect(refused).rejects.toMatchObject({ code: 'master_key_invalid' });
    await expect(refused).rejects.not.toThrow(/hunter2/);
    expect(await readFile(join(folder, 'master.key'), 'utf8')).toBe('hunter2');
  });
});
