import { conversationIdSchema, tenantIdSchema, type ConversationId } from '../../src/domain/ids.ts';
import { createPersonaDeskClient, type PersonaDeskClientOptions } from '../../src/source/client.ts';
import type {
  ConversationPage,
  ConversationSource,
  ListOptions,
  SourceFailure,
  SourceRead,
} from '../../src/source/source.ts';
import {
  generateConversations,
  startPersonaDeskSandbox,
  type GeneratedConversation,
  type PersonaDeskSandbox,
  type PersonaDeskSandboxOptions,
} from '../../sandbox/personadesk/index.ts';

export const TENANT = tenantIdSchema.parse('ten_demo');

export const conversationId = (id: string): ConversationId => conversationIdSchema.parse(id);

export const CONV_123 = conversationId('conv_123');

/** A sandbox and clients of it, all closed by `close`. */
export interface SourceFixture {
  readonly sandbox: PersonaDeskSandbox;
  client(options?: Partial<PersonaDeskClientOptions>): ConversationSource;
  /** Adds generated conversations of the tenant. */
  generate(count: number, seed?: number): readonly GeneratedConversation[];
  close(): Promise<void>;
}

export async function startSourceFixture(options: PersonaDeskSandboxOptions = {}): Promise<SourceFixture> {
  const sandbox = await startPersonaDeskSandbox({ apiKey: 'test-key', ...options });
  const clients: ConversationSource[] = [];
  return {
    sandbox,
    client: (clientOptions = {}) => {
      const client = createPersonaDeskClient({
        baseUrl: sandbox.url,
        apiKey: () => 'test-key',
        tenantId: TENANT,
        ...clientOptions,
      });
      clients.push(client);
      return client;
    },
    generate: (count, seed = 1) => {
      const [from, to] = ['2025-03-01T00:00:00Z', '2025-04-01T00:00:00Z'];
      const generated = generateConversations({ seed, count, tenantId: TENANT, from, to });
      sandbox.addConversations(generated);
      return generated;
    },
    close: async () => {
      await sandbox.close();
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}

/** The value of a read that must have found something. */
export function found<T>(read: SourceRead<T> | undefined): T {
  if (read?.kind !== 'found') throw new Error(`expected found, got ${JSON.stringify(read)}`);
  return read.value;
}

/** The failure of a read that must have failed. */
export function failureOf(read: SourceRead<unknown> | undefined): SourceFailure {
  if (read?.kind !== 'failed') throw new Error(`expected failed, got ${read?.kind ?? 'nothing'}`);
  return read.failure;
}

export async function allPages(source: ConversationSource, options: ListOptions): Promise<ConversationPage[]> {
  const pages: ConversationPage[] = [];
  for await (const page of source.listConversations(options)) pages.push(page);
  return pages;
}
