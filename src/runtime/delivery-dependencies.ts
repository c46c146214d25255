import { createBudgets } from '../delivery/budget.ts';
import type { DeliverDependencies, DeliveryEvents } from '../delivery/dependencies.ts';
import { createLargeBatches } from '../delivery/large-batches.ts';
import { DELIVERY_POLICY, type DeliveryPolicy } from '../delivery/policy.ts';
import { openMappings } from '../mapping/connection-mapping.ts';
import type { Store } from '../store/store.ts';
import { createConnectionClients } from './connection-clients.ts';

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
  const { store, events, onCloseFailure, requestTimeoutMs } = options;
  const policy = { ...DELIVERY_POLICY, ...options.policy };
  const now = (): Date => new Date();
  const mappingOf = openMappings();
  const clients = createConnectionClients({ store, onCloseFailure, requestTimeoutMs });
  return {
    dependencies: {
      store,
      connectorFor: clients.connectorFor,
      credentialsRefused: clients.credentialsRefused,
      sourceFor: clients.sourceFor,
      mappingFor: (connection) => mappingOf(connection.configuration),
      budgetFor: createBudgets({ store, policy: policy.budget, now, events }),
      largeBatches: createLargeBatches({ policy, now }),
      policy,
      now,
      events,
    },
    close: () => clients.close(),
  };
}
