import { sql } from 'kysely';
import type { ConnectionId } from '../domain/ids.ts';
import type { Database } from './database.ts';

/** A mapping as it was published for a connection. */
interface MappingPublication {
  /** Counts from 1 for each connection. */
  readonly number: number;
  /** What plans made by it are stamped with. Published again, the same document has the same version. */
  readonly version: string;
  readonly document: unknown;
  readonly publishedAt: Date;
}

export interface MappingRepository {
  /** Notes what is in force from now on. True when that is news: the last one published was another. */
  publish(publication: {
    readonly connectionId: ConnectionId;
    readonly version: string;
    readonly document: unknown;
    readonly now: Date;
  }): Promise<boolean>;
  /** Newest first. */
  list(connectionId: ConnectionId): Promise<readonly MappingPublication[]>;
}

export function createMappingRepository(db: Database): MappingRepository {
  return {
    publish: ({ connectionId, version, document, now }) =>
      db.transaction().execute(async (transaction) => {
        // Who publishes next waits here, and then sees this one.
        await sql`select from connections where connection_id = ${connectionId} for update`.execute(transaction);
        const { rows } = await sql`
          insert into mapping_publications (connection_id, number, version, document, published_at)
          select ${connectionId}, coalesce(max(number), 0) + 1, ${version}, ${JSON.stringify(document)}::jsonb, ${now}
          from mapping_publications
          where connection_id = ${connectionId}
          having coalesce((array_agg(version order by number desc))[1], '') <> ${version}
          returning number`.execute(transaction);
        return rows.length > 0;
      }),
    list: async (connectionId) => {
      const rows = await db
        .selectFrom('mapping_publications')
        .selectAll()
        .where('connection_id', '=', connectionId)
        .orderBy('number', 'desc')
        .execute();
      return rows.map(({ number, version, document, published_at }) => ({
        number,
        version,
        document,
        publishedAt: published_at,
      }));
    },
  };
}
