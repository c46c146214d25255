import { sql, type Kysely } from 'kysely';

/** Tenants, their connections, their keys and the secrets that were entered by hand. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // A webhook is looked up by endpoint: the unique constraint is that query's index.
  await sql`
    create table tenants (
      tenant_id     text primary key,
      endpoint_id   text not null unique,
      configuration jsonb not null,
      created_at    timestamptz not null,
      updated_at    timestamptz not null
    )`.execute(db);
  // connection_id is the key alone: people and scripts name a connection without its tenant.
  await sql`
    create table connections (
      connection_id text primary key,
      tenant_id     text not null references tenants,
      configuration jsonb not null,
      paused        boolean not null default false,
      broken_code   text,
      broken_at     timestamptz,
      parked_until  timestamptz,
      park_reason   text,
      fence         bigint not null default 0,
      created_at    timestamptz not null,
      updated_at    timestamptz not null
    )`.execute(db);
  await sql`create index connections_by_tenant on connections (tenant_id)`.execute(db);
  // No reference to tenants: a secret may be entered before the configuration that uses it is applied.
  await sql`
    create table data_keys (
      data_key_id   uuid primary key,
      tenant_id     text not null unique,
      master_key_id text not null,
      wrapped       bytea not null,
      created_at    timestamptz not null default now()
    )`.execute(db);
  await sql`
    create table secrets (
      tenant_id  text not null,
      name       text not null,
      sealed     bytea not null,
      updated_at timestamptz not null,
      primary key (tenant_id, name)
    )`.execute(db);
}
