import type { Conversation } from '../domain/conversation.ts';
import type { ConversationId } from '../domain/ids.ts';
import { failureOfRejected } from './errors.ts';
import type { ConversationList } from './list-conversations.ts';
import type { ConversationPage, SourceFailure, SourceRead } from './source.ts';

export interface ScanBounds {
  readonly pageSize: number;
  readonly maxPages: number;
}

type Reads = Map<ConversationId, SourceRead<Conversation>>;

/** The scan ended before the list did: what was not found may be further down, so "not found" would be a guess. */
const BEYOND_SCAN: SourceFailure = { kind: 'unavailable', code: 'list_scan_limit' };

/** Moves what this page tells of the wanted ids into the reads. */
function sort(page: ConversationPage, wanted: Set<string>, reads: Reads, byText: ReadonlyMap<string, ConversationId>) {
  for (const conversation of page.conversations) {
    if (wanted.delete(conversation.id)) reads.set(conversation.id, { kind: 'found', value: conversation });
  }
  for (const item of page.rejected.items) {
    const asked = item.id === undefined ? undefined : byText.get(item.id);
    if (asked === undefined || !wanted.delete(asked)) continue;
    reads.set(asked, { kind: 'failed', failure: failureOfRejected(item) });
  }
}

/**
 * Looks for conversations in the documented list, in one pass for all of them. Stops when all are found, when the list ends
 * (the rest is not found), or after `maxPages` or a failure (the rest is not known).
 */
export async function scanConversations(
  list: ConversationList,
  ids: readonly ConversationId[],
  { pageSize, maxPages }: ScanBounds,
  signal?: AbortSignal,
): Promise<ReadonlyMap<ConversationId, SourceRead<Conversation>>> {
  const reads: Reads = new Map();
  const wanted = new Set<string>(ids);
  const byText = new Map<string, ConversationId>(ids.map((id) => [id, id]));
  let rest: SourceRead<Conversation> = { kind: 'not_found' };
  let pages = 0;
  for await (const step of list.steps({ pageSize, ...(signal === undefined ? {} : { signal }) })) {
    if (step.kind === 'failed') {
      rest = step;
      break;
    }
    sort(step.page, wanted, reads, byText);
    pages += 1;
    if (wanted.size === 0) break;
    if (pages >= maxPages && step.page.nextCursor !== null) {
      rest = { kind: 'failed', failure: BEYOND_SCAN };
      break;
    }
  }
  for (const id of ids) if (wanted.has(id)) reads.set(id, rest);
  return reads;
}
