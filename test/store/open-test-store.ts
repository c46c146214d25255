import { Client } from 'pg';
import { configurationSchema, type TenantConfiguration } from '../../src/domain/configuration.ts';
import { DUE_POLICY } from '../../src/domain/due-time.ts';
import type { KnownEventType } from '../../src/domain/event.ts';
import {
  connectionIdSchema,
  conversationIdSchema,
  endpointIdSchema,
  tenantIdSchema,
  type ConnectionId,
  type ConversationId,
  type TenantId,
} from '../../src/domain/ids.ts';
import type { LedgerState, RowOutcome } from '../../src/domain/ledger.ts';
import { NOTHING_WRITTEN } from '../../src/domain/plan.ts';
import type { AcceptedEvent } from '../../src/store/inbox-repository.ts';
import type { RecordedRow } from '../../src/store/ledger-rows.ts';
import { openStore, type Store, type StoreOptions } from '../../src/store/store.ts';
import { createTestDatabase } from '../support/database.ts';

export const tenantId = (text: string): TenantId => tenantIdSchema.parse(text);
export const connectionId = (text: string): ConnectionId => connectionIdSchema.parse(text);
export const conversationId = (text: string): ConversationId => conversationIdSchema.parse(text);
export const endpointId = (text: string) => endpointIdSchema.parse(text);

export const NOW = new Date('2026-03-02T09:00:00.000Z');
export const at = (secondsAfterNow: number): Date => new Date(NOW.getTime() + secondsAfterNow * 1000);
export const MASTER_KEY = Buffer.alloc(32, 7);
export const ACCEPT = { now: NOW, policy: DUE_POLICY, retentionMs: 90 * 24 * 3600 * 1000 } as const;

export interface TestStore {
  readonly store: Store;
  readonly url: string;
  /** What the store takes for now where it is not told. */
  readonly clock: { now: Date };
  /** Looks behind the store. */
  readonly sql: <Row>(text: string, values?: readonly unknown[]) => Promise<Row[]>;
  close(): Promise<void>;
}

/** A store on a database of its own. */
export async function openTestStore(options: Partial<StoreOptions> = {}): Promise<TestStore> {
  const database = await createTestDatabase();
  const clock = { now: NOW };
  const store = openStore({
    databaseUrl: database.url,
    masterKeys: { current: MASTER_KEY, previous: [] },
    clock: () => clock.now,
    ...options,
  });
  const client = new Client({ connectionString: database.url });
  await client.connect();
  return {
    store,
    url: database.url,
    clock,
    // The caller says what the columns are.
    sql: async <Row>(text: string, values: readonly unknown[] = []) =>
      (await client.query(text, [...values])).rows as Row[],
    close: async () => {
      await store.close();
      await client.end();
      await database.drop();
    },
  };
}

/** A tenant with HubSpot connections of the given ids. */
export function tenantOf(id: string, connections: readonly string[], extra: object = {}): TenantConfiguration {
  const { tenants } = configurationSchema.parse({
    version: 1,
    tenants: [
      {
        id,
        name: `Tenant ${id}`,
        personadesk: { apiKey: { env: 'API_KEY' } },
        webhook: { verification: { scheme: 'bearer', secrets: [{ env: 'WEBHOOK_SECRET' }] } },
        connections: connections.map((name) => ({
          id: name,
          crm: 'hubspot',
          credentials: { accessToken: { env: 'TOKEN' } },
        })),
        ...extra,
      },
    ],
  });
  const [tenant] = tenants;
  if (tenant === undefined) throw new Error('the schema lost the tenant');
  return tenant;
}

/** Applies a tenant as the apply command does. */
export async function applyTenant(store: Store, tenant: TenantConfiguration): Promise<void> {
  await store.tenants.upsert(tenant, NOW);
  for (const connection of tenant.connections) await store.connections.upsert(tenant.id, connection);
}

let events = 0;

/** A webhook about a conversation, with a number of its own unless an id is given. */
export function eventOf(
  tenant: string,
  conversation: string,
  type: KnownEventType = 'conversation.completed',
  more: { readonly eventId?: string; readonly createdAt?: string; readonly fromNumber?: string } = {},
): AcceptedEvent {
  events += 1;
  const eventId = more.eventId ?? `evt_${events}`;
  const createdAt = more.createdAt ?? NOW.toISOString();
  const body = {
    type,
    id: eventId,
    created_at: createdAt,
    data: { conversation_id: conversation, tenant_id: tenant, from_number: more.fromNumber },
  };
  return {
    tenantId: tenantId(tenant),
    eventId,
    type,
    known: true,
    conversationId: conversationId(conversation),
    createdAt,
    body: Buffer.from(JSON.stringify(body)),
  };
}

export const SYNCED: RowOutcome = {
  state: 'synced',
  reason: 'written',
  dueAt: undefined,
  attempts: 0,
  failingSince: undefined,
  vendorCode: undefined,
};

/** An outcome that waits until then because the CRM did not answer. */
export function waitingUntil(dueAt: Date): RowOutcome {
  return { state: 'waiting', reason: 'crm_unavailable', dueAt, attempts: 1, failingSince: NOW, vendorCode: 'timeout' };
}

/** An outcome that ends in the given resting state. */
export function restingIn(state: Exclude<LedgerState, 'due' | 'in_progress' | 'waiting'>): RowOutcome {
  const reason = {
    synced: 'written',
    skipped: 'caller_withheld',
    needs_review: 'ambiguous_caller',
    failed: 'crm_refused_record',
  } as const;
  return { ...SYNCED, state, reason: reason[state] };
}

export function recorded(conversation: string, outcome: RowOutcome, more: Partial<RecordedRow> = {}): RecordedRow {
  return {
    conversationId: conversationId(conversation),
    outcome,
    written: NOTHING_WRITTEN,
    mappingVersion: undefined,
    snapshot: undefined,
    startedAt: NOW,
    calls: 1,
    trace: { note: 'nothing to say' },
    ...more,
  };
}
