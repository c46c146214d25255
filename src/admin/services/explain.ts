import type { RecordRef } from '../../domain/crm.ts';
import type { EventFacts } from '../../domain/event.ts';
import type { ConnectionId, ConversationId, TenantId } from '../../domain/ids.ts';
import type { LedgerState } from '../../domain/ledger.ts';
import type { WrittenRecords } from '../../domain/plan.ts';
import { reasonEntry, type Actor, type ReasonCode } from '../../domain/reasons.ts';
import type { AttemptTrace } from '../../domain/trace.ts';
import type { Store } from '../../store/store.ts';
import { readAttemptTrace } from './attempt-trace.ts';

/** Where a conversation stands at one connection, and everything that led there. */
export interface ConnectionExplanation {
  readonly conversationId: ConversationId;
  readonly connectionId: ConnectionId;
  readonly tenantId: TenantId;
  readonly state: LedgerState;
  readonly reason: ExplainedReason;
  /** The vendor's own code of a refusal. */
  readonly vendorCode: string | undefined;
  readonly dueAt: Date | undefined;
  readonly firstHeardAt: Date;
  readonly syncedAt: Date | undefined;
  /** Failed attempts since the last success. */
  readonly attempts: number;
  readonly mappingVersion: string | undefined;
  /** Records in the CRM that hold this conversation. */
  readonly written: readonly RecordRef[];
  /** What the latest attempt knew, decided and did. */
  readonly lastAttempt: AttemptTrace | undefined;
  /** The latest attempts, newest first. */
  readonly history: readonly ExplainedAttempt[];
  /** What PersonaDesk's webhooks said, oldest first. */
  readonly events: readonly EventFacts[];
}

interface ExplainedAttempt {
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly state: LedgerState;
  readonly reason: ReasonCode;
  readonly calls: number;
}

/** A reason with its sentence, who acts, and how. */
export interface ExplainedReason {
  readonly code: ReasonCode;
  readonly means: string;
  readonly who: Actor;
  readonly action: string;
}

export interface ExplainDependencies {
  readonly ledger: Pick<Store['ledger'], 'find'>;
  readonly attempts: Pick<Store['attempts'], 'list'>;
  readonly inbox: Pick<Store['inbox'], 'factsOf'>;
}

/** How many attempts are shown. */
const HISTORY = 10;

/**
 * Explains a conversation at every connection of its tenant, or at one. Empty when the ledger has never heard of it.
 * What it returns holds personal data: it is for the eyes of the person who asked, never for a log.
 */
export async function explainConversation(
  request: { readonly conversationId: ConversationId; readonly connectionId?: ConnectionId | undefined },
  dependencies: ExplainDependencies,
): Promise<readonly ConnectionExplanation[]> {
  const rows = await dependencies.ledger.find(request.conversationId, request.connectionId);
  return Promise.all(rows.map((row) => explainRow(row, dependencies)));
}

type LedgerRow = Awaited<ReturnType<Store['ledger']['find']>>[number];

async function explainRow(row: LedgerRow, { attempts, inbox }: ExplainDependencies): Promise<ConnectionExplanation> {
  const { conversationId, connectionId, tenantId } = row;
  const [history, facts] = await Promise.all([
    attempts.list(connectionId, conversationId, HISTORY),
    inbox.factsOf(tenantId, [conversationId]),
  ]);
  return {
    conversationId,
    connectionId,
    tenantId,
    state: row.state,
    reason: explainReason(row.reason),
    vendorCode: row.vendorCode,
    dueAt: row.dueAt,
    firstHeardAt: row.firstHeardAt,
    syncedAt: row.syncedAt,
    attempts: row.attempts,
    mappingVersion: row.mappingVersion,
    written: recordsOf(row.written),
    lastAttempt: readAttemptTrace(history[0]?.trace),
    history: history.map(({ trace: _, ...attempt }) => attempt),
    events: oldestFirst(facts.get(conversationId) ?? []),
  };
}

/** The registry's words for a code. */
export function explainReason(code: ReasonCode): ExplainedReason {
  const { means, who, action } = reasonEntry(code);
  return { code, means, who, action };
}

function recordsOf({ person, activity, task }: WrittenRecords): readonly RecordRef[] {
  return [person, activity?.ref, task?.ref].filter((ref) => ref !== undefined);
}

function oldestFirst(events: readonly EventFacts[]): readonly EventFacts[] {
  return events.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0));
}
