import { openStore, type Store } from '../store/store.ts';
import type { LocatedEnvironment } from './locate-services.ts';
import type { Logger } from './logger.ts';
import { readMasterKeys } from './master-key.ts';

/**
 * Opens the store as every process does: with the master key of the settings and their variables for secrets.
 *
 * @throws {SafeError} when there is no usable master key
 */
export async function openLocatedStore(
  located: LocatedEnvironment,
  options: { readonly logger?: Pick<Logger, 'warn'>; readonly poolSize?: number } = {},
): Promise<Store> {
  return openStore({
    databaseUrl: located.databaseUrl,
    masterKeys: await readMasterKeys(located),
    environment: located.variables,
    poolSize: options.poolSize,
    onPoolError: (code) => options.logger?.warn('database_connection_lost', { code }),
  });
}
