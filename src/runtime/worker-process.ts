import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker';
import { backOffMs } from './back-off.ts';
import { wireDelivery } from './delivery-dependencies.ts';
import { deliveryEvents } from './delivery-metrics.ts';
import type { Environment } from './environment.ts';
import { listen } from './http-listener.ts';
import { locateServices } from './locate-services.ts';
import { openLocatedStore } from './located-store.ts';
import { createMetricsHandler } from './metrics.ts';
import { pauseUnless } from './pause.ts';
import { runRetention } from './retention.ts';
import { runService, type Service, type ServiceContext } from './service-process.ts';
import { createSyncWorker } from './sync-worker.ts';
import { installTemporalRuntime } from './temporal-runtime.ts';
import { temporalTarget, type TemporalTarget } from './temporal-client.ts';

const PING_DEADLINE_MS = 1_000;
const SCRAPE_GRACE_MS = 500;

/** The process that delivers: it runs the connections' workflows and their activities. */
export function runWorker(environment: Environment): Promise<0 | 1> {
  return runService('worker', environment, startWorker);
}

async function startWorker(context: ServiceContext): Promise<Service> {
  const { logger, registry } = context;
  const located = await locateServices(context.environment);
  installTemporalRuntime();
  const store = await openLocatedStore(located, { logger });
  const delivery = wireDelivery({
    store,
    events: deliveryEvents(registry, logger),
    onCloseFailure: (error) => logger.warn('close_failed', {}, error),
  });
  const target = temporalTarget(located);
  const connection = await connect(target, context);
  const worker = await createSyncWorker({
    connection,
    namespace: target.namespace,
    dependencies: delivery.dependencies,
  });
  const ready = async (): Promise<boolean> => worker.getState() === 'RUNNING' && (await store.ping(PING_DEADLINE_MS));
  const listener = await listen(createMetricsHandler({ registry, ready }), located, 'workerMetrics');
  const running = worker.run();
  const retention = runRetention({
    store,
    stopping: context.stopping,
    onPurged: (rows) => logger.info('expired_rows_purged', { rows }),
    onFailure: (error) => logger.warn('purge_failed', {}, error),
  });
  return {
    failure: running.then(() => new Promise<never>(() => undefined)),
    async stop() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await running.catch((error: unknown) => logger.error('worker_failed', {}, error));
      await retention;
      await connection.close();
      await listener.close(SCRAPE_GRACE_MS);
      await delivery.close();
      await store.close();
    },
  };
}

/** Temporal may come up after us, or be away for a while; the worker waits for it. */
async function connect(target: TemporalTarget, { logger, stopping }: ServiceContext): Promise<NativeConnection> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await NativeConnection.connect(nativeOptions(target));
    } catch (error) {
      stopping.throwIfAborted();
      logger.warn('temporal_unreachable', { attempt }, error);
      await pauseUnless(stopping, backOffMs(attempt));
      stopping.throwIfAborted();
    }
  }
}

/** The same server, as the native client wants it: absent instead of undefined. */
function nativeOptions({ connection: { address, tls, apiKey } }: TemporalTarget): NativeConnectionOptions {
  return {
    ...(address === undefined ? {} : { address }),
    ...(tls === undefined || tls === null ? {} : { tls }),
    ...(typeof apiKey === 'string' ? { apiKey } : {}),
  };
}
