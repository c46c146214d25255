/**
 * Installs the project's dependencies when they are absent or older than the lock file, and is silent and instant otherwise.
 * Plain JavaScript without a dependency: it is what runs before anything is installed, on whatever Node >= 20 is there.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const MINIMUM_NODE_MAJOR = 20;
const LOCK_POLL_MS = 200;
/** Far longer than any installation: the pid in such a lock belongs to another program by now. */
const LOCK_MAX_AGE_MS = 30 * 60_000;

/** The folder of package.json: this file lives two levels below it. */
export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * @param {string} version a Node version such as `20.20.2`
 * @returns {string | undefined} the sentence to show when this version is too old
 */
export function nodeVersionProblem(version) {
  if (Number(version.split('.')[0]) >= MINIMUM_NODE_MAJOR) return undefined;
  return `CRM Sync needs Node ${MINIMUM_NODE_MAJOR} or newer and this is ${version}: install a newer Node and run the command again.`;
}

/** @param {string} path */
function modifiedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

/**
 * npm writes `node_modules/.package-lock.json` as the last step of an install, so an interrupted one counts as missing.
 * @param {string} root
 */
export function isInstalled(root) {
  const installed = modifiedAt(join(root, 'node_modules', '.package-lock.json'));
  const wanted = modifiedAt(join(root, 'package-lock.json'));
  const node = modifiedAt(join(root, 'node_modules', '.bin', 'node'));
  return installed !== undefined && node !== undefined && (wanted === undefined || installed >= wanted);
}

/** @param {string} lock the lock folder; it holds the pid of the process that installs */
function ownerIsAlive(lock) {
  try {
    const pid = Number(readFileSync(join(lock, 'pid'), 'utf8'));
    // Our own pid in a lock that we do not hold: left behind by a process of an earlier life of this container.
    return pid !== process.pid && process.kill(pid, 0);
  } catch (error) {
    // EPERM: alive, but somebody else's. Everything else (no such process, no pid written yet): nobody is installing.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Two commands started at once must not both delete and rewrite node_modules.
 * @param {string} lock
 * @returns {boolean} whether this process holds the lock now
 */
function tryLock(lock) {
  try {
    mkdirSync(lock);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const age = Date.now() - (modifiedAt(lock) ?? Date.now());
    // A fresh folder without a pid belongs to a process that is about to write it.
    const isStale = ownerIsAlive(lock) ? age > LOCK_MAX_AGE_MS : age > LOCK_POLL_MS;
    if (isStale) rmSync(lock, { recursive: true, force: true });
    return false;
  }
  writeFileSync(join(lock, 'pid'), String(process.pid));
  return true;
}

/** @param {string} root */
function install(root) {
  console.error('Installing dependencies (npm ci), once; this takes about a minute.');
  // Inside an npm script, use the very npm that is running.
  const npmScript = process.env.npm_execpath;
  const [command, first] = npmScript?.endsWith('.js') ? [process.execPath, [npmScript]] : ['npm', []];
  const { status, error } = spawnSync(command, [...first, 'ci'], { cwd: root, stdio: 'inherit' });
  if (error) throw new Error(`Could not start npm (${error.message}): install npm and run the command again.`);
  if (status !== 0) throw new Error('npm ci failed; its output above says why. Fix that and run the command again.');
}

/**
 * @param {string} root the folder of package.json
 * @throws {Error} with one sentence for the user
 */
export async function ensureInstalled(root = projectRoot) {
  const problem = nodeVersionProblem(process.versions.node);
  if (problem) throw new Error(problem);
  if (isInstalled(root)) return;

  // Outside the tree, since npm ci empties node_modules; per user, since a shared temporary folder is sticky.
  const key = createHash('sha256').update(realpathSync(root)).digest('hex').slice(0, 12);
  const lock = join(tmpdir(), `crm-sync-install-${process.getuid?.() ?? 0}-${key}`);
  while (!tryLock(lock)) await delay(LOCK_POLL_MS);
  try {
    if (!isInstalled(root)) install(root);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  ensureInstalled().catch((/** @type {Error} */ error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
