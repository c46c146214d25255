import { setImmediate } from 'node:timers/promises';
import type { Verification } from '../../src/domain/configuration.ts';
import type { ConnectionId, TenantId } from '../../src/domain/ids.ts';
import type { AcceptedEvent, IntakeStore } from '../../src/intake/ports.ts';

/** A store in memory with the one property the intake relies on: an event id is taken once per tenant. */
export interface MemoryStore extends IntakeStore {
  readonly groups: (readonly AcceptedEvent[])[];
  readonly counts: { endpointLookUps: number };
  /** Replaced by a test that wants a store in trouble. Runs before anything is kept. */
  beforeAccept: (events: readonly AcceptedEvent[]) => Promise<void>;
  beforeEndpoint: () => Promise<void>;
  secretsByName: Record<string, string>;
  pingAnswer: () => Promise<boolean>;
}

export interface KnownEndpoint {
  readonly endpointId: string;
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  readonly verification: Verification;
}

export function createMemoryStore(endpoints: readonly KnownEndpoint[], secrets: Record<string, string>): MemoryStore {
  const taken = new Set<string>();
  const store: MemoryStore = {
    groups: [],
    counts: { endpointLookUps: 0 },
    beforeAccept: () => setImmediate(),
    beforeEndpoint: () => Promise.resolve(),
    secretsByName: secrets,
    pingAnswer: () => Promise.resolve(true),
    tenants: {
      async endpoint(endpointId) {
        store.counts.endpointLookUps += 1;
        await store.beforeEndpoint();
        return endpoints.find((endpoint) => endpoint.endpointId === endpointId);
      },
    },
    secrets: {
      resolve(_tenantId, ref) {
        const value = 'env' in ref ? store.secretsByName[ref.env] : undefined;
        return value === undefined ? Promise.reject(new Error('a secret is missing')) : Promise.resolve(value);
      },
    },
    inbox: {
      async accept(events) {
        store.groups.push(events);
        await store.beforeAccept(events);
        const wake = new Set<ConnectionId>();
        const outcomes = events.map((event) => {
          const key = `${event.tenantId}/${event.eventId}`;
          if (taken.has(key)) return 'duplicate' as const;
          taken.add(key);
          const connection = endpoints.find(({ tenantId }) => tenantId === event.tenantId)?.connectionId;
          if (event.known && connection !== undefined) wake.add(connection);
          return 'accepted' as const;
        });
        return { outcomes, wake: [...wake] };
      },
    },
    ping: () => store.pingAnswer(),
  };
  return store;
}
