import type { Kysely } from 'kysely';
import type { ConnectionId, ConversationId } from '../domain/ids.ts';
import { toClaimedRow } from './claim-rows.ts';
import type { ClaimedLedgerRow } from './ledger-rows.ts';
import type { Schema } from './schema.ts';
import type { Vault } from './vault.ts';

/** Which rows of a connection: those of given conversations, or those that changed last. */
export type PeekRequest = { readonly connectionId: ConnectionId } & (
  { readonly conversationIds: readonly ConversationId[] } | { readonly last: number }
);

/** Reads rows as a delivery would claim them. The latest change first; a conversation without a row is absent. */
export async function peekRows(
  db: Kysely<Schema>,
  vault: Vault,
  request: PeekRequest,
): Promise<readonly ClaimedLedgerRow[]> {
  const rows = db
    .selectFrom('ledger')
    .select(['tenant_id', 'connection_id', 'conversation_id', 'priority', 'first_heard_at', 'attempts'])
    .select(['failing_since', 'written'])
    .where('connection_id', '=', request.connectionId)
    .orderBy('updated_at', 'desc')
    .orderBy('conversation_id');
  const wanted =
    'last' in request ? rows.limit(request.last) : rows.where('conversation_id', 'in', [...request.conversationIds]);
  if ('conversationIds' in request && request.conversationIds.length === 0) return [];
  return Promise.all((await wanted.execute()).map((row) => toClaimedRow(vault, row)));
}
