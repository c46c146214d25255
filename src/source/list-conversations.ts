import type { Conversation } from '../domain/conversation.ts';
import type { TenantId } from '../domain/ids.ts';
import { SourceError } from './errors.ts';
import type { KnownIds } from './known-ids.ts';
import { normaliseConversation } from './normalise-conversation.ts';
import type { PageOutcome, PageWalker } from './pages.ts';
import type { ConversationPage, ListOptions, RejectedItem, SourceFailure } from './source.ts';

/** One step through the conversation list; a failure is the last step. */
type ListStep =
  | { readonly kind: 'page'; readonly page: ConversationPage }
  | { readonly kind: 'failed'; readonly failure: SourceFailure };

export interface ConversationList {
  /** The documented list, page by page; never throws. */
  steps(options: ListOptions): AsyncGenerator<ListStep, void>;
  /** The same for callers who cannot go on without a page: throws `SourceError`. */
  pages(options: ListOptions): AsyncGenerator<ConversationPage, void>;
}

function toPage(outcome: PageOutcome & { kind: 'page' }, tenantId: TenantId): ConversationPage {
  const conversations: Conversation[] = [];
  const items: RejectedItem[] = [];
  for (const json of outcome.items) {
    const normalised = normaliseConversation(json, tenantId);
    if (normalised.kind === 'conversation') conversations.push(normalised.value);
    else items.push(normalised.item);
  }
  return { conversations, nextCursor: outcome.nextCursor, rejected: { count: items.length, items } };
}

function toStep(outcome: PageOutcome, tenantId: TenantId): ListStep {
  switch (outcome.kind) {
    case 'page':
      return { kind: 'page', page: toPage(outcome, tenantId) };
    case 'failed':
      return outcome;
    case 'missing': {
      // This list is documented: where it is missing, the base URL is wrong.
      const failure = { kind: 'bad_request', status: outcome.status, code: 'list_missing' } as const;
      return { kind: 'failed', failure };
    }
  }
}

/** Creates the list of one tenant's conversations; every id that passes by is remembered as existing. */
export function createConversationList(walker: PageWalker, tenantId: TenantId, known: KnownIds): ConversationList {
  async function* steps({ pageSize, cursor, signal }: ListOptions): AsyncGenerator<ListStep, void> {
    const query = { tenant_id: tenantId, limit: String(pageSize) };
    for await (const outcome of walker.walk({ path: '/conversations', query, cursor, signal })) {
      const step = toStep(outcome, tenantId);
      if (step.kind === 'page') step.page.conversations.forEach(({ id }) => known.add(id));
      yield step;
    }
  }
  return {
    steps,
    async *pages(options) {
      for await (const step of steps(options)) {
        if (step.kind === 'failed') throw new SourceError(step.failure);
        yield step.page;
      }
    },
  };
}
