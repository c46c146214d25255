import type { ConnectionId, ConversationId } from '../../domain/ids.ts';
import type { LedgerState } from '../../domain/ledger.ts';
import type { LedgerRow } from '../../store/ledger-rows.ts';
import type { Store } from '../../store/store.ts';
import { maskedNumberOf } from '../masked-number.ts';
import { readAttemptTrace } from './attempt-trace.ts';
import { explainReason, type ExplainedReason } from './explain.ts';

/** One line of the list of recent conversations. Nothing in it tells who called. */
export interface RecentConversation {
  readonly conversationId: ConversationId;
  readonly connectionId: ConnectionId;
  readonly state: LedgerState;
  readonly reason: ExplainedReason;
  readonly updatedAt: Date;
  /** `+1 555 ***4567`; undefined when no number is known. */
  readonly maskedNumber: string | undefined;
}

export interface RecentDependencies {
  /** The rows that changed last, newest first. */
  readonly recentRows: (
    limit: number,
  ) => Promise<readonly Pick<LedgerRow, 'conversationId' | 'connectionId' | 'state' | 'reason' | 'updatedAt'>[]>;
  readonly attempts: Pick<Store['attempts'], 'list'>;
}

/** The conversations that changed last, newest first. */
export async function recentConversations(
  limit: number,
  { recentRows, attempts }: RecentDependencies,
): Promise<readonly RecentConversation[]> {
  const rows = await recentRows(limit);
  return Promise.all(
    rows.map(async ({ conversationId, connectionId, state, reason, updatedAt }) => {
      const [latest] = await attempts.list(connectionId, conversationId, 1);
      const number = maskedNumberOf(readAttemptTrace(latest?.trace)?.caller);
      return { conversationId, connectionId, state, reason: explainReason(reason), updatedAt, maskedNumber: number };
    }),
  );
}
