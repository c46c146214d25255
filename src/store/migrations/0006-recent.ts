import { sql, type Kysely } from 'kysely';

/** What people look at first: the conversations that changed last, and when PersonaDesk was last heard of. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // The status page asks over all connections.
  await sql`create index ledger_by_change on ledger (updated_at)`.execute(db);
  await sql`create index inbox_by_arrival on inbox (tenant_id, received_at)`.execute(db);
}
