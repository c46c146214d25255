import { createHttpTransport } from '../../connectors/transport/http-transport.ts';
import { pinBase } from '../../connectors/transport/origin.ts';
import { createBudgets, type ConnectionBudget } from '../delivery/budget.ts';
import { DELIVERY_POLICY } from '../delivery/policy.ts';
import type { Connection } from '../domain/connection.ts';
import { readFirstPage, type FirstPage } from '../source/first-page.ts';
import type { Store } from '../store/store.ts';
import { createConnectionClients, type ConnectionClients } from './connection-clients.ts';

type ClientOptions = Parameters<typeof createConnectionClients>[0] & { readonly store: Pick<Store, 'budget'> };

/** What the doctor looks through: the delivery's own clients, their budget, and two looks that only it takes. */
export interface DoctorClients extends ConnectionClients {
  /** Counts what the doctor asks of the CRM into the day that the delivery counts. Rejects only for our database. */
  readonly budgetFor: (connection: Connection) => Promise<ConnectionBudget>;
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
    budgetFor: createBudgets({
      store: options.store,
      policy: DELIVERY_POLICY.budget,
      now: () => new Date(),
      // Nobody scrapes a command's metrics.
      events: { spent: () => undefined },
    }),
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
