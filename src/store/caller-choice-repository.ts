import { sql, type Transaction } from 'kysely';
import type { PersonKey } from '../domain/caller.ts';
import type { CallerChoice, CallerDecision } from '../domain/caller-choice.ts';
import type { ConnectionId, ConversationId, TenantId } from '../domain/ids.ts';
import type { LedgerKey } from '../domain/ledger.ts';
import { decisionOf, findChoicesInForce, type Asking } from './choices-in-force.ts';
import type { Database } from './database.ts';
import { UnknownConnectionError } from './id-errors.ts';
import { hashKeys } from './people-repository.ts';
import type { Schema } from './schema.ts';
import type { Vault } from './vault.ts';

/** Who asks for a change, when, and for whom beside the conversation. */
interface ChangeRequest extends LedgerKey {
  /** The caller, when it is about every conversation of theirs. */
  readonly caller: PersonKey | undefined;
  readonly by: string;
  readonly now: Date;
}

/** One row of the record of choices. */
interface NotedChoice {
  readonly decision: CallerDecision | { readonly action: 'forget' };
  readonly scope: CallerChoice['scope'];
  readonly by: string;
  readonly at: Date;
}

/**
 * What people decided for conversations that waited for them. Nothing is ever changed or deleted: the newest row about a
 * conversation, or about its caller, is in force, and all of them say who decided what and when.
 */
export interface CallerChoiceRepository {
  /**
   * Notes a choice. True when it is news: the last one was another.
   *
   * @throws UnknownConnectionError when the tenant has no such connection
   */
  choose(request: ChangeRequest & { readonly decision: CallerDecision }): Promise<boolean>;
  /**
   * Ends what is in force for the conversation, and for the caller: the given one, or the one that a choice made at this
   * conversation was about. False when nothing was in force.
   *
   * @throws UnknownConnectionError when the tenant has no such connection
   */
  forget(request: ChangeRequest): Promise<boolean>;
  /** What is in force, by conversation: its own choice before that of its caller. */
  inForce(
    tenantId: TenantId,
    connectionId: ConnectionId,
    conversations: readonly Asking[],
  ): Promise<ReadonlyMap<ConversationId, CallerChoice>>;
  /** Choices that were made at a conversation, newest first. */
  history(key: LedgerKey): Promise<readonly NotedChoice[]>;
}

export function createCallerChoiceRepository(db: Database, vault: Vault): CallerChoiceRepository {
  const hashOf = async ({ tenantId, connectionId, caller }: ChangeRequest): Promise<Buffer | null> =>
    caller === undefined ? null : ((await hashKeys(vault, tenantId, connectionId, [caller]))[0] ?? null);
  return {
    choose: async (request) => {
      const hash = await hashOf(request);
      return inTurn(db, request, (transaction) => addChoice(transaction, request, hash));
    },
    forget: async (request) => {
      const hash = await hashOf(request);
      return inTurn(db, request, (transaction) => addForget(transaction, request, hash));
    },
    inForce: (tenantId, connectionId, conversations) =>
      conversations.length === 0
        ? Promise.resolve(new Map())
        : findChoicesInForce(db, vault, { tenantId, connectionId }, conversations),
    history: async ({ tenantId, connectionId, conversationId }) => {
      const rows = await db
        .selectFrom('caller_choices')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('connection_id', '=', connectionId)
        .where('conversation_id', '=', conversationId)
        .orderBy('number', 'desc')
        .execute();
      return rows.map((row) => ({
        decision: decisionOf(row) ?? { action: 'forget' },
        scope: row.person_key === null ? 'conversation' : 'caller',
        by: row.chosen_by,
        at: row.chosen_at,
      }));
    },
  };
}

/** Who changes the choices of a connection next waits here, and then sees this change. */
function inTurn(
  db: Database,
  { tenantId, connectionId }: ChangeRequest,
  add: (transaction: Transaction<Schema>) => Promise<boolean>,
): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    const { rows } = await sql`
      select 1 from connections where connection_id = ${connectionId} and tenant_id = ${tenantId} for update`.execute(
      transaction,
    );
    if (rows.length === 0) throw new UnknownConnectionError(connectionId);
    return add(transaction);
  });
}

async function addChoice(
  transaction: Transaction<Schema>,
  request: ChangeRequest & { readonly decision: CallerDecision },
  hash: Buffer | null,
): Promise<boolean> {
  const { tenantId, connectionId, conversationId, decision, by, now } = request;
  const { object, id } = decision.action === 'choose' ? decision.ref : { object: null, id: null };
  const { rows } = await sql`
    insert into caller_choices
      (tenant_id, connection_id, conversation_id, person_key, action, object, record_id, chosen_by, chosen_at)
    select ${tenantId}, ${connectionId}, ${conversationId}, ${hash}::bytea, ${decision.action}, ${object}::text,
           ${id}::text, ${by}, ${now}
    where not exists (
      select from (
        select action, object, record_id, person_key from caller_choices
        where connection_id = ${connectionId} and conversation_id = ${conversationId}
        order by number desc
        limit 1
      ) last
      where last.action = ${decision.action}
        and (last.object, last.record_id, last.person_key)
          is not distinct from (${object}::text, ${id}::text, ${hash}::bytea))
    returning number`.execute(transaction);
  return rows.length > 0;
}

async function addForget(
  transaction: Transaction<Schema>,
  { tenantId, connectionId, conversationId, by, now }: ChangeRequest,
  hash: Buffer | null,
): Promise<boolean> {
  const { rows } = await sql`
    with caller as (
      select coalesce(${hash}::bytea, (
        select person_key from caller_choices
        where connection_id = ${connectionId} and conversation_id = ${conversationId} and person_key is not null
        order by number desc
        limit 1)) as person_key
    ), last as (
      (select action from caller_choices
       where connection_id = ${connectionId} and conversation_id = ${conversationId}
       order by number desc
       limit 1)
      union all
      (select c.action from caller_choices c join caller on c.person_key = caller.person_key
       where c.connection_id = ${connectionId}
       order by c.number desc
       limit 1)
    )
    insert into caller_choices (tenant_id, connection_id, conversation_id, person_key, action, chosen_by, chosen_at)
    select ${tenantId}, ${connectionId}, ${conversationId}, person_key, 'forget', ${by}, ${now}
    from caller
    where exists (select from last where action <> 'forget')
    returning number`.execute(transaction);
  return rows.length > 0;
}
