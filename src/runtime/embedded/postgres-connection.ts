import { Client, escapeIdentifier } from 'pg';
import { DATABASE_USER } from './postgres-cluster.ts';

const CONNECT_TIMEOUT_MS = 5_000;

/** A libpq URL for a Unix socket: the host is a folder, so it goes into the query part. `pg` and kysely take it too. */
export function socketUrl(socketDirectory: string, database: string): string {
  const query = new URLSearchParams({ host: socketDirectory, user: DATABASE_USER });
  return `postgresql:///${encodeURIComponent(database)}?${query.toString()}`;
}

/** Whether the server answers a query now; any failure means "not yet". */
export async function acceptsQueries(socketDirectory: string): Promise<boolean> {
  try {
    await withClient(socketUrl(socketDirectory, 'postgres'), (client) => client.query('SELECT 1'));
    return true;
  } catch {
    // No socket yet, starting, recovering, shutting down: the caller watches the process and the clock.
    return false;
  }
}

export async function ensureDatabase(socketDirectory: string, database: string): Promise<void> {
  await withClient(socketUrl(socketDirectory, 'postgres'), async (client) => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${escapeIdentifier(database)}`);
  });
}

async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  // A server that stops under an idle connection raises 'error'; unheard, it would end the process. The query fails anyway.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.end();
  }
}
