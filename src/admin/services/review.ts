import type { RecordRef } from '../../domain/crm.ts';
import type { ConnectionId, ConversationId } from '../../domain/ids.ts';
import type { LedgerState } from '../../domain/ledger.ts';
import type { Connection } from '../../domain/connection.ts';
import type { ReviewRow } from '../../store/review-rows.ts';
import type { Store } from '../../store/store.ts';
import { maskedNumberOf } from '../masked-number.ts';
import { recordLink } from '../record-link.ts';
import { readAttemptTrace } from './attempt-trace.ts';
import { explainReason, type ExplainedReason } from './explain.ts';

/** A conversation that waits for a person to say whom it belongs to. */
export interface ReviewItem {
  readonly conversationId: ConversationId;
  readonly connectionId: ConnectionId;
  readonly reason: ExplainedReason;
  readonly firstHeardAt: Date;
  /** `+1 555 ***4567`; undefined when no number is known. */
  readonly maskedNumber: string | undefined;
  /** The rule that left it to a person; undefined when the attempt is no longer kept. */
  readonly rule: string | undefined;
  /** Whom the last attempt found. */
  readonly candidates: readonly ReviewCandidate[];
}

export interface ReviewCandidate {
  readonly ref: RecordRef;
  readonly matchedBy: string;
  /** Its page in the CRM; undefined where the base URL does not tell. */
  readonly link: string | undefined;
}

export type ReviewList =
  | { readonly kind: 'unknown_connection'; readonly connectionId: ConnectionId }
  | {
      readonly kind: 'listed';
      /** All that wait. */
      readonly total: number;
      /** The oldest ones first. */
      readonly items: readonly ReviewItem[];
    };

export interface ReviewDependencies {
  readonly connections: Pick<Store['connections'], 'list'>;
  readonly ledger: Pick<Store['ledger'], 'inReview' | 'find'>;
  readonly attempts: Pick<Store['attempts'], 'list'>;
  readonly choices: Pick<Store['choices'], 'history'>;
}

/** A conversation at one connection, with all that was ever chosen at it. */
export interface ReviewedConversation extends ReviewItem {
  readonly state: LedgerState;
  /** Newest first. */
  readonly choices: readonly NotedChoice[];
}

export type NotedChoice = Awaited<ReturnType<Store['choices']['history']>>[number];

/** How many are shown at once. */
const SHOWN = 100;

/** What waits for a person, at one connection or all of them. */
export async function listForReview(
  { connectionId }: { readonly connectionId: ConnectionId | undefined },
  { connections, ledger, attempts }: ReviewDependencies,
): Promise<ReviewList> {
  const known = new Map((await connections.list()).map((connection) => [connection.id, connection]));
  if (connectionId !== undefined && !known.has(connectionId)) return { kind: 'unknown_connection', connectionId };
  const { total, rows } = await ledger.inReview(connectionId, SHOWN);
  const items = await Promise.all(rows.map((row) => reviewItem(row, known.get(row.connectionId), attempts)));
  return { kind: 'listed', total, items };
}

/** One conversation at every connection that knows it, or at one. Empty when the ledger has never heard of it. */
export async function showForReview(
  request: { readonly conversationId: ConversationId; readonly connectionId: ConnectionId | undefined },
  { connections, ledger, attempts, choices }: ReviewDependencies,
): Promise<readonly ReviewedConversation[]> {
  const rows = await ledger.find(request.conversationId, request.connectionId);
  const known = await connections.list();
  return Promise.all(
    rows.map(async (row) => ({
      ...(await reviewItem(
        row,
        known.find(({ id }) => id === row.connectionId),
        attempts,
      )),
      state: row.state,
      choices: await choices.history(row),
    })),
  );
}

async function reviewItem(
  { conversationId, connectionId, reason, firstHeardAt }: ReviewRow,
  connection: Connection | undefined,
  attempts: ReviewDependencies['attempts'],
): Promise<ReviewItem> {
  const [latest] = await attempts.list(connectionId, conversationId, 1);
  const trace = readAttemptTrace(latest?.trace);
  const linkOf = (ref: RecordRef) => (connection === undefined ? undefined : recordLink(connection.configuration, ref));
  return {
    conversationId,
    connectionId,
    reason: explainReason(reason),
    firstHeardAt,
    maskedNumber: maskedNumberOf(trace?.caller),
    rule: trace?.lookUp?.rule,
    candidates: (trace?.lookUp?.candidates ?? []).map(({ ref, matchedBy }) => ({ ref, matchedBy, link: linkOf(ref) })),
  };
}
