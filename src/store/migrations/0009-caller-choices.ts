import { sql, type Kysely } from 'kysely';

/** What people decided for conversations that waited for them. Rows are only ever added; the newest one is in force. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // person_key is hashed as in the table of people; it is set when the row is about every conversation of the caller.
  await sql`
    create table caller_choices (
      number          bigint generated always as identity primary key,
      tenant_id       text not null,
      connection_id   text not null,
      conversation_id text not null,
      person_key      bytea,
      action          text not null check (action in ('choose', 'create', 'skip', 'forget')),
      object          text,
      record_id       text,
      chosen_by       text not null,
      chosen_at       timestamptz not null,
      constraint caller_choices_choose_names_a_record check (
        (action = 'choose') = (object is not null) and (object is null) = (record_id is null))
    )`.execute(db);
  await sql`
    create index caller_choices_by_conversation on caller_choices (connection_id, conversation_id, number)`.execute(db);
  await sql`
    create index caller_choices_by_caller on caller_choices (connection_id, person_key, number)
    where person_key is not null`.execute(db);
  // The review inbox, oldest first.
  await sql`
    create index ledger_in_review on ledger (first_heard_at, connection_id, conversation_id)
    where state = 'needs_review'`.execute(db);
}
