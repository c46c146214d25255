import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import { Pool, type PoolClient } from 'pg';
import type { Schema } from './schema.ts';
import { toStoreError } from './store-error.ts';

export type Database = Kysely<Schema>;

/** How to reach PostgreSQL. Times in milliseconds. */
export interface DatabaseOptions {
  readonly databaseUrl: string;
  readonly applicationName: string;
  readonly poolSize: number;
  /** 0 for none: migrations may take as long as they take. */
  readonly statementTimeoutMs: number;
  /** Called with an error code when an idle connection breaks. */
  readonly onPoolError: (code: string) => void;
}

/** How long a new connection may take before the caller is told. */
const CONNECTION_TIMEOUT_MS = 3_000;
/** How much longer than the server's own limit the client waits before it takes the server for dead. */
const SILENT_SERVER_MS = 2_000;
/** A process that hangs in the middle of a transaction must not hold its locks for ever. */
const IDLE_IN_TRANSACTION_MS = 30_000;

/** Opens a pool. Nothing is connected until the first statement. Every error of every statement is a StoreError. */
export function openDatabase(options: DatabaseOptions): Database {
  const limits =
    options.statementTimeoutMs === 0
      ? {}
      : {
          statement_timeout: options.statementTimeoutMs,
          query_timeout: options.statementTimeoutMs + SILENT_SERVER_MS,
          idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
        };
  const pool = new Pool({
    connectionString: options.databaseUrl,
    application_name: options.applicationName,
    max: options.poolSize,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
    keepAlive: true,
    ...limits,
  });
  // Without a listener the error of an idle connection (the server restarts) ends the whole process.
  pool.on('error', (error) => options.onPoolError(toStoreError(error).code));
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool: withStoreErrors(pool) }) });
}

/**
 * The pool as kysely uses it, with errors translated in the one place that all statements pass. The wrapper of a client
 * is kept, because kysely remembers clients by identity.
 */
function withStoreErrors(pool: Pool): PostgresPool {
  const wrapped = new WeakMap<PoolClient, PostgresPoolClient>();
  return {
    options: {},
    end: () => pool.end(),
    connect: async () => {
      const client = await pool.connect().catch((error: unknown) => {
        throw toStoreError(error);
      });
      const known = wrapped.get(client) ?? wrapClient(client);
      wrapped.set(client, known);
      return known;
    },
  };
}

function wrapClient(client: PoolClient): PostgresPoolClient {
  let silent = false;
  // Between two statements of a transaction nobody else listens, and an error without a listener ends the process. The
  // next statement meets it.
  client.on('error', () => {
    silent = true;
  });
  // kysely's interface also has a cursor form of `query`; it is used only by dialects that were given a cursor class.
  const query = async (text: string, parameters: readonly unknown[]) => {
    try {
      return await client.query(text, [...parameters]);
    } catch (error) {
      const translated = toStoreError(error);
      silent ||= translated.code === 'timeout';
      throw translated;
    }
  };
  return {
    query: query as unknown as PostgresPoolClient['query'],
    // A statement the server never answered is still under way on that connection: nobody may get it next.
    release: (destroy) => client.release(destroy === true || silent),
  };
}
