import { SourceError } from './errors.ts';
import type { ConversationPage, ConversationSource, SourceFailure } from './source.ts';

/** The outcome of a look at the beginning of the conversation list. */
export type FirstPage =
  | { readonly kind: 'page'; readonly page: ConversationPage }
  | { readonly kind: 'failed'; readonly failure: SourceFailure };

/** Few conversations tell whether the list can be read. */
const PAGE_SIZE = 10;

/** Reads the first page of a tenant's conversations and no further. */
export async function readFirstPage(
  source: Pick<ConversationSource, 'listConversations'>,
  signal: AbortSignal,
): Promise<FirstPage> {
  try {
    for await (const page of source.listConversations({ pageSize: PAGE_SIZE, signal })) return { kind: 'page', page };
    return { kind: 'page', page: { conversations: [], nextCursor: null, rejected: { count: 0, items: [] } } };
  } catch (error) {
    if (error instanceof SourceError) return { kind: 'failed', failure: error.failure };
    throw error;
  }
}
