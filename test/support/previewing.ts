import { Client, escapeIdentifier } from 'pg';
import { preview, type Preview, type PreviewDependencies } from '../../src/delivery/preview.ts';
import type { Connection } from '../../src/domain/connection.ts';
import { conversationIdSchema } from '../../src/domain/ids.ts';
import { wireDelivery } from '../../src/runtime/delivery-dependencies.ts';
import type { DirectDelivery } from './direct-delivery.ts';

/** Previews of what a direct delivery would do, through clients of their own. */
export interface Previewing {
  readonly dependencies: PreviewDependencies;
  readonly connection: Connection;
  /** Of these conversations, in this order. */
  preview(ids: readonly string[]): Promise<Preview>;
  close(): Promise<void>;
}

export async function openPreviewing(delivery: DirectDelivery): Promise<Previewing> {
  const { store, connectionId } = delivery;
  const wired = wireDelivery({
    store,
    events: { settled: ignore, request: ignore, spent: ignore, stopped: ignore, unlisted: ignore },
    onCloseFailure: (error) => {
      throw error;
    },
    policy: delivery.policy,
  });
  const dependencies = { ...wired.dependencies, store, now: () => delivery.now() };
  const connection = await store.connections.get(connectionId);
  if (connection === undefined) throw new Error('there is one connection');
  return {
    dependencies,
    connection,
    async preview(ids) {
      const conversationIds = ids.map((id) => conversationIdSchema.parse(id));
      const rows = await store.ledger.peek({ connectionId, conversationIds });
      const inOrder = conversationIds.flatMap((id) => rows.find(({ conversationId }) => conversationId === id) ?? []);
      return preview(dependencies, connection, inOrder, AbortSignal.timeout(60_000));
    },
    close: () => wired.close(),
  };
}

function ignore(): void {
  // These events are for logs and metrics.
}

/** Everything in a database but the count of calls, as one text per table: equal when nothing was written. */
export async function contentsOf(databaseUrl: string): Promise<ReadonlyMap<string, string>> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
    );
    const contents = new Map<string, string>();
    for (const { name } of tables.rows) {
      if (name.startsWith('api_')) continue;
      const { rows } = await client.query<{ content: string | null }>(
        `select string_agg(t::text, '\n' order by t::text) as content from ${escapeIdentifier(name)} t`,
      );
      contents.set(name, rows[0]?.content ?? '');
    }
    return contents;
  } finally {
    await client.end();
  }
}
