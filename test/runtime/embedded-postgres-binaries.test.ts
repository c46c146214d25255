import { chmod, cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { databaseServerUser } from '../../src/runtime/embedded/os-user.ts';
import { bundledPostgresDirectory, findPostgresBinaries } from '../../src/runtime/embedded/postgres-binaries.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postgres-binaries-'));
  await chmod(folder, 0o711);
});

afterEach(() => rm(folder, { recursive: true }));

describe('the search for the PostgreSQL programs', () => {
  it('says what to do when npm brought none and none is installed', async () => {
    const search = findPostgresBinaries({ owner: undefined, searchPath: folder, packageDirectory: undefined });
    await expect(search).rejects.toThrow(/run npm ci again .* install PostgreSQL 15 or newer .* or set DATABASE_URL/);
  });

  it('completes a package whose install script was not run', async () => {
    const packageDirectory = await copyWithoutSymlinks();
    const owner = await databaseServerUser();
    const { postgres, majorVersion } = await findPostgresBinaries({ owner, searchPath: '', packageDirectory });
    expect(postgres).toBe(join(packageDirectory, 'native', 'bin', 'postgres'));
    expect(majorVersion).toBeGreaterThanOrEqual(18);
  });

  it('falls back to the installed programs when those from npm cannot run', async () => {
    const installed = join(await copyWithoutSymlinks(), 'native', 'bin');
    const owner = await databaseServerUser();
    const broken = join(folder, 'no-such-package');
    // Completes the copy that stands for the installed programs.
    await findPostgresBinaries({ owner, searchPath: '', packageDirectory: join(installed, '..', '..') });
    const { pgCtl } = await findPostgresBinaries({ owner: undefined, searchPath: installed, packageDirectory: broken });
    expect(pgCtl).toBe(join(installed, 'pg_ctl'));
  });
});

async function copyWithoutSymlinks(): Promise<string> {
  const original = bundledPostgresDirectory();
  if (original === undefined) throw new Error('npm has not installed the PostgreSQL programs for this platform');
  const copy = join(folder, 'package');
  await cp(original, copy, { recursive: true, verbatimSymlinks: true });
  const libraries = join(copy, 'native', 'lib');
  for (const entry of await readdir(libraries, { withFileTypes: true })) {
    if (entry.isSymbolicLink()) await rm(join(libraries, entry.name));
  }
  return copy;
}
