import { randomBytes } from 'node:crypto';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, chmod } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { Registry } from 'prom-client';
import { createWebhookSender, type WebhookSender } from '../sandbox/personadesk/index.ts';
import { BUDGET_POLICY, NO_LIMITS } from '../connectors/budget/limits.ts';
import { createControl } from '../src/control/control.ts';
import { createWaker } from '../src/control/waker.ts';
import type { DeliveryEvents } from '../src/delivery/dependencies.ts';
import type { DeliveryPolicy } from '../src/delivery/policy.ts';
import { configurationSchema, type TenantConfiguration } from '../src/domain/configuration.ts';
import type { ConnectionId, TenantId } from '../src/domain/ids.ts';
import { createIntake } from '../src/intake/intake.ts';
import { wireDelivery } from '../src/runtime/delivery-dependencies.ts';
import { startEmbeddedPostgres } from '../src/runtime/embedded/postgres.ts';
import { startEmbeddedTemporal } from '../src/runtime/embedded/temporal.ts';
import { createSyncWorker } from '../src/runtime/sync-worker.ts';
import { installTemporalRuntime } from '../src/runtime/temporal-runtime.ts';
import { migrateToLatest } from '../src/store/migrate.ts';
import { openStore, type Store } from '../src/store/store.ts';
import type { SandboxAnswer, SandboxRequest } from './sandboxes.ts';

const WEBHOOK_SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const API_KEY = 'bench-key';

/** The product on real servers, with durable settings, between two sandboxes in another process. */
export interface Product {
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  readonly store: Store;
  readonly sender: WebhookSender;
  /** Called with every settled delivery and every request to the CRM; replace to listen. */
  listener: Partial<DeliveryEvents>;
  wake(): Promise<void>;
  ask(request: SandboxRequest): Promise<SandboxAnswer>;
  stop(): Promise<void>;
}

export async function startProduct(options: {
  readonly crmLatencyMs: number;
  readonly policy?: Partial<DeliveryPolicy>;
}): Promise<Product> {
  const directory = await mkdtemp(join(tmpdir(), 'crm-sync-bench-'));
  await chmod(directory, 0o711);
  const report = (line: string) => console.error(line);
  const [postgres, temporal, sandboxes] = await Promise.all([
    startEmbeddedPostgres({ dataDirectory: join(directory, 'postgres'), database: 'bench', report }),
    startEmbeddedTemporal({ dataDirectory: join(directory, 'temporal'), report }),
    startSandboxes(options.crmLatencyMs),
  ]);
  await migrateToLatest(postgres.url);
  const store = openStore({
    databaseUrl: postgres.url,
    masterKeys: { current: randomBytes(32), previous: [] },
    environment: { BENCH_KEY: API_KEY, BENCH_TOKEN: 'sandbox-hubspot-token', BENCH_SECRET: WEBHOOK_SECRET },
  });
  const tenant = configuration(sandboxes.urls);
  await store.tenants.upsert(tenant, new Date());
  const [connection] = tenant.connections;
  if (connection === undefined) throw new Error('there is one connection');
  await store.connections.upsert(tenant.id, connection);

  installTemporalRuntime();
  const clientConnection = await Connection.connect({ address: temporal.address });
  const control = createControl(new Client({ connection: clientConnection, namespace: temporal.namespace }));
  const waker = createWaker(control.wake, (_id, error) => {
    throw error;
  });
  const intake = await listen(
    createIntake({
      store,
      wake: (ids) => waker.wake(ids),
      clock: () => new Date(),
      registry: new Registry(),
      log: () => undefined,
    }),
  );
  const state: Pick<Product, 'listener'> = { listener: {} };
  const delivery = wireDelivery({
    store,
    onCloseFailure: (error) => console.error(error),
    // What is measured is our own speed, not the pace that a CRM allows.
    policy: { budget: { ...BUDGET_POLICY, limits: NO_LIMITS }, ...options.policy },
    events: {
      settled: (event) => state.listener.settled?.(event),
      request: (event) => state.listener.request?.(event),
      stopped: (event) => console.error(event),
      unlisted: (event) => console.error(event),
      spent: (event) => state.listener.spent?.(event),
    },
  });
  const native = await NativeConnection.connect({ address: temporal.address });
  const worker = await createSyncWorker({
    connection: native,
    namespace: temporal.namespace,
    dependencies: delivery.dependencies,
  });
  const running = worker.run();
  const url = `http://127.0.0.1:${intake.port}/webhooks/personadesk/bench`;
  return Object.assign(state, {
    tenantId: tenant.id,
    connectionId: connection.id,
    store,
    sender: createWebhookSender({ url, secret: WEBHOOK_SECRET, scheme: 'standard-webhooks' }),
    wake: () => control.wake(connection.id),
    ask: (request: SandboxRequest) => ask(sandboxes.child, request),
    async stop() {
      worker.shutdown();
      await running;
      await native.close();
      await intake.close();
      await waker.idle();
      await delivery.close();
      await store.close();
      await clientConnection.close();
      sandboxes.child.disconnect();
      await Promise.all([temporal.stop(), postgres.stop()]);
      await rm(directory, { recursive: true });
    },
  });
}

interface Urls {
  readonly hubspotUrl: string;
  readonly personaDeskUrl: string;
}

async function startSandboxes(latencyMs: number): Promise<{ readonly child: ChildProcess; readonly urls: Urls }> {
  const file = fileURLToPath(new URL('sandboxes.ts', import.meta.url));
  const child = fork(file, [String(latencyMs), 'ten_bench', API_KEY]);
  const ready = await nextAnswer(child);
  if (ready.kind !== 'ready') throw new Error('the sandboxes did not start');
  return { child, urls: ready };
}

async function ask(child: ChildProcess, request: SandboxRequest): Promise<SandboxAnswer> {
  const answer = nextAnswer(child);
  child.send(request);
  return answer;
}

async function nextAnswer(child: ChildProcess): Promise<SandboxAnswer> {
  const [answer] = (await once(child, 'message')) as [SandboxAnswer]; // our own child process
  return answer;
}

function configuration({ hubspotUrl, personaDeskUrl }: Urls): TenantConfiguration {
  const { tenants } = configurationSchema.parse({
    version: 1,
    tenants: [
      {
        id: 'ten_bench',
        name: 'Bench',
        personadesk: { baseUrl: personaDeskUrl, apiKey: { env: 'BENCH_KEY' } },
        webhook: {
          endpointId: 'bench',
          verification: { scheme: 'standard-webhooks', secrets: [{ env: 'BENCH_SECRET' }] },
        },
        connections: [
          {
            id: 'bench-hubspot',
            crm: 'hubspot',
            baseUrl: hubspotUrl,
            credentials: { accessToken: { env: 'BENCH_TOKEN' } },
          },
        ],
      },
    ],
  });
  const [tenant] = tenants;
  if (tenant === undefined) throw new Error('there is one tenant');
  return tenant;
}

async function listen(app: ReturnType<typeof createIntake>) {
  const server = createServer(app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a listening TCP server has one
  return {
    port,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
