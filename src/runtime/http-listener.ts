import { createServer, type RequestListener } from 'node:http';
import type { Environment, Ports } from './environment.ts';
import { hostOf, portFailure } from './ports.ts';

/** An HTTP server that accepts requests. */
export interface HttpListener {
  readonly port: number;
  /** Takes no new requests, lets those under way finish for `graceMs`, then cuts what is left. */
  close(graceMs: number): Promise<void>;
}

/** Above what load balancers keep idle connections for (60 s is usual), so that they and not we close first. */
const KEEP_ALIVE_MS = 65_000;
/** A client that sends its request slower than this is not one of ours. */
const REQUEST_TIMEOUT_MS = 30_000;
const IDLE_CHECK_MS = 20;

/**
 * Serves `handle` on the port of that name.
 * @throws {PortUnavailableError} with a sentence that says which variable moves the port
 */
export async function listen(
  handle: RequestListener,
  environment: Environment,
  name: keyof Ports,
): Promise<HttpListener> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: REQUEST_TIMEOUT_MS }, handle);
  const port = environment.ports[name];
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  server.once('error', reject);
  server.listen({ port, host: hostOf(environment, name) }, () => resolve(undefined));
  try {
    await promise;
  } catch (error) {
    throw portFailure(error, port, name) ?? error;
  }
  server.removeListener('error', reject);
  return {
    port,
    async close(graceMs) {
      const closed = new Promise((resolveClosed) => server.close(resolveClosed));
      // A kept-alive connection becomes idle only when the request on it has been answered, so this is done again and again.
      const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
      const cut = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearInterval(idle);
      clearTimeout(cut);
    },
  };
}
