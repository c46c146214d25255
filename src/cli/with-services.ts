import type { Environment } from '../runtime/environment.ts';
import type { Services } from './open-services.ts';

/**
 * Opens what a command needs, lends it, and gives it back.
 * The database and its drivers are loaded only here: a mistyped argument is answered without them.
 * @throws ServiceUnreachableError when PostgreSQL does not answer, or none is known.
 */
export async function withServices<T>(environment: Environment, use: (services: Services) => Promise<T>): Promise<T> {
  const { openServices } = await import('./open-services.ts');
  const opened = await openServices(environment);
  try {
    return await use(opened.services);
  } finally {
    await opened.close();
  }
}
