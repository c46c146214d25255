import { sql, type Kysely } from 'kysely';
import type { PersonKey } from '../domain/caller.ts';
import type { ConnectionId, TenantId } from '../domain/ids.ts';
import type { Database } from './database.ts';
import { UnknownConnectionError } from './id-errors.ts';
import type { PersonEntry } from './ledger-rows.ts';
import type { Schema } from './schema.ts';
import type { Vault } from './vault.ts';

/**
 * Who was matched or created in a CRM, by person key: asked first, because a CRM's search lags behind its writes. A hint
 * that is verified on use, not a truth.
 */
export interface PeopleRepository {
  find(connectionId: ConnectionId, keys: readonly PersonKey[]): Promise<ReadonlyMap<PersonKey, PersonEntry>>;
  remember(connectionId: ConnectionId, entries: readonly PersonEntry[]): Promise<void>;
  forget(connectionId: ConnectionId, keys: readonly PersonKey[]): Promise<void>;
}

/** A person whose key has been hashed. */
export interface HashedPerson {
  readonly hash: Buffer;
  readonly entry: PersonEntry;
}

export function createPeopleRepository(db: Database, vault: Vault, clock: () => Date): PeopleRepository {
  // A connection never changes its tenant, so what was read once stays true.
  const tenants = new Map<ConnectionId, TenantId>();
  const tenantOf = async (connectionId: ConnectionId): Promise<TenantId> => {
    const known = tenants.get(connectionId) ?? (await readTenant(db, connectionId));
    tenants.set(connectionId, known);
    return known;
  };
  return {
    find: async (connectionId, keys) =>
      keys.length === 0 ? new Map() : findPeople(db, vault, await tenantOf(connectionId), connectionId, keys),
    remember: async (connectionId, entries) => {
      if (entries.length === 0) return;
      const people = await hashPeople(vault, await tenantOf(connectionId), connectionId, entries);
      await savePeople(db, connectionId, people, clock());
    },
    forget: async (connectionId, keys) => {
      if (keys.length === 0) return;
      const hashes = await hashKeys(vault, await tenantOf(connectionId), connectionId, keys);
      await db
        .deleteFrom('people')
        .where('connection_id', '=', connectionId)
        .where('person_key', 'in', hashes)
        .execute();
    },
  };
}

/** One entry per key, the last one given. */
export async function hashPeople(
  vault: Vault,
  tenantId: TenantId,
  connectionId: ConnectionId,
  entries: readonly PersonEntry[],
): Promise<readonly HashedPerson[]> {
  const last = [...new Map(entries.map((entry) => [entry.key, entry])).values()];
  return Promise.all(
    last.map(async (entry) => ({ entry, hash: await hashKey(vault, tenantId, connectionId, entry.key) })),
  );
}

/** Who created a record stays known for as long as the key points at that record. */
export async function savePeople(
  db: Kysely<Schema>,
  connectionId: ConnectionId,
  people: readonly HashedPerson[],
  now: Date,
): Promise<void> {
  if (people.length === 0) return;
  await sql`
    insert into people as p (connection_id, person_key, object, record_id, created_by_us, updated_at)
    select ${connectionId}, person_key, object, record_id, created_by_us, ${now}
    from unnest(
      ${people.map(({ hash }) => hash)}::bytea[],
      ${people.map(({ entry }) => entry.ref.object)}::text[],
      ${people.map(({ entry }) => entry.ref.id)}::text[],
      ${people.map(({ entry }) => entry.createdByUs)}::boolean[]
    ) as e (person_key, object, record_id, created_by_us)
    order by person_key
    on conflict (connection_id, person_key) do update set
      object = excluded.object,
      record_id = excluded.record_id,
      created_by_us = excluded.created_by_us
        or (p.created_by_us and (p.object, p.record_id) = (excluded.object, excluded.record_id)),
      updated_at = excluded.updated_at`.execute(db);
}

async function findPeople(
  db: Database,
  vault: Vault,
  tenantId: TenantId,
  connectionId: ConnectionId,
  keys: readonly PersonKey[],
): Promise<ReadonlyMap<PersonKey, PersonEntry>> {
  const hashes = await hashKeys(vault, tenantId, connectionId, keys);
  const keyOf = new Map(keys.map((key, index) => [hashes[index]?.toString('hex'), key]));
  const rows = await db
    .selectFrom('people')
    .select(['person_key', 'object', 'record_id', 'created_by_us'])
    .where('connection_id', '=', connectionId)
    .where('person_key', 'in', hashes)
    .execute();
  const found = new Map<PersonKey, PersonEntry>();
  for (const row of rows) {
    const key = keyOf.get(row.person_key.toString('hex'));
    if (key === undefined) continue;
    found.set(key, { key, ref: { object: row.object, id: row.record_id }, createdByUs: row.created_by_us });
  }
  return found;
}

/** Person keys as they are stored; in the order of the keys. */
export function hashKeys(
  vault: Vault,
  tenantId: TenantId,
  connectionId: ConnectionId,
  keys: readonly PersonKey[],
): Promise<Buffer[]> {
  return Promise.all(keys.map((key) => hashKey(vault, tenantId, connectionId, key)));
}

function hashKey(vault: Vault, tenantId: TenantId, connectionId: ConnectionId, key: PersonKey): Promise<Buffer> {
  return vault.fingerprint(tenantId, `people:${connectionId}`, key);
}

async function readTenant(db: Database, connectionId: ConnectionId): Promise<TenantId> {
  const row = await db
    .selectFrom('connections')
    .select('tenant_id')
    .where('connection_id', '=', connectionId)
    .executeTakeFirstOrThrow(() => new UnknownConnectionError(connectionId));
  return row.tenant_id;
}
