import { createHttpTransport } from '../../connectors/transport/http-transport.ts';
import { pinBase } from '../../connectors/transport/origin.ts';
import type { Connection } from '../domain/connection.ts';
import { readFirstPage, type FirstPage } from '../source/first-page.ts';
import { createConnectionClients, type ConnectionClients } from './connection-clients.ts';

type ClientOptions = Parameters<typeof createConnectionClients>[0];

/** What the doctor looks through: the delivery's own clients, and two looks that only it takes. */
export interface DoctorClients extends ConnectionClients {
  readonly firstPageFor: (connection: Connection, signal: AbortSignal) => Promise<FirstPage>;
  /**
   * Whether anybody answers at the CRM's base URL; an account without one is always at hand.
   *
   * @throws TypeError for a base URL that may not be used.
   */
  readonly reach: (
    connection: Connection,
    signal: AbortSignal,
  ) => Promise<{ readonly kind: 'answered' } | { readonly kind: 'silent'; readonly code: string }>;
}

/** Connects to nothing by itself; `close` gives the sockets back. */
export function createDoctorClients(options: ClientOptions): DoctorClients {
  const clients = createConnectionClients(options);
  const transport = createHttpTransport();
  return {
    ...clients,
    firstPageFor: (connection, signal) => readFirstPage(clients.sourceFor(connection), signal),
    async reach({ configuration }, signal) {
      if (!('baseUrl' in configuration)) return { kind: 'answered' };
      const { origin, prefix } = pinBase(configuration.baseUrl);
      const answer = await transport.send({
        origin,
        method: 'GET',
        path: `${prefix}/`,
        // No credentials: whoever answers here has not been shown to be the CRM yet.
        headers: {},
        signal,
        endpoint: 'reach',
      });
      // An answer too long to be read is an answer.
      if (answer.kind === 'answer' || answer.code === 'too_large') return { kind: 'answered' };
      return { kind: 'silent', code: answer.code };
    },
    async close() {
      await Promise.all([clients.close(), transport.close()]);
    },
  };
}
