import { createControl } from '../control/control.ts';
import { createSweep } from '../control/sweep.ts';
import { createWaker } from '../control/waker.ts';
import { createIntake } from '../intake/intake.ts';
import { migrateToLatest } from '../store/migrate.ts';
import type { Environment } from './environment.ts';
import { listen } from './http-listener.ts';
import { locateServices } from './locate-services.ts';
import { openLocatedStore } from './located-store.ts';
import { migrateWhenReachable } from './migrate-when-reachable.ts';
import { runService, type Service, type ServiceContext } from './service-process.ts';
import { openTemporalClient } from './temporal-client.ts';

/** Time for requests under way: the intake answers each within 5 s. */
const REQUEST_GRACE_MS = 6_000;

/**
 * The process that takes webhooks in. It starts, and keeps what it accepts, while Temporal is down; while the database is
 * down it answers 503, which senders repeat.
 */
export function runIntake(environment: Environment): Promise<0 | 1> {
  return runService('intake', environment, startIntake);
}

async function startIntake({ environment, logger, registry, stopping }: ServiceContext): Promise<Service> {
  const located = await locateServices(environment);
  const { databaseUrl } = located;
  const schema = migrateWhenReachable({ migrate: () => migrateToLatest(databaseUrl), stopping, logger });
  const store = await openLocatedStore(located, { logger });
  const temporal = openTemporalClient(located);
  const control = createControl(temporal.client);
  const waker = createWaker(
    (connectionId) => control.wake(connectionId),
    (connectionId, error) => logger.warn('wake_failed', { connectionId }, error),
  );
  const sweep = createSweep({
    overdue: (query) => store.ledger.overdue(query),
    wake: (connectionIds) => waker.wake(connectionIds),
    onFailure: (error) => logger.warn('sweep_failed', {}, error),
  });
  const app = createIntake({
    store: { ...store, ping: async (ms) => schema.isDone() && (await store.ping(ms)) },
    wake: (connectionIds) => waker.wake(connectionIds),
    clock: () => new Date(),
    registry,
    log: (event, fields) => logger.info(event, fields),
  });
  const listener = await listen(app, located, 'intake');
  sweep.start();
  return {
    async stop() {
      await listener.close(REQUEST_GRACE_MS);
      await sweep.stop();
      await waker.idle();
      await schema.settled;
      await temporal.close();
      await store.close();
    },
  };
}
