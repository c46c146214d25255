import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { migrateToLatest } from '../../src/store/migrate.ts';
import { createEmptyDatabase } from '../support/database.ts';
import { fromRun } from '../support/run-environment.ts';

describe('migrateToLatest', () => {
  const name = `migrate_${process.pid}_${Date.now()}`;
  let url: string;

  beforeAll(async () => {
    url = await createEmptyDatabase(fromRun('databaseUrl'), name);
  });

  afterAll(async () => {
    await withClient(fromRun('databaseUrl'), (client) => client.query(`drop database ${name} with (force)`));
  });

  it('brings an empty database to the newest schema once, however many processes start together', async () => {
    await Promise.all([1, 2, 3, 4, 5].map(() => migrateToLatest(url)));
    const applied = await withClient(url, (client) =>
      client.query<{ name: string }>('select name from kysely_migration order by name'),
    );
    expect(applied.rows.map((row) => row.name)).toEqual([
      '0001-tenants',
      '0002-inbox',
      '0003-ledger',
      '0004-budget',
      '0005-tokens',
      '0006-recent',
      '0007-authorizations',
      '0008-mappings',
      '0009-caller-choices',
    ]);
  });

  it('changes nothing in a database that is up to date', async () => {
    await withClient(url, (client) => client.query(`insert into tenants values ('t', 'e', '{}', now(), now())`));
    await migrateToLatest(url);
    const kept = await withClient(url, (client) => client.query('select 1 from tenants'));
    expect(kept.rowCount).toBe(1);
  });

  it('says that the database cannot be reached, by code', async () => {
    const nowhere = new URL(url);
    nowhere.searchParams.set('host', '127.0.0.1');
    nowhere.host = '127.0.0.1:1';
    await expect(migrateToLatest(nowhere.href)).rejects.toMatchObject({
      name: 'StoreError',
      code: 'ECONNREFUSED',
      retryable: true,
    });
  });
});

async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
