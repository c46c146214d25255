import type { Wake } from '../admin/services/ports.ts';
import type { Environment } from '../runtime/environment.ts';
import { locateServices } from '../runtime/locate-services.ts';
import { openLocatedStore } from '../runtime/located-store.ts';
import { SafeError } from '../runtime/safe-error.ts';
import type { Store } from '../store/store.ts';
import { ServiceUnreachableError } from './command-failure.ts';
import { databasePlace } from './database-place.ts';

/** What commands work with. */
export interface Services {
  readonly store: Store;
  readonly wake: Wake;
}

export interface OpenedServices {
  readonly services: Services;
  close(): Promise<void>;
}

/** A command waits this long for PostgreSQL before it says that it is not there. */
const PING_DEADLINE_MS = 4_000;
/** A command runs a few statements, one after the other. */
const POOL_SIZE = 3;

/** @throws ServiceUnreachableError when PostgreSQL does not answer, or none is known. */
export async function openServices(environment: Environment): Promise<OpenedServices> {
  const located = await locate(environment);
  const store = await openLocatedStore(located, { poolSize: POOL_SIZE });
  if (!(await store.ping(PING_DEADLINE_MS))) {
    await store.close();
    throw postgresUnreachable(located.databaseUrl);
  }
  const waker = lazyWaker(located);
  return {
    services: { store, wake: waker.wake },
    async close() {
      await waker.close();
      await store.close();
    },
  };
}

interface LazyWaker {
  readonly wake: Wake;
  close(): Promise<void>;
}

/** Temporal's client is loaded and connected with the first wake-up: most commands make none. */
function lazyWaker(environment: Environment): LazyWaker {
  let opened: Promise<LazyWaker> | undefined;
  return {
    async wake(connectionId) {
      opened ??= openWaker(environment);
      await (await opened).wake(connectionId);
    },
    async close() {
      await (await opened)?.close();
    },
  };
}

async function openWaker(environment: Environment): Promise<LazyWaker> {
  const [{ openTemporalClient }, { createControl }] = await Promise.all([
    import('../runtime/temporal-client.ts'),
    import('../control/control.ts'),
  ]);
  const temporal = openTemporalClient(environment);
  const control = createControl(temporal.client);
  return { wake: (connectionId) => control.wake(connectionId), close: () => temporal.close() };
}

async function locate(environment: Environment): ReturnType<typeof locateServices> {
  try {
    return await locateServices(environment);
  } catch (error) {
    if (!(error instanceof SafeError) || error.code !== 'database_unknown') throw error;
    throw new ServiceUnreachableError('postgresql', error.message);
  }
}

function postgresUnreachable(databaseUrl: string): ServiceUnreachableError {
  const place = databasePlace(databaseUrl);
  return new ServiceUnreachableError(
    'postgresql',
    `PostgreSQL is not reachable at ${place}: start it with \`npm start\`, or correct DATABASE_URL.`,
  );
}
