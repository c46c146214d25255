import type { Registry } from 'prom-client';
import type { Environment } from './environment.ts';
import { createLogger, type Logger } from './logger.ts';
import { createMetricsRegistry } from './metrics.ts';
import { tellParent } from './parent-channel.ts';
import { SafeError } from './safe-error.ts';
import { listenForStop } from './stop-request.ts';

/** What one process does from its start to its end. */
export interface Service {
  /** Takes nothing new, finishes what is under way, lets go of everything. Called once. */
  stop(): Promise<void>;
  /** Rejects when the service can go on no longer; the process then ends and whoever supervises it starts another. */
  readonly failure?: Promise<never>;
}

export interface ServiceContext {
  readonly environment: Environment;
  readonly logger: Logger;
  readonly registry: Registry;
  /** Aborted as soon as the process is asked to stop, also while it is still starting. */
  readonly stopping: AbortSignal;
}

/** A process that is not done stopping after this long ends all the same. */
const STOP_DEADLINE_MS = 25_000;
/** What still holds the process after an orderly stop is cut after this long. */
const LINGER_MS = 1_000;

/**
 * Runs a service until the process is asked to stop (SIGTERM, SIGINT, or its parent has died), then stops it in
 * order. A second signal ends the process at once. An error that nobody handled ends the process: a fresh one is in a
 * known state, this one is not.
 * @returns the exit code: 0 after an orderly stop, 1 after a failure
 * @throws what `start` threw, after the parent has been told
 */
export async function runService(
  name: string,
  environment: Environment,
  start: (context: ServiceContext) => Promise<Service>,
): Promise<0 | 1> {
  const logger = createLogger({ level: environment.logLevel, process: name });
  endOnUnhandledError(logger);
  const stop = listenForStop({ onImpatience: () => process.exit(1) });
  const context = { environment, logger, registry: createMetricsRegistry(name), stopping: stop.signal };
  const service = await startUnlessStopped(start, context);
  if (service === undefined) return end(0);
  logger.info('started');
  tellParent({ kind: 'ready' });

  const failed = await Promise.race([stop.asked.then(() => false), failureOf(service, logger)]);
  logger.info('stopping');
  const deadline = setTimeout(() => {
    logger.error('stop_took_too_long', { deadlineMs: STOP_DEADLINE_MS });
    process.exit(1);
  }, STOP_DEADLINE_MS);
  await service.stop();
  clearTimeout(deadline);
  logger.info('stopped');
  return end(failed ? 1 : 0);
}

/** @returns undefined when the process was asked to stop before it had started */
async function startUnlessStopped(
  start: (context: ServiceContext) => Promise<Service>,
  context: ServiceContext,
): Promise<Service | undefined> {
  try {
    return await start(context);
  } catch (error) {
    if (context.stopping.aborted) return undefined;
    context.logger.error('start_failed', {}, error);
    if (error instanceof SafeError) tellParent({ kind: 'failed', sentence: error.message });
    end(1);
    throw error;
  }
}

/** Lets the process end: the channel to the parent would hold it for ever, and what else still does is cut soon. */
function end(exitCode: 0 | 1): 0 | 1 {
  if (process.connected) process.disconnect();
  setTimeout(() => process.exit(process.exitCode ?? exitCode), LINGER_MS).unref();
  return exitCode;
}

async function failureOf(service: Service, logger: Logger): Promise<true> {
  try {
    return await (service.failure ?? new Promise<never>(() => undefined));
  } catch (error) {
    logger.error('service_failed', {}, error);
    return true;
  }
}

/** Node's own report of a crash prints the error's message, which may quote data; ours prints what may be logged. */
function endOnUnhandledError(logger: Logger): void {
  process.on('uncaughtException', (error, origin) => {
    logger.error('crashed', { origin }, error);
    process.exit(1);
  });
}
