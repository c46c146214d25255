import { createAdminApp } from '../admin/app.ts';
import { finishAuthorization } from '../admin/services/authorize.ts';
import { migrateToLatest } from '../store/migrate.ts';
import type { Environment } from './environment.ts';
import { listen } from './http-listener.ts';
import { locateServices } from './locate-services.ts';
import { openLocatedStore } from './located-store.ts';
import { migrateWhenReachable } from './migrate-when-reachable.ts';
import { createSignIns } from './sign-in.ts';
import { runService, type Service, type ServiceContext } from './service-process.ts';

/** Pages are read within this time or asked for again. */
const REQUEST_GRACE_MS = 2_000;
/** It mostly reads, for a few people. */
const POOL_SIZE = 4;

/** The process of the status page and its API. */
export function runAdmin(environment: Environment): Promise<0 | 1> {
  return runService('admin', environment, startAdmin);
}

async function startAdmin({ environment, logger, registry, stopping }: ServiceContext): Promise<Service> {
  const located = await locateServices(environment);
  const { databaseUrl } = located;
  const schema = migrateWhenReachable({ migrate: () => migrateToLatest(databaseUrl), stopping, logger });
  const store = await openLocatedStore(located, { logger, poolSize: POOL_SIZE });
  const signIns = createSignIns(store);
  const { signInFor } = signIns;
  const { adminUrl } = located;
  const app = createAdminApp({
    store: { ...store, ping: async (deadlineMs) => schema.isDone() && (await store.ping(deadlineMs)) },
    recentRows: (limit) => store.ledger.recent(limit),
    signIn: {
      finish: (parameters) => finishAuthorization(parameters, { ...store, signInFor, now: () => new Date() }),
      publicHost: adminUrl === undefined ? undefined : new URL(adminUrl).hostname,
    },
    clock: () => new Date(),
    registry,
    log: (event, fields) => logger.warn(event, fields),
  });
  const listener = await listen(app, located, 'admin');
  return {
    async stop() {
      await listener.close(REQUEST_GRACE_MS);
      await schema.settled;
      await Promise.all([store.close(), signIns.close()]);
    },
  };
}
