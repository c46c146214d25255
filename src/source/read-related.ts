import type { ConversationId } from '../domain/ids.ts';
import type { KnownIds } from './known-ids.ts';
import type { Normaliser } from './normalise-related.ts';
import type { OfferedResources } from './offered-resources.ts';
import type { PageWalker } from './pages.ts';
import { readCollection } from './read-collection.ts';
import type { SourceRead } from './source.ts';

export interface RelatedReaderParts {
  readonly walker: PageWalker;
  readonly offered: OfferedResources;
  readonly known: KnownIds;
  /** Asks the source whether a conversation exists, when we have not seen it lately. */
  readonly readConversation: (id: ConversationId, signal?: AbortSignal) => Promise<SourceRead<unknown>>;
}

type RelatedResource = 'messages' | 'routing_decisions';

/**
 * Tells "no such conversation" from "no such resource": if the conversation exists, it must be the resource.
 * A resource that has answered lately is offered, so its "missing" is about this conversation.
 */
async function explainMissing(
  parts: RelatedReaderParts,
  resource: RelatedResource,
  id: ConversationId,
  signal?: AbortSignal,
): Promise<SourceRead<never>> {
  if (parts.offered.standing(resource) === 'offered') return { kind: 'not_found' };
  const conversation = parts.known.has(id) ? { kind: 'found' as const } : await parts.readConversation(id, signal);
  if (conversation.kind !== 'found') return conversation;
  parts.offered.note(resource, 'not_offered');
  return { kind: 'not_offered' };
}

/**
 * Reads what belongs to a conversation. Assumed: `/conversations/{id}/messages` and `/conversations/{id}/routing_decisions`.
 * If a path does not exist, the answer is `not_offered`, remembered for a while, and the caller goes on without.
 */
export async function readRelated<T>(
  parts: RelatedReaderParts,
  resource: RelatedResource,
  id: ConversationId,
  normalise: Normaliser<T>,
  signal?: AbortSignal,
): Promise<SourceRead<readonly T[]>> {
  if (parts.offered.standing(resource) === 'not_offered') return { kind: 'not_offered' };
  const path = `/conversations/${encodeURIComponent(id)}/${resource}`;
  const outcome = await readCollection(parts.walker, { path, query: {}, signal }, normalise);
  switch (outcome.kind) {
    case 'items':
      parts.offered.note(resource, 'offered');
      return { kind: 'found', value: outcome.items };
    case 'missing':
      return explainMissing(parts, resource, id, signal);
    case 'failed':
      return outcome;
  }
}
