import { identifyCaller, type PersonKey } from '../domain/caller.ts';
import type { Connection } from '../domain/connection.ts';
import { mayUseTranscripts } from '../domain/content-policy.ts';
import type { Conversation, Message, RoutingDecision } from '../domain/conversation.ts';
import type { RecordRef } from '../domain/crm.ts';
import type { EventFacts } from '../domain/event.ts';
import { knowConversation } from '../domain/known-conversation.ts';
import { sourceFailed, unknownAtSource } from '../domain/outcome.ts';
import type { ConversationSource, SourceFailure, SourceRead } from '../source/source.ts';
import type { ClaimedLedgerRow } from '../store/ledger-rows.ts';
import type { PrepareDependencies } from './dependencies.ts';
import { judge } from './judge.ts';
import { split, type Loaded, type Settled, type StepResult } from './steps.ts';

/**
 * Fetches the truth of each conversation: the source's resource, its routing decisions, its messages when they are
 * written, and what only our inbox knows. An event is a hint; nothing of it decides while the source says otherwise. With
 * it comes what the policies say of it.
 */
export async function load(
  deps: PrepareDependencies,
  connection: Connection,
  rows: readonly ClaimedLedgerRow[],
  signal: AbortSignal,
): Promise<StepResult<Loaded>> {
  const ids = rows.map((row) => row.conversationId);
  const source = deps.sourceFor(connection);
  const wantsMessages =
    mayUseTranscripts(connection.configuration.content) && deps.mappingFor(connection).readsMessages;
  const [facts, resources] = await Promise.all([
    deps.store.inbox.factsOf(connection.tenantId, ids),
    source.getConversations(ids, signal),
  ]);
  const results = await Promise.all(
    rows.map(async (row): Promise<Known | Settled> => {
      const resource = resources.get(row.conversationId) ?? { kind: 'not_found' };
      if (resource.kind !== 'found') return unread(deps, row, resource);
      const details = await readDetails(source, resource.value, wantsMessages, signal);
      if ('failure' in details) return unread(deps, row, { kind: 'failed', failure: details.failure });
      return known(row, connection, {
        resource: resource.value,
        ...details,
        events: facts.get(row.conversationId) ?? [],
      });
    }),
  );
  const { next, settled } = split(results);
  const remembered = await rememberedPeople(deps, connection, next);
  return {
    next: next.map((item) => {
      const person = item.caller.kind === 'identified' ? remembered.get(item.caller.key) : undefined;
      const loaded = { ...item, remembered: person };
      return { ...loaded, judgement: judge(connection, loaded) };
    }),
    settled,
  };
}

/** What the source and the events say of a conversation. */
type Known = Omit<Loaded, 'remembered' | 'judgement'>;

/** One query for the whole batch; the look-up goes by its answer as well. */
async function rememberedPeople(
  { store }: Pick<PrepareDependencies, 'store'>,
  connection: Connection,
  items: readonly Known[],
): Promise<ReadonlyMap<PersonKey, RecordRef>> {
  const keys = new Set(items.flatMap(({ caller }) => (caller.kind === 'identified' ? [caller.key] : [])));
  const entries = await store.people.find(connection.id, [...keys]);
  return new Map([...entries].map(([key, { ref }]) => [key, ref]));
}

interface Details {
  readonly routing: readonly RoutingDecision[];
  readonly messages: readonly Message[] | undefined;
}

/** What the source does not offer is done without; what it could not tell just now is asked again later. */
async function readDetails(
  source: ConversationSource,
  resource: Conversation,
  wantsMessages: boolean,
  signal: AbortSignal,
): Promise<Details | { readonly failure: SourceFailure }> {
  const [routing, messages] = await Promise.all([
    source.getRoutingDecisions(resource.id, signal),
    wantsMessages ? source.getMessages(resource.id, signal) : undefined,
  ]);
  if (routing.kind === 'failed') return { failure: routing.failure };
  if (messages?.kind === 'failed') return { failure: messages.failure };
  return {
    routing: routing.kind === 'found' ? routing.value : [],
    messages: messages?.kind === 'found' ? messages.value : undefined,
  };
}

function known(
  row: ClaimedLedgerRow,
  connection: Connection,
  parts: Details & { readonly resource: Conversation; readonly events: readonly EventFacts[] },
): Known {
  const conversation = knowConversation(parts);
  return {
    row,
    known: conversation,
    caller: identifyCaller(conversation.conversation, connection.tenant.defaultCountry),
    occurredAt: occurredAt(parts.resource, parts.events, row.firstHeardAt),
  };
}

/** The start as the source has it, else the earliest event, else the moment we first heard of it. */
function occurredAt(resource: Conversation, events: readonly EventFacts[], firstHeardAt: Date): string {
  const earliest = events.map((event) => event.createdAt).toSorted()[0];
  return resource.startedAt ?? earliest ?? firstHeardAt.toISOString();
}

function unread(
  deps: PrepareDependencies,
  row: ClaimedLedgerRow,
  read: Exclude<SourceRead<Conversation>, { kind: 'found' }>,
): Settled {
  const { written } = row;
  if (read.kind !== 'failed') {
    return { row, written, source: 'not_found', outcome: unknownAtSource(row, deps.now(), deps.policy) };
  }
  const outcome = sourceFailed(row, read.failure, deps.now(), deps.policy);
  return { row, written, source: read.failure.code, outcome };
}
