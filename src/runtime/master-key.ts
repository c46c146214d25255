import { randomBytes, randomUUID } from 'node:crypto';
import { access, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MasterKeyError, parseMasterKey, type MasterKeys } from '../store/master-key.ts';
import { hasErrorCode } from './embedded/error-code.ts';
import type { Environment } from './environment.ts';
import { SafeError } from './safe-error.ts';

/** Where an installation with an embedded database keeps its master key. */
export function masterKeyPath(environment: Environment): string {
  return environment.masterKeyFile ?? join(environment.dataDirectory, 'master.key');
}

/**
 * The key that encrypts secrets and content at rest: CRM_SYNC_MASTER_KEY, else CRM_SYNC_MASTER_KEY_FILE, else the one
 * that `start` made in the data directory.
 * @throws {SafeError} with the code `master_key_missing` or `master_key_invalid`; the message never holds key material
 */
export async function readMasterKeys(environment: Environment): Promise<MasterKeys> {
  const text = environment.masterKey ?? (await readKeyFile(masterKeyPath(environment)));
  if (text === undefined) throw new SafeError('master_key_missing', missingKey(environment));
  try {
    return { current: parseMasterKey(text), previous: [] };
  } catch (error) {
    if (!(error instanceof MasterKeyError)) throw error;
    const source = environment.masterKey === undefined ? masterKeyPath(environment) : 'CRM_SYNC_MASTER_KEY';
    throw new SafeError('master_key_invalid', `${source} cannot be used: ${error.message}.`, { cause: error });
  }
}

/**
 * Makes the master key of a new installation with an embedded database, once; readable by its owner only. Whoever set a
 * key, or runs on a database of their own, brings the key along.
 * @param databaseExists a new key could not open what the old one encrypted
 * @throws {SafeError} when a key is needed and must not or cannot be made here
 */
export async function ensureMasterKey(environment: Environment, databaseExists: boolean): Promise<void> {
  const isOurs = environment.masterKey === undefined && environment.masterKeyFile === undefined;
  const path = masterKeyPath(environment);
  if (isOurs && environment.databaseUrl === undefined && !(await exists(path))) {
    if (databaseExists) throw new SafeError('master_key_missing', lostKey(path));
    await createKeyFile(path, environment.dataDirectory);
  }
  await readMasterKeys(environment);
}

/** A link appears with its content in one step and fails when another process was first: the key is never half written and never replaced. */
async function createKeyFile(path: string, dataDirectory: string): Promise<void> {
  await mkdir(dataDirectory, { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  try {
    await link(draft, path);
  } catch (error) {
    if (!hasErrorCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(draft);
  }
}

async function readKeyFile(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return false;
    throw error;
  }
}

function missingKey(environment: Environment): string {
  if (environment.masterKeyFile !== undefined) {
    return `CRM_SYNC_MASTER_KEY_FILE names ${environment.masterKeyFile}, which does not exist: put the master key there.`;
  }
  return (
    'There is no master key: set CRM_SYNC_MASTER_KEY to the one this database was set up with. ' +
    'For a new database make one with: openssl rand -base64 32'
  );
}

function lostKey(path: string): string {
  return (
    `${path} is gone, and the database beside it was encrypted with it: bring the file back from a backup, ` +
    'or set CRM_SYNC_MASTER_KEY to the key it held. To begin anew, remove the data directory.'
  );
}
