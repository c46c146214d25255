import { identifyProcess } from './embedded/process-identity.ts';
import { readEnvironment, type Environment } from './environment.ts';
import { SafeError } from './safe-error.ts';
import { readServicesFile } from './services-file.ts';

/** Settings with a database to use. */
export type LocatedEnvironment = Environment & { readonly databaseUrl: string };

/**
 * Completes the settings by where `start` runs the embedded services of the same data directory, so that a command finds
 * them without being told.
 * @throws {SafeError} with the code `database_unknown` when no database is set and none is running here
 */
export async function locateServices(environment: Environment): Promise<LocatedEnvironment> {
  const { databaseUrl, dataDirectory } = environment;
  if (databaseUrl !== undefined && environment.temporal.kind === 'external') return { ...environment, databaseUrl };
  const running = await runningServices(dataDirectory);
  const found = databaseUrl ?? running?.databaseUrl;
  if (found === undefined) throw new SafeError('database_unknown', noDatabase(dataDirectory));
  const temporal =
    running === undefined || environment.temporal.kind === 'external'
      ? {}
      : { TEMPORAL_ADDRESS: running.temporalAddress, TEMPORAL_NAMESPACE: running.temporalNamespace };
  return { ...readEnvironment({ ...environment.variables, ...temporal }), databaseUrl: found };
}

/** A `start` that was killed leaves its note behind; the servers it names may be gone. */
async function runningServices(dataDirectory: string) {
  const services = await readServicesFile(dataDirectory);
  if (services === undefined) return undefined;
  return (await identifyProcess(services.pid)) === undefined ? undefined : services;
}

function noDatabase(dataDirectory: string): string {
  return `No database: DATABASE_URL is not set and nothing runs on ${dataDirectory}. Start it with \`npm start\`, or set DATABASE_URL.`;
}
