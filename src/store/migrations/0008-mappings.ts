import { sql, type Kysely } from 'kysely';

/** Which mapping was in force when: a row for each time that one was published, never changed afterwards. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table mapping_publications (
      connection_id text not null,
      number        integer not null,
      version       text not null,
      document      jsonb not null,
      published_at  timestamptz not null,
      primary key (connection_id, number)
    )`.execute(db);
}
