import type { ConnectionId } from '../domain/ids.ts';
import type { Database } from './database.ts';
import type { LedgerRow } from './ledger-rows.ts';

/** A row that waits for a person to decide. */
export type ReviewRow = Pick<LedgerRow, 'conversationId' | 'connectionId' | 'tenantId' | 'reason' | 'firstHeardAt'>;

export interface ReviewRows {
  /** All there are. */
  readonly total: number;
  /** The first of them: the oldest ones. */
  readonly rows: readonly ReviewRow[];
}

/** Reads what waits for a person, at one connection or all of them. */
export async function readReviewRows(
  db: Database,
  connectionId: ConnectionId | undefined,
  limit: number,
): Promise<ReviewRows> {
  const all = db.selectFrom('ledger').where('state', '=', 'needs_review');
  const wanted = connectionId === undefined ? all : all.where('connection_id', '=', connectionId);
  const [{ total }, rows] = await Promise.all([
    wanted.select(({ fn }) => fn.countAll<string>().as('total')).executeTakeFirstOrThrow(),
    wanted
      .select(['conversation_id', 'connection_id', 'tenant_id', 'reason', 'first_heard_at'])
      .orderBy('first_heard_at')
      .orderBy('connection_id')
      .orderBy('conversation_id')
      .limit(limit)
      .execute(),
  ]);
  return {
    total: Number(total),
    rows: rows.map((row) => ({
      conversationId: row.conversation_id,
      connectionId: row.connection_id,
      tenantId: row.tenant_id,
      reason: row.reason,
      firstHeardAt: row.first_heard_at,
    })),
  };
}
