import type { Conversation } from '../domain/conversation.ts';
import type { ConversationId, TenantId } from '../domain/ids.ts';
import { forEachBounded } from './bounded.ts';
import { failureOfRejected, invalidResponse } from './errors.ts';
import type { HttpReader } from './http.ts';
import type { KnownIds } from './known-ids.ts';
import type { ConversationList } from './list-conversations.ts';
import { normaliseConversation } from './normalise-conversation.ts';
import type { OfferedResources } from './offered-resources.ts';
import { scanConversations } from './scan-conversations.ts';
import { singleSchema } from './schemas.ts';
import type { SourceFailure, SourceRead } from './source.ts';

type ConversationRead = SourceRead<Conversation>;

export interface ConversationReaderParts {
  readonly http: HttpReader;
  readonly list: ConversationList;
  readonly offered: OfferedResources;
  readonly known: KnownIds;
  readonly tenantId: TenantId;
  /** Requests under way at the same time. */
  readonly concurrency: number;
  readonly scan: { readonly pageSize: number; readonly maxPages: number };
}

/** What one GET of a conversation told; `missing` may mean the conversation or the resource. */
type SingleOutcome = ConversationRead | { readonly kind: 'missing' };

function parseSingle(json: unknown, id: ConversationId, tenantId: TenantId): ConversationRead {
  const single = singleSchema.safeParse(json);
  const normalised = normaliseConversation(single.data, tenantId);
  if (normalised.kind === 'rejected') {
    return { kind: 'failed', failure: failureOfRejected(normalised.item) };
  }
  if (normalised.value.id !== id) return { kind: 'failed', failure: invalidResponse('other_conversation', 200) };
  return { kind: 'found', value: normalised.value };
}

/** Failures that every further request would meet too: asking on would only add to them. */
const isGeneral = ({ kind }: SourceFailure): boolean => kind === 'unauthorized' || kind === 'rate_limited';

/**
 * Assumed: `GET /conversations/{id}`. If it is not offered, every id is found in the documented list instead.
 */
async function readSingle(parts: ConversationReaderParts, id: ConversationId, signal?: AbortSignal) {
  const outcome = await parts.http.get(`/conversations/${encodeURIComponent(id)}`, new URLSearchParams(), signal);
  if (outcome.kind !== 'json') return outcome;
  parts.offered.note('conversation', 'offered');
  return parseSingle(outcome.value, id, parts.tenantId);
}

/** Reads each id by itself and returns those that were answered with "missing". */
async function readEach(
  parts: ConversationReaderParts,
  ids: readonly ConversationId[],
  results: Map<ConversationId, ConversationRead>,
  signal?: AbortSignal,
): Promise<ConversationId[]> {
  const missing: ConversationId[] = [];
  let general: SourceFailure | undefined;
  await forEachBounded(ids, parts.concurrency, async (id) => {
    const outcome: SingleOutcome =
      general === undefined ? await readSingle(parts, id, signal) : { kind: 'failed', failure: general };
    if (outcome.kind === 'missing') {
      missing.push(id);
      return;
    }
    if (outcome.kind === 'failed' && isGeneral(outcome.failure)) general ??= outcome.failure;
    results.set(id, outcome);
  });
  return missing;
}

/** Decides about ids of which we only know that their own path led nowhere. */
async function resolveMissing(
  parts: ConversationReaderParts,
  missing: readonly ConversationId[],
  results: Map<ConversationId, ConversationRead>,
  signal?: AbortSignal,
): Promise<void> {
  // Once the resource has answered for anything, its "missing" is about the conversation.
  if (parts.offered.standing('conversation') === 'offered') {
    for (const id of missing) results.set(id, { kind: 'not_found' });
    return;
  }
  const scanned = await scanConversations(parts.list, missing, parts.scan, signal);
  for (const [id, read] of scanned) results.set(id, read);
  // The list knows a conversation whose own path leads nowhere: so there are no such paths.
  if ([...scanned.values()].some(({ kind }) => kind === 'found')) parts.offered.note('conversation', 'not_offered');
}

/** Reads many conversations: one result per distinct id, in the order given. */
export async function readConversations(
  parts: ConversationReaderParts,
  ids: readonly ConversationId[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<ConversationId, ConversationRead>> {
  const distinct = [...new Set(ids)];
  const results = new Map<ConversationId, ConversationRead>();
  const notOffered = parts.offered.standing('conversation') === 'not_offered';
  const missing = notOffered ? distinct : await readEach(parts, distinct, results, signal);
  if (missing.length > 0) await resolveMissing(parts, missing, results, signal);
  const reads = distinct.map((id) => [id, results.get(id) ?? { kind: 'not_found' }] as const);
  for (const [id, { kind }] of reads) if (kind === 'found') parts.known.add(id);
  return new Map(reads);
}
