import { backOffMs } from './back-off.ts';
import type { Logger } from './logger.ts';
import { pauseUnless } from './pause.ts';

/** A schema that is being brought up to date. */
export interface SchemaUpdate {
  /** Whether the tables are what this release expects. */
  isDone(): boolean;
  /** Resolves when it is done, or was given up because the process stops. */
  readonly settled: Promise<void>;
}

/**
 * Brings the schema up to date as soon as the database can be reached, so that a process starts, answers "not ready" and
 * heals by itself while the database is away.
 */
export function migrateWhenReachable(options: {
  readonly migrate: () => Promise<void>;
  readonly stopping: AbortSignal;
  readonly logger: Pick<Logger, 'warn'>;
}): SchemaUpdate {
  const { migrate, stopping, logger } = options;
  let done = false;

  async function run(): Promise<void> {
    for (let attempt = 1; !stopping.aborted; attempt += 1) {
      try {
        await migrate();
        done = true;
        return;
      } catch (error) {
        logger.warn('migration_failed', { attempt }, error);
        await pauseUnless(stopping, backOffMs(attempt));
      }
    }
  }

  return { isDone: () => done, settled: run() };
}
