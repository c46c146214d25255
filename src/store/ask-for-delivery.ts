import { sql, type Transaction } from 'kysely';
import { dueAfterEvent, mergeDue, type Due, type DuePolicy } from '../domain/due-time.ts';
import type { KnownEventType } from '../domain/event.ts';
import type { ConnectionId, ConversationId, TenantId } from '../domain/ids.ts';
import type { Schema } from './schema.ts';

/** One event that was not seen before. */
export interface HeardEvent {
  readonly tenantId: TenantId;
  readonly conversationId: ConversationId;
  readonly type: KnownEventType;
}

/** What a group of events asks for one conversation. */
interface Ask {
  readonly tenantId: TenantId;
  readonly conversationId: ConversationId;
  readonly due: Due;
  /** The event that asks most: any other one outweighs `call.started`. */
  readonly askedBy: KnownEventType;
}

/**
 * Makes the conversations of the events due at every connection of their tenant, in one statement. New rows are added;
 * what an event changes in a row that exists is said in {@link mergeIntoLedger}.
 *
 * @returns the connections that may work and now have something due.
 */
export async function askForDelivery(
  transaction: Transaction<Schema>,
  events: readonly HeardEvent[],
  now: Date,
  policy: DuePolicy,
): Promise<readonly ConnectionId[]> {
  const asks = combine(events, now, policy);
  if (asks.length === 0) return [];
  const { rows } = await mergeIntoLedger(asks, now).execute(transaction);
  return rows.map((row) => row.connection_id);
}

function combine(events: readonly HeardEvent[], now: Date, policy: DuePolicy): readonly Ask[] {
  const asks = new Map<string, Ask>();
  for (const event of events) {
    // Ids hold no space, so the two cannot run into each other.
    const key = `${event.tenantId} ${event.conversationId}`;
    const before = asks.get(key);
    const due = dueAfterEvent(event.type, now, policy);
    asks.set(key, {
      tenantId: event.tenantId,
      conversationId: event.conversationId,
      due: mergeDue({ state: 'due', due: before?.due }, due),
      askedBy: before !== undefined && event.type === 'call.started' ? before.askedBy : event.type,
    });
  }
  return [...asks.values()];
}

/**
 * The merge rule of the domain (`mergeDue`: the earlier time and the greater urgency win) as SQL, by state of the row:
 * - due, waiting: merged; the row becomes `due` when the event asks for an earlier time or for now.
 * - in progress: the state stays with its writer; the due time is kept for when the writer is done.
 * - terminal: due once more, with a clean slate of failures.
 * `call.started` changes nothing in the last two: what was or is being delivered came from the source after it.
 *
 * Rows are locked in order of connection and conversation, so that concurrent groups queue up and do not deadlock.
 * `least` ignores nulls, and a row without a due time takes the asked one.
 *
 * Returns the connections to wake. To wake one that is paused, broken or parked would only cost it a turn.
 */
function mergeIntoLedger(asks: readonly Ask[], now: Date) {
  return sql<{ readonly connection_id: ConnectionId }>`
    with merged as (
      insert into ledger as l (
        connection_id, conversation_id, tenant_id, state, reason, asked_by,
        priority, due_at, due_since, first_heard_at, updated_at)
      select c.connection_id, a.conversation_id, a.tenant_id, 'due', 'event_received', a.asked_by,
             a.priority, a.due_at, a.due_at, ${now}, ${now}
      from unnest(
        ${asks.map((ask) => ask.tenantId)}::text[],
        ${asks.map((ask) => ask.conversationId)}::text[],
        ${asks.map((ask) => ask.askedBy)}::text[],
        ${asks.map((ask) => ask.due.priority)}::smallint[],
        ${asks.map((ask) => ask.due.dueAt)}::timestamptz[]
      ) as a (tenant_id, conversation_id, asked_by, priority, due_at)
      join connections c on c.tenant_id = a.tenant_id
      order by c.connection_id, a.conversation_id
      on conflict (connection_id, conversation_id) do update set
        state = case
          when l.state = 'in_progress' then l.state
          when l.due_at <= excluded.due_at and excluded.due_at > ${now} then l.state
          else 'due' end,
        reason = case
          when l.state = 'in_progress' then l.reason
          when l.due_at <= excluded.due_at and excluded.due_at > ${now} then l.reason
          else 'event_received' end,
        vendor_code = case
          when l.state = 'in_progress' then l.vendor_code
          when l.due_at <= excluded.due_at and excluded.due_at > ${now} then l.vendor_code end,
        due_at = least(l.due_at, excluded.due_at),
        priority = case when l.due_at is null then excluded.priority else least(l.priority, excluded.priority) end,
        due_since = case
          when l.state = 'in_progress' then l.due_since
          when l.due_at is null then excluded.due_since
          else least(l.due_since, excluded.due_since) end,
        attempts = case when l.state in ('due', 'waiting', 'in_progress') then l.attempts else 0 end,
        failing_since = case when l.state in ('due', 'waiting', 'in_progress') then l.failing_since end,
        asked_by = excluded.asked_by,
        updated_at = case when l.state = 'in_progress' then l.updated_at else excluded.updated_at end
      where l.state in ('due', 'waiting') or excluded.asked_by <> 'call.started'
      returning l.connection_id, l.state = 'due' and l.due_at <= ${now} as due_now
    )
    select c.connection_id from connections c
    where c.connection_id in (select connection_id from merged where due_now)
      and not c.paused and c.broken_code is null and (c.parked_until is null or c.parked_until <= ${now})
    order by c.connection_id`;
}
