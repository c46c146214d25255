import { createHmac, hkdfSync, randomBytes, randomUUID } from 'node:crypto';
import type { TenantId } from '../domain/ids.ts';
import type { Database } from './database.ts';
import { MasterKeyError, masterKeyId, type MasterKeys } from './master-key.ts';
import { dataKeyIdOf, openBytes, sealBytes, SealError, type DataKey } from './sealing.ts';

/** Encryption at rest. Every tenant has a data key of its own; a value opens only for its tenant and its context. */
export interface Vault {
  /** `context` names the one place the value belongs to, e.g. `inbox:evt_1`. */
  seal(tenantId: TenantId, context: string, plain: Buffer | string): Promise<Buffer>;
  /** @throws SealError when the value was sealed for another tenant or context, or was changed. */
  open(tenantId: TenantId, context: string, sealed: Buffer): Promise<Buffer>;
  /** A keyed hash: equal for equal text in one context of one tenant, and of no use without the tenant's key. */
  fingerprint(tenantId: TenantId, context: string, text: string): Promise<Buffer>;
  /** Wraps every data key with the current master key. Values stay as they are. Returns how many keys were rewrapped. */
  rotate(): Promise<number>;
}

/** The id that a key wrapped by a master key carries in its envelope; the master key is named beside it, by column. */
const WRAPPING_KEY_ID = Buffer.alloc(16);

export function createVault(db: Database, masterKeys: MasterKeys): Vault {
  const masters = new Map([masterKeys.current, ...masterKeys.previous].map((key) => [masterKeyId(key), key]));
  // Data keys never change once drawn, so a cached one is never stale. A failed look-up is not kept.
  const keys = new Map<TenantId, Promise<DataKey>>();

  const keyOf = (tenantId: TenantId): Promise<DataKey> => {
    const cached = keys.get(tenantId);
    if (cached !== undefined) return cached;
    const loading = loadOrDrawKey(db, masters, masterKeys.current, tenantId);
    keys.set(tenantId, loading);
    loading.catch(() => keys.delete(tenantId));
    return loading;
  };

  return {
    seal: async (tenantId, context, plain) =>
      sealBytes(
        await keyOf(tenantId),
        boundTo(tenantId, context),
        typeof plain === 'string' ? Buffer.from(plain) : plain,
      ),
    open: async (tenantId, context, sealed) => {
      const dataKey = await keyOf(tenantId);
      if (!dataKeyIdOf(sealed).equals(dataKey.id))
        throw new SealError('a sealed value of another key does not open here');
      return openBytes(dataKey.key, boundTo(tenantId, context), sealed);
    },
    fingerprint: async (tenantId, context, text) => {
      const { key } = await keyOf(tenantId);
      const hashKey = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), 'fingerprint', 32));
      return createHmac('sha256', hashKey).update(boundTo(tenantId, context)).update('\n').update(text).digest();
    },
    rotate: () => rewrapAll(db, masters, masterKeys.current),
  };
}

/** Ids hold no line feed, so tenant and context cannot run into each other. */
function boundTo(tenantId: TenantId, context: string): string {
  return `${tenantId}\n${context}`;
}

async function loadOrDrawKey(
  db: Database,
  masters: ReadonlyMap<string, Buffer>,
  current: Buffer,
  tenantId: TenantId,
): Promise<DataKey> {
  const stored = await readKey(db, tenantId);
  if (stored !== undefined) return unwrap(masters, stored);
  const id = randomUUID();
  await db
    .insertInto('data_keys')
    .values({
      data_key_id: id,
      tenant_id: tenantId,
      master_key_id: masterKeyId(current),
      wrapped: wrap(current, tenantId, id, randomBytes(32)),
    })
    // Two processes meet a new tenant at once: the first key to be stored is the tenant's.
    .onConflict((conflict) => conflict.column('tenant_id').doNothing())
    .execute();
  const settled = await readKey(db, tenantId);
  if (settled === undefined) throw new SealError(`the data key of tenant ${tenantId} vanished while it was being made`);
  return unwrap(masters, settled);
}

interface StoredKey {
  readonly data_key_id: string;
  readonly tenant_id: TenantId;
  readonly master_key_id: string;
  readonly wrapped: Buffer;
}

function readKey(db: Database, tenantId: TenantId): Promise<StoredKey | undefined> {
  return db
    .selectFrom('data_keys')
    .select(['data_key_id', 'tenant_id', 'master_key_id', 'wrapped'])
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst();
}

function wrap(master: Buffer, tenantId: TenantId, dataKeyId: string, key: Buffer): Buffer {
  return sealBytes({ id: WRAPPING_KEY_ID, key: master }, boundTo(tenantId, `data-key:${dataKeyId}`), key);
}

function unwrap(masters: ReadonlyMap<string, Buffer>, stored: StoredKey): DataKey {
  const master = masters.get(stored.master_key_id);
  if (master === undefined) {
    throw new MasterKeyError(
      `the data of tenant ${stored.tenant_id} is locked with master key ${stored.master_key_id}, which was not given; ` +
        'set the key this database was made with, or name it among the previous keys',
    );
  }
  const key = openBytes(master, boundTo(stored.tenant_id, `data-key:${stored.data_key_id}`), stored.wrapped);
  return { id: Buffer.from(stored.data_key_id.replaceAll('-', ''), 'hex'), key };
}

async function rewrapAll(db: Database, masters: ReadonlyMap<string, Buffer>, current: Buffer): Promise<number> {
  const currentId = masterKeyId(current);
  return db.transaction().execute(async (transaction) => {
    const stored = await transaction
      .selectFrom('data_keys')
      .select(['data_key_id', 'tenant_id', 'master_key_id', 'wrapped'])
      .where('master_key_id', '<>', currentId)
      .orderBy('data_key_id')
      .forUpdate()
      .execute();
    for (const key of stored) {
      const wrapped = wrap(current, key.tenant_id, key.data_key_id, unwrap(masters, key).key);
      await transaction
        .updateTable('data_keys')
        .set({ wrapped, master_key_id: currentId })
        .where('data_key_id', '=', key.data_key_id)
        .execute();
    }
    return stored.length;
  });
}
