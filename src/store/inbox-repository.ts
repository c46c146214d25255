import { sql, type Transaction } from 'kysely';
import type { DuePolicy } from '../domain/due-time.ts';
import { factsOf, isKnownEventType, webhookEventSchema, type EventFacts } from '../domain/event.ts';
import type { ConnectionId, ConversationId, TenantId } from '../domain/ids.ts';
import { askForDelivery, type HeardEvent } from './ask-for-delivery.ts';
import type { Database } from './database.ts';
import { retryConflicts } from './retry-conflicts.ts';
import type { Schema } from './schema.ts';
import type { Vault } from './vault.ts';

/** A verified webhook. */
export interface AcceptedEvent {
  readonly tenantId: TenantId;
  readonly eventId: string;
  readonly type: string;
  /** False for a type we do not act on, or without a conversation: it is kept and marked ignored. */
  readonly known: boolean;
  readonly conversationId?: ConversationId | undefined;
  /** ISO 8601, as the event says. */
  readonly createdAt: string;
  /** The raw bytes that were signed. */
  readonly body: Buffer;
}

interface AcceptOptions {
  readonly now: Date;
  readonly policy: DuePolicy;
  /** How long the body is kept. Milliseconds. */
  readonly retentionMs: number;
}

interface AcceptResult {
  /** One per event, in their order. */
  readonly outcomes: readonly ('accepted' | 'duplicate')[];
  /** Active connections that now have something due. */
  readonly wake: readonly ConnectionId[];
}

export interface InboxRepository {
  /**
   * Stores a group of events and makes their conversations due: all of it or nothing, durable when it returns. An event
   * id counts once per tenant, within the group and for as long as the event is kept.
   */
  accept(events: readonly AcceptedEvent[], options: AcceptOptions): Promise<AcceptResult>;
  /** What the stored events say of conversations, oldest first. A body that no longer reads is left out and counted. */
  factsOf(
    tenantId: TenantId,
    conversationIds: readonly ConversationId[],
  ): Promise<ReadonlyMap<ConversationId, readonly EventFacts[]>>;
  /** When the tenant's last event came in, ignored ones too; undefined when none is kept. */
  lastReceivedAt(tenantId: TenantId): Promise<Date | undefined>;
  /** Deletes what has expired and whose conversation has come to rest; returns how many. */
  purgeExpired(now: Date, limit: number): Promise<number>;
}

export function createInboxRepository(
  db: Database,
  vault: Vault,
  onUnreadableEvents: (count: number) => void,
): InboxRepository {
  return {
    accept: (events, options) => accept(db, vault, events, options),
    factsOf: (tenantId, conversationIds) => readFacts(db, vault, tenantId, conversationIds, onUnreadableEvents),
    lastReceivedAt: (tenantId) => readLastReceivedAt(db, tenantId),
    purgeExpired: (now, limit) => purgeExpired(db, now, limit),
  };
}

interface SealedEvent {
  readonly event: AcceptedEvent;
  readonly heard: HeardEvent | undefined;
  readonly body: Buffer;
}

async function accept(
  db: Database,
  vault: Vault,
  events: readonly AcceptedEvent[],
  options: AcceptOptions,
): Promise<AcceptResult> {
  const firsts = new Map<string, AcceptedEvent>();
  for (const event of events) if (!firsts.has(nameOf(event))) firsts.set(nameOf(event), event);
  // Encryption happens before the transaction: no lock is held while a data key is fetched.
  const sealed = await Promise.all([...firsts.values()].map((event) => seal(vault, event)));
  const { stored, wake } = await retryConflicts(() =>
    db.transaction().execute(async (transaction) => {
      const stored = await insertNew(transaction, sealed, options);
      const heard = sealed.filter(({ event }) => stored.has(nameOf(event))).flatMap((one) => one.heard ?? []);
      return { stored, wake: await askForDelivery(transaction, heard, options.now, options.policy) };
    }),
  );
  const outcomes = events.map((event) =>
    firsts.get(nameOf(event)) === event && stored.has(nameOf(event)) ? 'accepted' : 'duplicate',
  );
  return { outcomes, wake };
}

async function seal(vault: Vault, event: AcceptedEvent): Promise<SealedEvent> {
  return { event, heard: heardOf(event), body: await vault.seal(event.tenantId, contextOf(event.eventId), event.body) };
}

function heardOf(event: AcceptedEvent): HeardEvent | undefined {
  const { tenantId, conversationId, type } = event;
  return event.known && conversationId !== undefined && isKnownEventType(type)
    ? { tenantId, conversationId, type }
    : undefined;
}

/** Returns the names of the events that were not there. Sorted, so that groups with common events do not deadlock. */
async function insertNew(
  transaction: Transaction<Schema>,
  sealed: readonly SealedEvent[],
  { now, retentionMs }: AcceptOptions,
): Promise<ReadonlySet<string>> {
  if (sealed.length === 0) return new Set();
  const expiresAt = new Date(now.getTime() + retentionMs);
  const { rows } = await sql<{ readonly tenant_id: TenantId; readonly event_id: string }>`
    insert into inbox (
      tenant_id, event_id, type, ignored, conversation_id, created_at, received_at, expires_at, body)
    select tenant_id, event_id, type, ignored, conversation_id, created_at, ${now}, ${expiresAt}, body
    from unnest(
      ${sealed.map(({ event }) => event.tenantId)}::text[],
      ${sealed.map(({ event }) => event.eventId)}::text[],
      ${sealed.map(({ event }) => storableType(event.type))}::text[],
      ${sealed.map(({ heard }) => heard === undefined)}::boolean[],
      ${sealed.map(({ event }) => event.conversationId ?? null)}::text[],
      ${sealed.map(({ event }) => storableInstant(event.createdAt, now))}::timestamptz[],
      ${sealed.map(({ body }) => body)}::bytea[]
    ) as e (tenant_id, event_id, type, ignored, conversation_id, created_at, body)
    order by tenant_id, event_id
    on conflict (tenant_id, event_id) do nothing
    returning tenant_id, event_id`.execute(transaction);
  return new Set(rows.map((row) => nameOf({ tenantId: row.tenant_id, eventId: row.event_id })));
}

/** PostgreSQL's text holds no NUL; the sender chose this text, and must not be able to make the whole group fail. */
function storableType(type: string): string {
  return type.replaceAll('\0', '');
}

/** The instant only orders events. One outside what both sides can hold (year 0, say) counts as heard now. */
function storableInstant(text: string, now: Date): Date {
  const instant = new Date(text);
  const year = instant.getUTCFullYear();
  return year >= 1970 && year <= 9999 ? instant : now;
}

async function readFacts(
  db: Database,
  vault: Vault,
  tenantId: TenantId,
  conversationIds: readonly ConversationId[],
  onUnreadableEvents: (count: number) => void,
): Promise<ReadonlyMap<ConversationId, readonly EventFacts[]>> {
  const facts = new Map<ConversationId, EventFacts[]>(conversationIds.map((id) => [id, []]));
  if (conversationIds.length === 0) return facts;
  const rows = await db
    .selectFrom('inbox')
    .select(['event_id', 'conversation_id', 'body'])
    .where('tenant_id', '=', tenantId)
    .where('conversation_id', 'in', conversationIds)
    .where(sql<boolean>`not ignored`)
    .orderBy('created_at')
    .orderBy('event_id')
    .execute();
  let unreadable = 0;
  for (const row of rows) {
    const body = await vault.open(tenantId, contextOf(row.event_id), row.body);
    const read = parseFacts(body);
    if (read === undefined) unreadable += 1;
    else if (row.conversation_id !== null) facts.get(row.conversation_id)?.push(read);
  }
  if (unreadable > 0) onUnreadableEvents(unreadable);
  return facts;
}

/** Undefined for a body that today's schema does not accept: an earlier version may have been more lenient. */
function parseFacts(body: Buffer): EventFacts | undefined {
  const parsed = webhookEventSchema.safeParse(parseJson(body));
  return parsed.success && isKnownEventType(parsed.data.type) ? factsOf(parsed.data, parsed.data.type) : undefined;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function readLastReceivedAt(db: Database, tenantId: TenantId): Promise<Date | undefined> {
  const row = await db
    .selectFrom('inbox')
    .select('received_at')
    .where('tenant_id', '=', tenantId)
    .orderBy('received_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.received_at;
}

/** A conversation that is still owed to a CRM keeps its events, however old: the caller's number may be only there. */
async function purgeExpired(db: Database, now: Date, limit: number): Promise<number> {
  const { rows } = await sql`
    delete from inbox where (tenant_id, event_id) in (
      select e.tenant_id, e.event_id from inbox e
      where e.expires_at <= ${now} and not exists (
        select from ledger l
        where l.conversation_id = e.conversation_id and l.tenant_id = e.tenant_id
          and l.state in ('due', 'waiting', 'in_progress'))
      order by e.expires_at
      limit ${limit}
      for update skip locked)
    returning 1`.execute(db);
  return rows.length;
}

/** Ids hold no space, so the two cannot run into each other. */
function nameOf(event: { readonly tenantId: TenantId; readonly eventId: string }): string {
  return `${event.tenantId} ${event.eventId}`;
}

function contextOf(eventId: string): string {
  return `inbox:${eventId}`;
}
