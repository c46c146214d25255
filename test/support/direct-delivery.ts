import { randomBytes } from 'node:crypto';
import { NO_LIMITS } from '../../connectors/budget/limits.ts';
import {
  startPersonaDeskSandbox,
  type PersonaDeskSandbox,
  type WebhookEvent,
} from '../../sandbox/personadesk/index.ts';
import { deliverDue } from '../../src/delivery/deliver-due.ts';
import { DELIVERY_POLICY, type DeliveryPolicy } from '../../src/delivery/policy.ts';
import { configurationSchema } from '../../src/domain/configuration.ts';
import { conversationIdSchema, type ConnectionId, type TenantId } from '../../src/domain/ids.ts';
import type { AttemptTrace } from '../../src/domain/trace.ts';
import { wireDelivery, type WiredDelivery } from '../../src/runtime/delivery-dependencies.ts';
import type { LedgerRow } from '../../src/store/ledger-rows.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { takeIn } from './take-in.ts';

const PD_KEY = 'sandbox-personadesk-key-7c1f';

export interface DirectDeliveryOptions {
  /** The connection as the configuration file has it, without its id; `{ env: 'TOKEN' }` is `token`. */
  readonly connection: Readonly<Record<string, unknown>>;
  readonly token: string;
  readonly policy?: Partial<DeliveryPolicy>;
}

/** A writer of its own: what its connector remembers and how long it waits is not the other writers'. */
export interface Writer {
  /** Delivers batch by batch until nothing is due any more. */
  deliver(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The delivery and what it stands on (PostgreSQL, a PersonaDesk, a CRM), without the loop around it: a test says when a
 * batch is delivered and what time it is, and nothing happens in between.
 */
export class DirectDelivery {
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  readonly store: Store;
  readonly personaDesk: PersonaDeskSandbox;
  readonly policy: DeliveryPolicy;
  readonly #database: TestDatabase;
  readonly #clock: { aheadMs: number };

  private constructor(parts: {
    readonly names: { readonly tenantId: TenantId; readonly connectionId: ConnectionId };
    readonly store: Store;
    readonly personaDesk: PersonaDeskSandbox;
    readonly database: TestDatabase;
    readonly clock: { aheadMs: number };
    readonly policy: DeliveryPolicy;
  }) {
    this.tenantId = parts.names.tenantId;
    this.connectionId = parts.names.connectionId;
    this.store = parts.store;
    this.personaDesk = parts.personaDesk;
    this.policy = parts.policy;
    this.#database = parts.database;
    this.#clock = parts.clock;
  }

  static async open(options: DirectDeliveryOptions): Promise<DirectDelivery> {
    const clock = { aheadMs: 0 };
    const [database, personaDesk] = await Promise.all([
      createTestDatabase(),
      startPersonaDeskSandbox({ tenants: [{ id: 'ten_test', name: 'Test', apiKey: PD_KEY }] }),
    ]);
    const store = openStore({
      databaseUrl: database.url,
      masterKeys: { current: randomBytes(32), previous: [] },
      environment: { PD_KEY, TOKEN: options.token },
      clock: () => new Date(Date.now() + clock.aheadMs),
    });
    const tenant = tenantOf(personaDesk.url, options.connection);
    const [connection] = tenant.connections;
    if (connection === undefined) throw new Error('the tenant has one connection');
    await store.tenants.upsert(tenant, new Date());
    await store.connections.upsert(tenant.id, connection);
    const policy = {
      ...DELIVERY_POLICY,
      budget: { ...DELIVERY_POLICY.budget, limits: NO_LIMITS },
      ...options.policy,
    };
    const names = { tenantId: tenant.id, connectionId: connection.id };
    return new DirectDelivery({ names, store, personaDesk, database, clock, policy });
  }

  get databaseUrl(): string {
    return this.#database.url;
  }

  now(): Date {
    return new Date(Date.now() + this.#clock.aheadMs);
  }

  /** Moves the clock of the store and of every writer; the CRM's own goes on as it does. */
  passTime(ms: number): void {
    this.#clock.aheadMs += ms;
  }

  /** @param requestTimeoutMs milliseconds that one request may take; the product's own unless given */
  writer(requestTimeoutMs?: number): Writer {
    const wired = wireDelivery({
      store: this.store,
      events: SILENT,
      onCloseFailure: (error) => {
        throw error;
      },
      policy: this.policy,
      ...(requestTimeoutMs === undefined ? {} : { requestTimeoutMs }),
    });
    return { deliver: () => this.#deliver(wired), close: () => wired.close() };
  }

  /** Takes events in as the intake does, once they are verified. */
  async hear(...events: readonly WebhookEvent[]): Promise<void> {
    await takeIn(this.store, this.tenantId, events, { now: this.now(), policy: this.policy });
  }

  async row(id: string): Promise<LedgerRow> {
    const [row] = await this.store.ledger.find(conversationIdSchema.parse(id), this.connectionId);
    if (row === undefined) throw new Error(`${id} is not in the ledger`);
    return row;
  }

  /** What the last attempt noted. */
  async trace(id: string): Promise<AttemptTrace> {
    const [attempt] = await this.store.attempts.list(this.connectionId, conversationIdSchema.parse(id), 1);
    if (attempt === undefined) throw new Error(`${id} was never attempted`);
    return attempt.trace as AttemptTrace; // stored and read back as JSON
  }

  async close(): Promise<void> {
    await this.store.close();
    await this.personaDesk.close();
    await this.#database.drop();
  }

  async #deliver({ dependencies }: WiredDelivery): Promise<void> {
    const deps = { ...dependencies, now: () => this.now() };
    for (;;) {
      const { more } = await deliverDue(deps, this.connectionId, AbortSignal.timeout(60_000));
      if (!more) return;
    }
  }
}

const SILENT = { settled: ignore, request: ignore, stopped: ignore, spent: ignore, unlisted: ignore };

function ignore(): void {
  // These events are for logs and metrics.
}

function tenantOf(personaDeskUrl: string, connection: Readonly<Record<string, unknown>>) {
  const { tenants } = configurationSchema.parse({
    version: 1,
    tenants: [
      {
        id: 'ten_test',
        name: 'Test',
        personadesk: { baseUrl: personaDeskUrl, apiKey: { env: 'PD_KEY' } },
        webhook: { verification: { scheme: 'bearer', secrets: [{ env: 'PD_KEY' }] } },
        connections: [{ id: 'the-crm', ...connection }],
      },
    ],
  });
  const [tenant] = tenants;
  if (tenant === undefined) throw new Error('there is one tenant');
  return tenant;
}
