import { createHttpTransport } from '../../connectors/transport/http-transport.ts';
import type { DeliverDependencies } from '../delivery/dependencies.ts';
import { createPersonaDeskClient } from '../source/client.ts';
import type { Store } from '../store/store.ts';
import { openCrmAccount } from './crm-account.ts';
import { perConnection } from './per-connection.ts';

/** Both sides of every connection, wired to the real world: the CRM and PersonaDesk. `close` gives the sockets back. */
export interface ConnectionClients extends Pick<
  DeliverDependencies,
  'connectorFor' | 'credentialsRefused' | 'sourceFor'
> {
  close(): Promise<void>;
}

/**
 * Makes the clients that the delivery uses; the doctor looks through the very same ones.
 *
 * @param options.requestTimeoutMs other than the transport's own.
 */
export function createConnectionClients(options: {
  readonly store: Pick<Store, 'secrets' | 'tokens'>;
  readonly onCloseFailure: (error: unknown) => void;
  readonly requestTimeoutMs?: number | undefined;
}): ConnectionClients {
  const { store, onCloseFailure, requestTimeoutMs } = options;
  const transport = createHttpTransport(requestTimeoutMs === undefined ? {} : { totalTimeoutMs: requestTimeoutMs });
  const accounts = perConnection(
    (connection) => openCrmAccount(connection, { store, transport, now: () => new Date() }),
    onCloseFailure,
  );
  const sources = perConnection(
    ({ tenantId, tenant: { personadesk } }) =>
      createPersonaDeskClient({
        baseUrl: personadesk.baseUrl,
        apiKey: () => store.secrets.resolve(tenantId, personadesk.apiKey),
        tenantId,
      }),
    onCloseFailure,
  );
  return {
    connectorFor: (connection) => accounts.get(connection).connector,
    credentialsRefused: (connection) => accounts.get(connection).afterRefusal(),
    sourceFor: (connection) => sources.get(connection),
    async close() {
      await Promise.all([accounts.close(), sources.close()]);
      await transport.close();
    },
  };
}
