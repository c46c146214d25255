import { sql, type Kysely } from 'kysely';

/** Sign-ins by browser that were asked for, and which account the tokens of a connection open. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // The state itself is kept nowhere: whoever reads the table cannot answer in a person's place.
  await sql`
    create table authorizations (
      authorization_id text primary key,
      state_hash       bytea not null unique,
      tenant_id        text not null,
      connection_id    text not null,
      lineage          text not null,
      verifier         bytea not null,
      redirect_uri     text not null,
      replace_account  boolean not null,
      created_at       timestamptz not null,
      expires_at       timestamptz not null,
      used_at          timestamptz,
      outcome          jsonb,
      constraint authorizations_outcome_follows_use check (outcome is null or used_at is not null)
    )`.execute(db);
  // supersedes is the lineage of a configured refresh token that yields to a person's sign-in.
  await sql`alter table tokens add column account text, add column supersedes bytea`.execute(db);
}
