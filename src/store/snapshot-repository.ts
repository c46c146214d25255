import { sql, type Transaction } from 'kysely';
import type { ConversationId, TenantId } from '../domain/ids.ts';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';
import type { Vault } from './vault.ts';

/** A conversation as it was last read from the source. */
interface Snapshot {
  readonly takenAt: Date;
  /** What the delivery stored, as JSON. */
  readonly body: unknown;
}

export interface SnapshotRepository {
  get(tenantId: TenantId, conversationId: ConversationId): Promise<Snapshot | undefined>;
  /** Deletes what has expired; returns how many. */
  purgeExpired(now: Date, limit: number): Promise<number>;
}

/** A snapshot whose body is sealed. */
export interface SealedSnapshot {
  readonly conversationId: ConversationId;
  readonly expiresAt: Date;
  readonly body: Buffer;
}

export function createSnapshotRepository(db: Database, vault: Vault): SnapshotRepository {
  return {
    get: async (tenantId, conversationId) => {
      const row = await db
        .selectFrom('snapshots')
        .select(['taken_at', 'body'])
        .where('tenant_id', '=', tenantId)
        .where('conversation_id', '=', conversationId)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const opened = await vault.open(tenantId, contextOf(conversationId), row.body);
      const body: unknown = JSON.parse(opened.toString());
      return { takenAt: row.taken_at, body };
    },
    purgeExpired: async (now, limit) => {
      const { rows } = await sql`
        delete from snapshots where (tenant_id, conversation_id) in (
          select tenant_id, conversation_id from snapshots
          where expires_at <= ${now}
          order by expires_at
          limit ${limit}
          for update skip locked)
        returning 1`.execute(db);
      return rows.length;
    },
  };
}

export function sealSnapshot(
  vault: Vault,
  tenantId: TenantId,
  conversationId: ConversationId,
  body: unknown,
): Promise<Buffer> {
  return vault.seal(tenantId, contextOf(conversationId), JSON.stringify(body ?? null));
}

/** Two connections of a tenant share a conversation's snapshot: sorted, so that they do not deadlock over several. */
export async function saveSnapshots(
  transaction: Transaction<Schema>,
  tenantId: TenantId,
  now: Date,
  snapshots: readonly SealedSnapshot[],
): Promise<void> {
  if (snapshots.length === 0) return;
  await sql`
    insert into snapshots as s (tenant_id, conversation_id, taken_at, expires_at, body)
    select ${tenantId}, conversation_id, ${now}, expires_at, body
    from unnest(
      ${snapshots.map((snapshot) => snapshot.conversationId)}::text[],
      ${snapshots.map((snapshot) => snapshot.expiresAt)}::timestamptz[],
      ${snapshots.map((snapshot) => snapshot.body)}::bytea[]
    ) as e (conversation_id, expires_at, body)
    order by conversation_id
    on conflict (tenant_id, conversation_id) do update set
      taken_at = excluded.taken_at, expires_at = excluded.expires_at, body = excluded.body`.execute(transaction);
}

function contextOf(conversationId: ConversationId): string {
  return `snapshot:${conversationId}`;
}
