import { sql, type Kysely } from 'kysely';

/** One row per conversation x connection: what became of it, and the queue of what is to be done. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createLedger(db);
  await createDeliveryRecords(db);
}

async function createLedger(db: Kysely<unknown>): Promise<void> {
  // The check constraints are the state machine's last line of defence: a waiting row without a due time would be lost.
  await sql`
    create table ledger (
      connection_id   text not null,
      conversation_id text not null,
      tenant_id       text not null,
      state           text not null,
      reason          text not null,
      vendor_code     text,
      asked_by        text not null,
      priority        smallint not null check (priority between 1 and 4),
      due_at          timestamptz,
      due_since       timestamptz not null,
      first_heard_at  timestamptz not null,
      attempts        integer not null default 0,
      failing_since   timestamptz,
      fence           bigint not null default 0,
      mapping_version text,
      written         bytea,
      synced_at       timestamptz,
      freshness_ms    bigint,
      updated_at      timestamptz not null,
      primary key (connection_id, conversation_id),
      constraint ledger_state_has_its_due_time check (
        case
          when state in ('due', 'waiting') then due_at is not null
          when state = 'in_progress' then true
          when state in ('synced', 'skipped', 'needs_review', 'failed') then due_at is null
          else false
        end)
    ) with (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02)`.execute(db);
  // The queue, in claim order.
  await sql`
    create index ledger_queue on ledger (connection_id, priority, due_at)
    where state in ('due', 'waiting')`.execute(db);
  // The rows a writer holds, or held when it died.
  await sql`create index ledger_in_progress on ledger (connection_id, fence) where state = 'in_progress'`.execute(db);
  // Explain asks by conversation; purging the inbox asks by conversation and tenant.
  await sql`create index ledger_by_conversation on ledger (conversation_id, tenant_id)`.execute(db);
}

async function createDeliveryRecords(db: Kysely<unknown>): Promise<void> {
  // The sequence keeps the order of attempts that ended in one millisecond.
  await sql`
    create table attempts (
      attempt_id      uuid primary key,
      sequence        bigint generated always as identity,
      tenant_id       text not null,
      connection_id   text not null,
      conversation_id text not null,
      started_at      timestamptz not null,
      finished_at     timestamptz not null,
      state           text not null,
      reason          text not null,
      calls           integer not null,
      trace           bytea not null
    )`.execute(db);
  await sql`
    create index attempts_by_row on attempts (connection_id, conversation_id, sequence)`.execute(db);
  await sql`create index attempts_by_age on attempts (finished_at)`.execute(db);
  await sql`
    create table snapshots (
      tenant_id       text not null,
      conversation_id text not null,
      taken_at        timestamptz not null,
      expires_at      timestamptz not null,
      body            bytea not null,
      primary key (tenant_id, conversation_id)
    )`.execute(db);
  await sql`create index snapshots_by_expiry on snapshots (expires_at)`.execute(db);
  // person_key is a keyed hash: the key itself is a phone number or an e-mail address.
  await sql`
    create table people (
      connection_id text not null,
      person_key    bytea not null,
      object        text not null,
      record_id     text not null,
      created_by_us boolean not null,
      updated_at    timestamptz not null,
      primary key (connection_id, person_key)
    )`.execute(db);
}
