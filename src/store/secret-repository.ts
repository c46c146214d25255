import { readFile } from 'node:fs/promises';
import type { TenantId } from '../domain/ids.ts';
import type { SecretRef } from '../domain/secret-ref.ts';
import type { Database } from './database.ts';
import type { Vault } from './vault.ts';

export interface SecretRepository {
  /** Keeps a value that was entered by hand, encrypted, under a name. Replaces an earlier one. */
  put(tenantId: TenantId, name: string, value: string): Promise<void>;
  /** @throws SecretMissingError when there is nothing where the reference points. */
  resolve(tenantId: TenantId, ref: SecretRef): Promise<string>;
  /** Wraps every data key with the current master key; returns how many were rewrapped. */
  rotateMasterKey(): Promise<number>;
}

/** A secret is not where the configuration says. Names the place, never a value. */
export class SecretMissingError extends Error {
  override readonly name = 'SecretMissingError';
  readonly tenantId: TenantId;

  constructor(tenantId: TenantId, place: string) {
    super(`a secret of tenant ${tenantId} is missing: ${place}`);
    this.tenantId = tenantId;
  }
}

export function createSecretRepository(
  db: Database,
  vault: Vault,
  environment: Readonly<Record<string, string | undefined>>,
  clock: () => Date,
): SecretRepository {
  return {
    put: async (tenantId, name, value) => {
      const sealed = await vault.seal(tenantId, contextOf(name), value);
      const updated_at = clock();
      await db
        .insertInto('secrets')
        .values({ tenant_id: tenantId, name, sealed, updated_at })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'name']).doUpdateSet({ sealed, updated_at }))
        .execute();
    },
    resolve: async (tenantId, ref) => {
      if ('env' in ref) return fromEnvironment(environment, tenantId, ref.env);
      if ('file' in ref) return await fromFile(tenantId, ref.file);
      return await fromStore(db, vault, tenantId, ref.stored);
    },
    rotateMasterKey: () => vault.rotate(),
  };
}

function contextOf(name: string): string {
  return `secret:${name}`;
}

function fromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  tenantId: TenantId,
  name: string,
): string {
  const value = environment[name];
  if (value === undefined || value === '') {
    throw new SecretMissingError(tenantId, `the environment variable ${name} is not set`);
  }
  return value;
}

async function fromFile(tenantId: TenantId, path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    // The file system's own words name the path and the cause, which is what a person needs; the content is not in them.
    throw new SecretMissingError(tenantId, error instanceof Error ? error.message : `the file ${path} cannot be read`);
  });
  // Editors and `echo` end a file with a line feed that is no part of the secret.
  const value = text.replace(/\r?\n$/, '');
  if (value === '') throw new SecretMissingError(tenantId, `the file ${path} is empty`);
  return value;
}

async function fromStore(db: Database, vault: Vault, tenantId: TenantId, name: string): Promise<string> {
  const row = await db
    .selectFrom('secrets')
    .select('sealed')
    .where('tenant_id', '=', tenantId)
    .where('name', '=', name)
    .executeTakeFirst();
  if (row === undefined) throw new SecretMissingError(tenantId, `no value was entered under the name ${name}`);
  return (await vault.open(tenantId, contextOf(name), row.sealed)).toString();
}
