import { access } from 'node:fs/promises';
import { migrateToLatest } from '../store/migrate.ts';
import { startChildren, type ChildName, type Children } from './children.ts';
import { asOnlyStart } from './data-directory-lock.ts';
import { applyDemo, decideDemo, pauseDemo } from './demo.ts';
import { embeddedPostgresDirectory, startServices, type ServiceAddresses, type Services } from './embedded-services.ts';
import { hasErrorCode } from './embedded/error-code.ts';
import type { Environment, Ports } from './environment.ts';
import { greeting } from './greeting.ts';
import { openLocatedStore } from './located-store.ts';
import { ensureMasterKey } from './master-key.ts';
import { checkPorts } from './ports.ts';
import { removeServicesFile, writeServicesFile } from './services-file.ts';
import { listenForStop } from './stop-request.ts';

export interface StartOptions {
  readonly environment: Environment;
  /** Run the demo beside what is configured; without connections it runs anyway. */
  readonly demo: boolean;
  /** Takes the lines for the person at the terminal. */
  readonly print: (line: string) => void;
}

const PRODUCT_PORTS = ['admin', 'intake', 'workerMetrics'] as const satisfies readonly (keyof Ports)[];
const SANDBOX_PORTS = [
  'personaDeskSandbox',
  'hubSpotSandbox',
  'salesforceSandbox',
] as const satisfies readonly (keyof Ports)[];

/**
 * Everything on one machine, until Ctrl-C: PostgreSQL and Temporal unless the environment names others, then the
 * processes, each started again when it ends. A second Ctrl-C ends this process at once; the others follow by themselves,
 * and the next start takes over what they left.
 * @returns 0 after an orderly stop
 * @throws {SafeError} with one sentence that says what is in the way; what was started is stopped again
 */
export async function runStart(options: StartOptions): Promise<0> {
  const stop = listenForStop({ onImpatience: () => process.exit(130) });
  try {
    return await asOnlyStart(options.environment.dataDirectory, () =>
      runUntilStopped(options, stop.signal, stop.asked),
    );
  } finally {
    stop.dispose();
  }
}

/** What runs is stopped in the reverse order of its start, whatever ends the start or the run. */
async function runUntilStopped(options: StartOptions, stopping: AbortSignal, asked: Promise<void>): Promise<0> {
  const { environment, print } = options;
  const running = new AsyncDisposableStack();
  try {
    await start(options, running, stopping);
    await asked;
  } catch (error) {
    // Asked to stop while still starting: that is what the person wanted, not a failure.
    if (error !== stopping.reason) throw error;
  } finally {
    if (stopping.aborted) print('Stopping.');
    await running.disposeAsync();
    await removeServicesFile(environment.dataDirectory);
  }
  print('Stopped. Nothing is lost; the next start goes on from here.');
  return 0;
}

async function start(options: StartOptions, running: AsyncDisposableStack, stopping: AbortSignal): Promise<void> {
  const { environment, print } = options;
  await checkPorts(environment, PRODUCT_PORTS);
  await ensureMasterKey(environment, await hasDatabase(environment));
  stopping.throwIfAborted();

  print(startingLine(environment));
  const started: { children?: Children } = {};
  const services = await startServices({
    environment,
    report: print,
    onMoved: () => {
      noteServices(environment, services.addresses()).catch(() => print(NOTE_FAILED));
      started.children?.restartAll();
    },
  });
  running.defer(() => services.stop());
  stopping.throwIfAborted();

  const mode = await prepareDatabase(options, services);
  await noteServices(environment, services.addresses());
  stopping.throwIfAborted();

  const names: readonly ChildName[] = ['worker', ...(mode === 'demo' ? (['sandbox'] as const) : []), 'admin', 'intake'];
  const addresses = () => services.addresses();
  const children = await startChildren({ environment, names, addresses, report: print, stopping });
  started.children = children;
  running.defer(() => children.stop());
  for (const line of greeting(environment, mode)) print(line);
}

/** Brings the schema up to date and, in demo mode, the demo tenant in. */
async function prepareDatabase({ environment, demo }: StartOptions, services: Services): Promise<'demo' | 'real'> {
  const { databaseUrl } = services.addresses();
  await migrateToLatest(databaseUrl);
  const store = await openLocatedStore({ ...environment, databaseUrl });
  try {
    const decision = await decideDemo(store, demo);
    if (decision.kind === 'rest') {
      if (decision.pause) await pauseDemo(store);
      return 'real';
    }
    await checkPorts(environment, SANDBOX_PORTS);
    await applyDemo(store, environment, demo);
    return 'demo';
  } finally {
    await store.close();
  }
}

const NOTE_FAILED = 'Could not write runtime.json: commands such as `crm-sync status` may not find the services.';

/** Lets the commands on this machine find the services. */
async function noteServices(environment: Environment, addresses: ServiceAddresses): Promise<void> {
  const { intake: intakePort, admin: adminPort } = environment.ports;
  await writeServicesFile(environment.dataDirectory, { pid: process.pid, ...addresses, intakePort, adminPort });
}

async function hasDatabase(environment: Environment): Promise<boolean> {
  try {
    await access(embeddedPostgresDirectory(environment));
    return true;
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return false;
    throw error;
  }
}

function startingLine({ databaseUrl, temporal, dataDirectory }: Environment): string {
  const embedded = [
    ...(databaseUrl === undefined ? ['PostgreSQL'] : []),
    ...(temporal.kind === 'embedded' ? ['Temporal'] : []),
  ];
  return embedded.length === 0
    ? 'Starting CRM Sync.'
    : `Starting CRM Sync with its own ${embedded.join(' and ')} in ${dataDirectory}.`;
}
