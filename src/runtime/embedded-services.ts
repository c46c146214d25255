import { join } from 'node:path';
import { startEmbeddedPostgres } from './embedded/postgres.ts';
import { startEmbeddedTemporal } from './embedded/temporal.ts';
import type { Environment } from './environment.ts';
import { SafeError } from './safe-error.ts';
import { superviseServer, type ServerProcess, type SupervisedServer } from './supervised-server.ts';
import { temporalTarget } from './temporal-client.ts';

/** What the processes need to reach PostgreSQL and Temporal. */
export interface ServiceAddresses {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
}

/** PostgreSQL and Temporal: embedded ones that are kept alive, or those of the environment. */
export interface Services {
  /** As they are now. */
  addresses(): ServiceAddresses;
  /** Temporal first, then PostgreSQL; only what is embedded. */
  stop(): Promise<void>;
}

export interface ServicesOptions {
  readonly environment: Environment;
  readonly report: (line: string) => void;
  /** An embedded server had to come back under another address. */
  readonly onMoved: () => void;
}

const DATABASE = 'crm_sync';
const TEMPORAL_DEFAULT_ADDRESS = 'localhost:7233';

/** Where the embedded database of a data directory is. */
export function embeddedPostgresDirectory(environment: Environment): string {
  return join(environment.dataDirectory, 'postgres');
}

/**
 * Starts what the environment does not name, both at once. When one cannot start, the other is stopped again.
 * @throws {SafeError} with a sentence that says what to do
 */
export async function startServices(options: ServicesOptions): Promise<Services> {
  const { environment } = options;
  let known: ServiceAddresses | undefined;
  const moved = (): void => {
    const before = known;
    known = read();
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(known)) options.onMoved();
  };
  const [postgres, temporal] = await bothOrNone(
    environment.databaseUrl === undefined ? supervisePostgres(options, moved) : undefined,
    environment.temporal.kind === 'embedded' ? superviseTemporal(options, moved) : undefined,
  );
  const external = temporal === undefined ? temporalTarget(environment) : undefined;
  function read(): ServiceAddresses {
    return {
      databaseUrl: postgres?.current().url ?? environment.databaseUrl ?? '',
      temporalAddress: temporal?.current().address ?? external?.connection.address ?? TEMPORAL_DEFAULT_ADDRESS,
      temporalNamespace: temporal?.current().namespace ?? external?.namespace ?? 'default',
    };
  }
  known = read();
  return {
    addresses: read,
    async stop() {
      await temporal?.stop();
      await postgres?.stop();
    },
  };
}

function supervisePostgres({ environment, report }: ServicesOptions, onReplaced: () => void) {
  return superviseServer({
    name: 'PostgreSQL',
    start: () =>
      asSafe(() =>
        startEmbeddedPostgres({ dataDirectory: embeddedPostgresDirectory(environment), database: DATABASE, report }),
      ),
    report,
    onReplaced,
  });
}

function superviseTemporal({ environment, report }: ServicesOptions, onReplaced: () => void) {
  const namespace = environment.variables.TEMPORAL_NAMESPACE;
  return superviseServer({
    name: 'Temporal',
    start: () =>
      asSafe(() =>
        startEmbeddedTemporal({
          dataDirectory: join(environment.dataDirectory, 'temporal'),
          ...(namespace === undefined ? {} : { namespace }),
          report,
        }),
      ),
    report,
    onReplaced,
  });
}

/** The embedded servers fail with sentences of our own words and paths: they may be shown. */
async function asSafe<T>(start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new SafeError('embedded_server_failed', error.message, { cause: error });
  }
}

async function bothOrNone<A extends ServerProcess, B extends ServerProcess>(
  first: Promise<SupervisedServer<A>> | undefined,
  second: Promise<SupervisedServer<B>> | undefined,
): Promise<readonly [SupervisedServer<A> | undefined, SupervisedServer<B> | undefined]> {
  const [a, b] = await Promise.allSettled([first, second]);
  if (a.status === 'fulfilled' && b.status === 'fulfilled') return [a.value, b.value];
  if (a.status === 'fulfilled') await a.value?.stop();
  if (b.status === 'fulfilled') await b.value?.stop();
  throw a.status === 'rejected' ? a.reason : b.status === 'rejected' ? b.reason : new Error('unreachable');
}
