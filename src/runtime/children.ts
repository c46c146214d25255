import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { superviseChild, type SupervisedChild } from './child-process.ts';
import type { ServiceAddresses } from './embedded-services.ts';
import type { Environment } from './environment.ts';
import { masterKeyPath } from './master-key.ts';
import { SafeError } from './safe-error.ts';

/** The processes of the product; each is a command of its own, so that it can run on another machine. */
export type ChildName = 'worker' | 'sandbox' | 'admin' | 'intake';

/** All processes of one `start`. */
export interface Children {
  /** After an address has changed. */
  restartAll(): void;
  /** The intake first, so that nothing new comes in; the worker last, so that it finishes what it is at. */
  stop(): Promise<void>;
}

/** Longest orderly end per process; the worker lets running deliveries finish. */
const STOP_ORDER: readonly (readonly [name: ChildName, graceMs: number])[] = [
  ['intake', 10_000],
  ['admin', 5_000],
  ['sandbox', 5_000],
  ['worker', 25_000],
];

/**
 * Starts the processes and waits until each does its work. When one cannot, all are stopped.
 * @throws {SafeError} with the sentence of the one that could not, or an abort error when `stopping` came first
 */
export async function startChildren(options: {
  readonly environment: Environment;
  readonly names: readonly ChildName[];
  readonly addresses: () => ServiceAddresses;
  readonly report: (line: string) => void;
  readonly stopping: AbortSignal;
}): Promise<Children> {
  const { environment, names, addresses, report, stopping } = options;
  const children = new Map(
    names.map((name): [ChildName, SupervisedChild] => [name, startChild(name, environment, addresses, report)]),
  );
  const group: Children = {
    restartAll() {
      for (const child of children.values()) child.restart();
    },
    async stop() {
      for (const [name, graceMs] of STOP_ORDER) await children.get(name)?.stop(graceMs);
    },
  };
  try {
    await untilAllReady([...children.values()], stopping);
    return group;
  } catch (error) {
    await group.stop();
    throw error;
  }
}

async function untilAllReady(children: readonly SupervisedChild[], stopping: AbortSignal): Promise<void> {
  const allReady = Promise.all(
    children.map(async ({ firstStart }) => {
      const outcome = await firstStart;
      if (outcome.kind === 'failed') throw new SafeError('start_failed', outcome.sentence);
    }),
  );
  const stopped = Promise.withResolvers<undefined>();
  const onAbort = () => stopped.resolve(undefined);
  stopping.addEventListener('abort', onAbort);
  if (stopping.aborted) onAbort();
  await Promise.race([allReady, stopped.promise]);
  stopping.removeEventListener('abort', onAbort);
  // After the race nobody listens to the children that are still starting: they are being stopped.
  allReady.catch(() => undefined);
  stopping.throwIfAborted();
}

function startChild(
  name: ChildName,
  environment: Environment,
  addresses: () => ServiceAddresses,
  report: (line: string) => void,
): SupervisedChild {
  return superviseChild(
    {
      name,
      modulePath: fileURLToPath(new URL('../cli/main.ts', import.meta.url)),
      args: [name],
      variables: () => childVariables(environment, addresses()),
      logFile: join(environment.dataDirectory, 'logs', `${name}.log`),
    },
    { report },
  );
}

/** What a process on another machine would be given by hand. */
function childVariables(
  environment: Environment,
  { databaseUrl, temporalAddress, temporalNamespace }: ServiceAddresses,
): Readonly<Record<string, string | undefined>> {
  const temporal =
    environment.temporal.kind === 'external'
      ? {}
      : // The dev server knows no sign-in, and a key would switch TLS on.
        { TEMPORAL_ADDRESS: temporalAddress, TEMPORAL_NAMESPACE: temporalNamespace, TEMPORAL_API_KEY: undefined };
  return {
    ...environment.variables,
    ...temporal,
    DATABASE_URL: databaseUrl,
    CRM_SYNC_DATA_DIR: environment.dataDirectory,
    ...(environment.masterKey === undefined ? { CRM_SYNC_MASTER_KEY_FILE: masterKeyPath(environment) } : {}),
  };
}
