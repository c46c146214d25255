import type { Conversation, Message, RoutingDecision } from '../domain/conversation.ts';
import type { ConversationId } from '../domain/ids.ts';

/**
 * Why the source could not be asked or not be understood. Codes and numbers only: never body text, never data of a person.
 * `retryAfterMs` is what the source asked for, in milliseconds, at most one hour.
 */
export interface SourceFailure {
  readonly kind:
    'unauthorized' | 'forbidden' | 'rate_limited' | 'unavailable' | 'timeout' | 'invalid_response' | 'bad_request';
  /** HTTP status, when there was an answer. */
  readonly status?: number;
  readonly retryAfterMs?: number;
  /** A stable word for the exact cause, e.g. `http_503`, `network_econnreset`, `body_too_large`. */
  readonly code: string;
}

/**
 * The outcome of one read. `not_found`: the source has no such thing. `not_offered`: the source has no such resource,
 * go on without. `failed`: we do not know, ask again.
 */
export type SourceRead<T> =
  | { readonly kind: 'found'; readonly value: T }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'not_offered' }
  | { readonly kind: 'failed'; readonly failure: SourceFailure };

/** An AI receptionist or a human endpoint. Fields we have no name for are in `raw`. */
export interface Agent {
  readonly id: string;
  readonly name?: string;
  readonly email?: string;
  readonly type?: string;
  readonly raw: Readonly<Record<string, unknown>>;
}

/** A customer account as the source knows it. */
export interface SourceTenant {
  readonly id: string;
  readonly name?: string;
  readonly raw: Readonly<Record<string, unknown>>;
}

/** A list item that could not be used. It never stops its page. */
export interface RejectedItem {
  /** The item's id, when that much was readable. */
  readonly id?: string;
  readonly reason: 'invalid' | 'other_tenant';
}

/** One page of the conversation list. `nextCursor` is `null` at the end, else where to go on. */
export interface ConversationPage {
  readonly conversations: readonly Conversation[];
  readonly nextCursor: string | null;
  readonly rejected: { readonly count: number; readonly items: readonly RejectedItem[] };
}

export interface ListOptions {
  /** Conversations per page. */
  readonly pageSize: number;
  /** Where to go on: a `nextCursor` of an earlier page. */
  readonly cursor?: string;
  readonly signal?: AbortSignal;
}

/**
 * PersonaDesk as one tenant sees it. Reads never throw: what went wrong is in the value. Nothing is retried here.
 * Callers must tolerate a source that offers only the documented conversation list.
 */
export interface ConversationSource {
  getConversation(id: ConversationId, signal?: AbortSignal): Promise<SourceRead<Conversation>>;
  /** One result per distinct id, in the order given, whatever happens to the others. */
  getConversations(
    ids: readonly ConversationId[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<ConversationId, SourceRead<Conversation>>>;
  getRoutingDecisions(id: ConversationId, signal?: AbortSignal): Promise<SourceRead<readonly RoutingDecision[]>>;
  getMessages(id: ConversationId, signal?: AbortSignal): Promise<SourceRead<readonly Message[]>>;
  getAgent(id: string, signal?: AbortSignal): Promise<SourceRead<Agent>>;
  listTenants(signal?: AbortSignal): Promise<SourceRead<readonly SourceTenant[]>>;
  /** Iterates the list page by page, in the source's own order. Throws `SourceError` when a page cannot be read. */
  listConversations(options: ListOptions): AsyncIterable<ConversationPage>;
  /** Closes connections this client opened itself. */
  close(): Promise<void>;
}
