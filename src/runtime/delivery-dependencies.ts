import { createConnector } from '../../connectors/registry.ts';
import { createHttpTransport } from '../../connectors/transport/http-transport.ts';
import type { DeliverDependencies, DeliveryEvents } from '../delivery/dependencies.ts';
import { DELIVERY_POLICY, type DeliveryPolicy } from '../delivery/policy.ts';
import { defaultMapping } from '../mapping/default-mapping.ts';
import { createPersonaDeskClient } from '../source/client.ts';
import type { Store } from '../store/store.ts';
import { perConnection } from './per-connection.ts';

/** The delivery's dependencies, wired to the real world; `close` gives the sockets back. */
export interface WiredDelivery {
  readonly dependencies: DeliverDependencies;
  close(): Promise<void>;
}

/** @param options.policy other numbers than the product's; `requestTimeoutMs` other than the transport's own. */
export function wireDelivery(options: {
  readonly store: Store;
  readonly events: DeliveryEvents;
  readonly onCloseFailure: (error: unknown) => void;
  readonly policy?: Partial<DeliveryPolicy>;
  readonly requestTimeoutMs?: number;
}): WiredDelivery {
  const { store } = options;
  const { requestTimeoutMs } = options;
  const transport = createHttpTransport(requestTimeoutMs === undefined ? {} : { totalTimeoutMs: requestTimeoutMs });
  const connectors = perConnection(
    ({ tenantId, configuration, tenant }) =>
      createConnector(configuration.crm, {
        baseUrl: configuration.baseUrl,
        accessToken: () => store.secrets.resolve(tenantId, configuration.credentials.accessToken),
        defaultCountry: tenant.defaultCountry,
        phoneFields: configuration.matching.phoneFields,
        transport,
      }),
    options.onCloseFailure,
  );
  const sources = perConnection(
    ({ tenantId, tenant: { personadesk } }) =>
      createPersonaDeskClient({
        baseUrl: personadesk.baseUrl,
        apiKey: () => store.secrets.resolve(tenantId, personadesk.apiKey),
        tenantId,
      }),
    options.onCloseFailure,
  );
  return {
    dependencies: {
      store,
      connectorFor: (connection) => connectors.get(connection),
      sourceFor: (connection) => sources.get(connection),
      mappingFor: (connection) => defaultMapping(connection.configuration.crm),
      policy: { ...DELIVERY_POLICY, ...options.policy },
      now: () => new Date(),
      events: options.events,
    },
    async close() {
      await Promise.all([connectors.close(), sources.close()]);
      await transport.close();
    },
  };
}
