import { describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { createTestDatabase } from '../support/database.ts';

describe('test databases', () => {
  it('can be made many at a time, share nothing, and are gone after drop', async () => {
    const databases = await Promise.all(Array.from({ length: 12 }, () => createTestDatabase()));
    // The same table in each of them: it would exist already if any two were one.
    for (const { url } of databases) await query(url, 'CREATE TABLE only_here (id int)');
    await Promise.all(databases.map((database) => database.drop()));
    for (const { url } of databases) await expect(query(url, 'SELECT 1')).rejects.toThrow('does not exist');
  });
});

async function query(url: string, text: string): Promise<void> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    await client.query(text);
  } finally {
    await client.end();
  }
}
