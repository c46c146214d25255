import { randomUUID } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import { fromRun } from './run-environment.ts';

export interface TestDatabase {
  readonly url: string;
  /** Deletes it, whoever is still connected. */
  drop(): Promise<void>;
}

/** A database of one's own, with the product's schema and no rows. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const adminUrl = fromRun('databaseUrl');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const template = escapeIdentifier(fromRun('templateDatabase'));
  // PostgreSQL lets any number of copies be made at once as long as nobody is connected to the template, and nobody ever is.
  await withClient(adminUrl, (client) =>
    client.query(`CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE ${template}`),
  );
  return { url: urlOf(adminUrl, name), drop: () => dropDatabase(adminUrl, name) };
}

/** @returns the URL of the new database */
export async function createEmptyDatabase(adminUrl: string, name: string): Promise<string> {
  await withClient(adminUrl, (client) => client.query(`CREATE DATABASE ${escapeIdentifier(name)}`));
  return urlOf(adminUrl, name);
}

async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  await withClient(adminUrl, (client) =>
    client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`),
  );
}

function urlOf(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}

async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
