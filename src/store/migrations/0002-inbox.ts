import { sql, type Kysely } from 'kysely';

/** Every webhook that was answered with 2xx, its body sealed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table inbox (
      tenant_id       text not null,
      event_id        text not null,
      type            text not null,
      ignored         boolean not null,
      conversation_id text,
      created_at      timestamptz not null,
      received_at     timestamptz not null,
      expires_at      timestamptz not null,
      body            bytea not null,
      primary key (tenant_id, event_id)
    )`.execute(db);
  await sql`create index inbox_by_conversation on inbox (tenant_id, conversation_id) where not ignored`.execute(db);
  await sql`create index inbox_by_expiry on inbox (expires_at)`.execute(db);
}
