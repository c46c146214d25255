import type { ConnectionId, ConversationId } from '../../domain/ids.ts';
import type { ReasonCode } from '../../domain/reasons.ts';
import type { Store } from '../../store/store.ts';
import type { Wake } from './ports.ts';
import { wakeConnections } from './wake-connections.ts';

/** What to deliver again; what is given is narrowed by all that is given. At least one is. */
export interface RetrySelection {
  readonly conversationId: ConversationId | undefined;
  readonly reason: ReasonCode | undefined;
  readonly connectionId: ConnectionId | undefined;
}

export interface RetryDependencies {
  readonly ledger: Pick<Store['ledger'], 'requeue'>;
  readonly wake: Wake;
  readonly now: () => Date;
}

export interface RetryResult {
  readonly requeued: number;
  readonly connections: readonly ConnectionId[];
  /** Connections whose loop could not be told; see {@link wakeConnections}. */
  readonly notWoken: readonly ConnectionId[];
}

/** Makes deliveries that wait or have ended due now, with a clean slate of failures, and wakes their connections. */
export async function retryDeliveries(
  selection: RetrySelection,
  { ledger, wake, now }: RetryDependencies,
): Promise<RetryResult> {
  const { requeued, connections } = await ledger.requeue({ ...selection, now: now() });
  return { requeued, connections, notWoken: await wakeConnections(connections, wake) };
}
