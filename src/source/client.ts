import type { Dispatcher } from 'undici';
import type { ConversationId, TenantId } from '../domain/ids.ts';
import { checkedBaseUrl } from './base-url.ts';
import { createHttpReader } from './http.ts';
import { createKnownIds } from './known-ids.ts';
import { createConversationList } from './list-conversations.ts';
import { normaliseMessage, normaliseRoutingDecision, normaliseTenant } from './normalise-related.ts';
import { createOfferedResources } from './offered-resources.ts';
import { createPageWalker, type PageWalker } from './pages.ts';
import { readAgent } from './read-agent.ts';
import { readCollection } from './read-collection.ts';
import { readConversations, type ConversationReaderParts } from './read-conversations.ts';
import { readRelated } from './read-related.ts';
import type { ConversationSource, SourceRead, SourceTenant } from './source.ts';

export interface PersonaDeskClientOptions {
  /** With the version path, e.g. `https://api.personadesk.ai/v1`. */
  readonly baseUrl: string;
  /** Asked before every request, so that a rotated key is used at once. */
  readonly apiKey: () => Promise<string> | string;
  readonly tenantId: TenantId;
  /** Over the connection, the headers and the whole body of one request; default 10,000. */
  readonly timeoutMs?: number;
  /** Default 16 MiB. */
  readonly maxBodyBytes?: number;
  /** Default `cursor`; the documentation does not name it. */
  readonly cursorParameter?: string;
  /** How long a resource that was found missing is not asked for again; default 600,000. */
  readonly notOfferedTtlMs?: number;
  /** Requests of one `getConversations` under way at the same time; default 16. */
  readonly concurrency?: number;
  /** Bounds of the search through the list; default 50 pages of 100. */
  readonly scan?: { readonly pageSize: number; readonly maxPages: number };
  /** Plain HTTP to a host that is not loopback; default false. */
  readonly allowInsecure?: boolean;
  /** Epoch milliseconds. */
  readonly clock?: () => number;
  /** A connection pool shared with other clients, which the caller closes. */
  readonly dispatcher?: Dispatcher;
}

/** Enough for the conversations between a read and the reads of what belongs to them, at a few bytes each. */
const KNOWN_IDS = 10_000;

async function readTenants(walker: PageWalker, signal?: AbortSignal): Promise<SourceRead<readonly SourceTenant[]>> {
  const outcome = await readCollection(walker, { path: '/tenants', query: {}, signal }, normaliseTenant);
  switch (outcome.kind) {
    case 'items':
      return { kind: 'found', value: outcome.items };
    case 'missing':
      return { kind: 'not_offered' };
    case 'failed':
      return outcome;
  }
}

/** A client of the PersonaDesk API for one tenant. Throws `SourceConfigurationError` for a base URL that cannot be used. */
export function createPersonaDeskClient(options: PersonaDeskClientOptions): ConversationSource {
  const { tenantId, clock = Date.now } = options;
  const http = createHttpReader({
    baseUrl: checkedBaseUrl(options.baseUrl, options.allowInsecure ?? false),
    apiKey: options.apiKey,
    timeoutMs: options.timeoutMs ?? 10_000,
    maxBodyBytes: options.maxBodyBytes ?? 16 * 1024 * 1024,
    clock,
    ...(options.dispatcher === undefined ? {} : { dispatcher: options.dispatcher }),
  });
  const walker = createPageWalker(http, options.cursorParameter ?? 'cursor');
  const offered = createOfferedResources(options.notOfferedTtlMs ?? 600_000, clock);
  const known = createKnownIds(KNOWN_IDS);
  const list = createConversationList(walker, tenantId, known);
  const scan = options.scan ?? { pageSize: 100, maxPages: 50 };
  const parts: ConversationReaderParts = {
    http,
    list,
    offered,
    known,
    tenantId,
    concurrency: options.concurrency ?? 16,
    scan,
  };
  const readConversation = async (id: ConversationId, signal?: AbortSignal) =>
    (await readConversations(parts, [id], signal)).get(id) ?? ({ kind: 'not_found' } as const);
  const related = { walker, offered, known, readConversation };
  return {
    getConversation: readConversation,
    getConversations: (ids, signal) => readConversations(parts, ids, signal),
    getRoutingDecisions: (id, signal) =>
      readRelated(related, 'routing_decisions', id, normaliseRoutingDecision, signal),
    getMessages: (id, signal) => readRelated(related, 'messages', id, normaliseMessage, signal),
    getAgent: (id, signal) => readAgent({ http, walker, offered }, id, signal),
    listTenants: (signal) => readTenants(walker, signal),
    listConversations: (listOptions) => list.pages(listOptions),
    close: () => http.close(),
  };
}
