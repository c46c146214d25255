import { sql, type Kysely } from 'kysely';

/** Access and refresh tokens that we were issued, one row per connection, sealed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // lineage is a keyed hash of the credentials the tokens descend from. The row is also the lock of a renewal.
  await sql`
    create table tokens (
      connection_id text primary key,
      tenant_id     text not null,
      lineage       bytea not null,
      generation    bigint not null default 0,
      access_token  bytea,
      refresh_token bytea,
      issued_at     timestamptz,
      expires_at    timestamptz,
      failure_kind  text check (failure_kind in ('passing', 'refused', 'revoked')),
      failure_code  text,
      failed_at     timestamptz,
      constraint tokens_failure_is_whole check (
        (failure_kind is null) = (failed_at is null) and (failure_kind is null) = (failure_code is null)),
      constraint tokens_access_token_has_its_time check ((access_token is null) = (issued_at is null))
    )`.execute(db);
}
