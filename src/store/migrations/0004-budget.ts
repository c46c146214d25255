import { sql, type Kysely } from 'kysely';

/** What of a CRM's daily limit has been used: survives a restart, and is seen by processes that make no calls. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // The day is where the account is, not a date of the server's: it stays a text.
  await sql`
    create table api_usage (
      connection_id text not null,
      day           text not null,
      class         text not null,
      calls         integer not null,
      primary key (connection_id, day, class)
    ) with (fillfactor = 70)`.execute(db);
  await sql`
    create table api_days (
      connection_id text primary key,
      day           text not null,
      resets_at     timestamptz not null,
      allowed       integer not null,
      used          integer not null,
      updated_at    timestamptz not null
    ) with (fillfactor = 70)`.execute(db);
}
