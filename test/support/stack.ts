import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, type Worker } from '@temporalio/worker';
import { Registry } from 'prom-client';
import { startHubSpotSandbox, type HubSpotSandbox, type HubSpotSandboxOptions } from '../../sandbox/hubspot/index.ts';
import {
  createWebhookSender,
  startPersonaDeskSandbox,
  type PersonaDeskSandbox,
  type WebhookSender,
} from '../../sandbox/personadesk/index.ts';
import { createControl, type Control } from '../../src/control/control.ts';
import { createSweep } from '../../src/control/sweep.ts';
import { createWaker, type Waker } from '../../src/control/waker.ts';
import type { DeliveryEvents } from '../../src/delivery/dependencies.ts';
import { NO_LIMITS } from '../../connectors/budget/limits.ts';
import { DELIVERY_POLICY, type DeliveryPolicy } from '../../src/delivery/policy.ts';
import { configurationSchema, type ConnectionConfiguration } from '../../src/domain/configuration.ts';
import { conversationIdSchema, type ConnectionId, type TenantId } from '../../src/domain/ids.ts';
import { createIntake } from '../../src/intake/intake.ts';
import { wireDelivery, type WiredDelivery } from '../../src/runtime/delivery-dependencies.ts';
import { createSyncWorker } from '../../src/runtime/sync-worker.ts';
import { installTemporalRuntime } from '../../src/runtime/temporal-runtime.ts';
import type { LedgerRow } from '../../src/store/ledger-rows.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { createSignal, type Signal } from './signal.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { testTemporal, testWorkflowBundle, uniqueName } from './temporal.ts';

/** Secrets of the stack; tests that grep for leaks look for these too. */
export const SECRETS = {
  PD_KEY: 'sandbox-personadesk-key-7c1f',
  HS_TOKEN: 'sandbox-hubspot-token',
  WH_SECRET: `whsec_${Buffer.from('secret of the test stack, 32 byte').toString('base64')}`,
} as const;

export interface StackOptions {
  readonly policy?: Partial<DeliveryPolicy>;
  readonly hubspot?: Partial<HubSpotSandboxOptions>;
  /** What differs from the defaults in the connection's configuration. */
  readonly connection?: Partial<Pick<ConnectionConfiguration, 'content' | 'matching' | 'unknownCaller'>>;
  /** Start with no worker running: deliveries wait until `startWorker`. */
  readonly withoutWorker?: boolean;
  /** Milliseconds that one request to the CRM may take. The product's own is 15 s. */
  readonly requestTimeoutMs?: number;
  /** Where the intake's side reaches Temporal; the worker's side goes straight to the server. */
  readonly temporalAddress?: string;
  /** Milliseconds between sweeps. The product's own is 5 s. */
  readonly sweepEveryMs?: number;
}

/** The whole product in one process, on real PostgreSQL and Temporal, between two sandboxes. */
export class Stack {
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  readonly taskQueue = uniqueName('queue');
  readonly registry = new Registry();
  /** Every log line that the intake and the delivery wrote. */
  readonly logged: string[] = [];

  readonly store: Store;
  readonly hubspot: HubSpotSandbox;
  readonly personaDesk: PersonaDeskSandbox;
  readonly temporal: Client;
  readonly control: Control;
  readonly waker: Waker;
  readonly sender: WebhookSender;
  readonly delivery: WiredDelivery;
  readonly intakeUrl: string;
  readonly databaseUrl: string;

  readonly #parts: StackParts;
  readonly #sweep: ReturnType<typeof createSweep>;
  readonly #changed: Signal;
  #worker:
    { readonly worker: Worker; readonly running: Promise<void>; readonly connection: NativeConnection } | undefined;

  private constructor(parts: StackParts) {
    this.#parts = parts;
    this.#changed = parts.changed;
    this.databaseUrl = parts.database.url;
    this.tenantId = parts.tenantId;
    this.connectionId = parts.connectionId;
    this.store = parts.store;
    this.hubspot = parts.hubspot;
    this.personaDesk = parts.personaDesk;
    this.temporal = parts.temporal;
    this.control = createControl(parts.temporal, { taskQueue: this.taskQueue });
    this.waker = createWaker(this.control.wake, (connectionId) => {
      this.logged.push(`wake_failed ${connectionId}`);
      this.#changed.raise();
    });
    this.#sweep = createSweep({
      overdue: (query) => this.store.ledger.overdue(query),
      wake: (ids) => this.waker.wake(ids),
      onFailure: () => this.logged.push('sweep_failed'),
      everyMs: parts.options.sweepEveryMs ?? 500,
      overdueAfterMs: 100,
    });
    this.delivery = wireDelivery({
      store: this.store,
      events: this.#events(),
      onCloseFailure: () => this.logged.push('close_failed'),
      policy: policyOf(parts.options),
      ...(parts.options.requestTimeoutMs === undefined ? {} : { requestTimeoutMs: parts.options.requestTimeoutMs }),
    });
    const { port } = parts.server.address() as AddressInfo; // a listening TCP server has one
    this.intakeUrl = `http://127.0.0.1:${port}/webhooks/personadesk/${parts.endpointId}`;
    this.sender = createWebhookSender({ url: this.intakeUrl, secret: SECRETS.WH_SECRET, scheme: 'standard-webhooks' });
  }

  static async start(options: StackOptions = {}): Promise<Stack> {
    const stack = new Stack(await startParts(options));
    stack.#parts.server.on('request', stack.#intake());
    stack.#sweep.start();
    if (options.withoutWorker !== true) await stack.startWorker();
    return stack;
  }

  async startWorker(): Promise<void> {
    const { address, namespace } = testTemporal();
    const connection = await NativeConnection.connect({ address });
    const worker = await createSyncWorker({
      connection,
      namespace,
      dependencies: this.delivery.dependencies,
      taskQueue: this.taskQueue,
      workflowBundle: testWorkflowBundle(),
    });
    this.#worker = { worker, connection, running: worker.run() };
  }

  async stopWorker(): Promise<void> {
    if (this.#worker === undefined) return;
    const { worker, running, connection } = this.#worker;
    this.#worker = undefined;
    worker.shutdown();
    await running;
    await connection.close();
  }

  /** The connection's loop in Temporal. */
  get workflowId(): string {
    return `connection:${this.connectionId}`;
  }

  /** The ledger row of a conversation on the stack's connection. */
  async row(conversationId: string): Promise<LedgerRow | undefined> {
    return (await this.store.ledger.find(conversationIdSchema.parse(conversationId), this.connectionId))[0];
  }

  /** Resolves with the row once it is as wanted; looks after every settled delivery. */
  async untilRow(
    conversationId: string,
    isWanted: (row: LedgerRow) => boolean,
    timeoutMs = 15_000,
  ): Promise<LedgerRow> {
    let last: LedgerRow | undefined;
    await this.#changed.until(
      async () => {
        last = await this.row(conversationId);
        return last !== undefined && isWanted(last);
      },
      timeoutMs,
      () =>
        `${conversationId} is ${last?.state ?? 'not in the ledger'} (${last?.reason ?? '-'}, ${last?.vendorCode ?? '-'})`,
    );
    if (last === undefined) throw new Error(`${conversationId} vanished`);
    return last;
  }

  /** Resolves once that many rows of the connection are in the state, or in any of the states. */
  async untilCounts(
    isWanted: (counts: Readonly<Record<string, number>>) => boolean,
    timeoutMs = 30_000,
  ): Promise<void> {
    let last: Readonly<Record<string, number>> = {};
    await this.#changed.until(
      async () => {
        last = await this.counts();
        return isWanted(last);
      },
      timeoutMs,
      () => `the ledger counts ${JSON.stringify(last)}`,
    );
  }

  /** Resolves once that line has been logged. */
  async untilLogged(line: string, timeoutMs = 10_000): Promise<void> {
    await this.#changed.until(
      () => this.logged.includes(line),
      timeoutMs,
      () => `nothing logged ${line}`,
    );
  }

  /** Rows of the connection by state. */
  async counts(): Promise<Readonly<Record<string, number>>> {
    const summaries = await this.store.ledger.summary(new Date());
    return summaries.find((summary) => summary.connectionId === this.connectionId)?.counts ?? {};
  }

  /** Resumes the connection as the command does. */
  async resume(): Promise<void> {
    await this.store.connections.resume(this.connectionId);
    await this.control.wake(this.connectionId);
  }

  async stop(): Promise<void> {
    await this.#sweep.stop();
    await this.waker.idle();
    await this.temporal.workflow
      .getHandle(this.workflowId)
      .terminate()
      .catch(() => undefined);
    await this.stopWorker();
    await this.sender.close();
    await this.delivery.close();
    await stopParts(this.#parts);
  }

  #intake() {
    return createIntake({
      store: this.store,
      wake: (ids) => this.waker.wake(ids),
      clock: () => new Date(),
      registry: this.registry,
      log: (event, fields) => this.logged.push(`${event} ${JSON.stringify(fields)}`),
      policy: this.delivery.dependencies.policy,
    });
  }

  #events(): DeliveryEvents {
    const note = (kind: string) => (event: object) => {
      this.logged.push(`${kind} ${JSON.stringify(event)}`);
      this.#changed.raise();
    };
    return {
      settled: note('settled'),
      request: note('request'),
      stopped: note('stopped'),
      spent: note('spent'),
      unlisted: note('unlisted'),
    };
  }
}

/** A sandbox without limits wants no pacing; one that was given limits gets the product's own budget. */
function policyOf({ hubspot, policy }: StackOptions): Partial<DeliveryPolicy> {
  return hubspot?.limits === undefined
    ? { budget: { ...DELIVERY_POLICY.budget, limits: NO_LIMITS }, ...policy }
    : { ...policy };
}

function addressOf({ temporalAddress }: StackOptions): { readonly address?: string } {
  return temporalAddress === undefined ? {} : { address: temporalAddress };
}

interface StackParts {
  readonly options: StackOptions;
  readonly database: TestDatabase;
  readonly store: Store;
  readonly hubspot: HubSpotSandbox;
  readonly personaDesk: PersonaDeskSandbox;
  readonly temporal: Client;
  readonly temporalConnection: Connection;
  readonly server: Server;
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  readonly endpointId: string;
  readonly changed: Signal;
}

async function startParts(options: StackOptions): Promise<StackParts> {
  quietRuntime();
  const { address, namespace } = { ...testTemporal(), ...addressOf(options) };
  const [database, hubspot, personaDesk, temporalConnection, server] = await Promise.all([
    createTestDatabase(),
    startHubSpotSandbox({ limits: { perTenSeconds: null, searchPerSecond: null, perDay: null }, ...options.hubspot }),
    startPersonaDeskSandbox({ tenants: [{ id: 'ten_test', name: 'Test', apiKey: SECRETS.PD_KEY }] }),
    Connection.connect({ address }),
    listening(),
  ]);
  const masterKeys = { current: randomBytes(32), previous: [] };
  const store = openStore({ databaseUrl: database.url, masterKeys, environment: SECRETS });
  const tenant = tenantConfiguration(personaDesk.url, hubspot.url, options);
  await store.tenants.upsert(tenant, new Date());
  for (const connection of tenant.connections) await store.connections.upsert(tenant.id, connection);
  const [connection] = tenant.connections;
  if (connection === undefined) throw new Error('the stack has one connection');
  return {
    options,
    database,
    store,
    hubspot,
    personaDesk,
    temporalConnection,
    temporal: new Client({ connection: temporalConnection, namespace }),
    server,
    tenantId: tenant.id,
    connectionId: connection.id,
    endpointId: 'endpoint-of-the-test-tenant',
    changed: createSignal(),
  };
}

function tenantConfiguration(personaDeskUrl: string, hubspotUrl: string, options: StackOptions) {
  const { tenants } = configurationSchema.parse({
    version: 1,
    tenants: [
      {
        id: 'ten_test',
        name: 'Test',
        personadesk: { baseUrl: personaDeskUrl, apiKey: { env: 'PD_KEY' } },
        webhook: {
          endpointId: 'endpoint-of-the-test-tenant',
          verification: { scheme: 'standard-webhooks', secrets: [{ env: 'WH_SECRET' }] },
        },
        connections: [
          {
            // Workflow ids are made of it, and all test files share one Temporal.
            id: uniqueName('hs').slice(0, 40),
            crm: 'hubspot',
            baseUrl: hubspotUrl,
            credentials: { accessToken: { env: 'HS_TOKEN' } },
            ...options.connection,
          },
        ],
      },
    ],
  });
  const [tenant] = tenants;
  if (tenant === undefined) throw new Error('the stack has one tenant');
  return tenant;
}

async function stopParts(parts: StackParts): Promise<void> {
  parts.server.closeAllConnections();
  await new Promise((resolve) => parts.server.close(resolve));
  await parts.store.close();
  await parts.temporalConnection.close();
  await Promise.all([parts.hubspot.close(), parts.personaDesk.close()]);
  await parts.database.drop();
}

async function listening(): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

let isQuiet = false;

/** Once per process: the runtime refuses a second installation. */
function quietRuntime(): void {
  if (isQuiet) return;
  isQuiet = true;
  installTemporalRuntime();
}
