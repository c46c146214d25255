import type { ConversationId, TenantId } from '../domain/ids.ts';
import type { KnownConversation } from '../domain/known-conversation.ts';
import type { ConversationSource, SourceRead } from '../source/source.ts';
import type { Store } from '../store/store.ts';

/** A source that knows what it no longer has. */
export interface RememberingSource {
  readonly source: ConversationSource;
  /** True for a conversation that was answered from what we stored of it. */
  readonly isRemembered: (id: ConversationId) => boolean;
}

/**
 * Answers for conversations that the source no longer has with the snapshot of their last delivery, where one is still
 * kept. Rejects only for our database.
 */
export function withSnapshots(
  source: ConversationSource,
  snapshots: Pick<Store['snapshots'], 'get'>,
  tenantId: TenantId,
): RememberingSource {
  const remembered = new Map<ConversationId, KnownConversation>();
  return {
    isRemembered: (id) => remembered.has(id),
    source: {
      ...source,
      async getConversations(ids, signal) {
        const answers = new Map(await source.getConversations(ids, signal));
        for (const id of ids) {
          if (answers.get(id)?.kind !== 'not_found') continue;
          const known = knownIn((await snapshots.get(tenantId, id))?.body);
          if (known === undefined) continue;
          remembered.set(id, known);
          answers.set(id, { kind: 'found', value: known.conversation });
        }
        return answers;
      },
      getRoutingDecisions: async (id, signal) => {
        const known = remembered.get(id);
        return known === undefined ? source.getRoutingDecisions(id, signal) : found(known.routing);
      },
      getMessages: async (id, signal) => {
        const known = remembered.get(id);
        if (known === undefined) return source.getMessages(id, signal);
        return known.messages === undefined ? { kind: 'not_offered' } : found(known.messages);
      },
    },
  };
}

function found<T>(value: T): SourceRead<T> {
  return { kind: 'found', value };
}

/** What our own delivery wrote and sealed needs no check of every part; its outline tells the releases apart. */
function knownIn(body: unknown): KnownConversation | undefined {
  return isKnown(body) ? body : undefined;
}

function isKnown(body: unknown): body is KnownConversation {
  if (typeof body !== 'object' || body === null || !('conversation' in body) || !('routing' in body)) return false;
  const { conversation, routing } = body;
  return typeof conversation === 'object' && conversation !== null && 'id' in conversation && Array.isArray(routing);
}
