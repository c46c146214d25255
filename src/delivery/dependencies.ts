import type { Connector } from '../../connectors/connector.ts';
import type { Connection } from '../domain/connection.ts';
import type { Mapping } from '../mapping/mapping.ts';
import type { ConversationSource } from '../source/source.ts';
import type { Store } from '../store/store.ts';
import type { DeliveryPolicy } from './policy.ts';

/** What the delivery works with. Everything that touches the world is in here. */
export interface DeliverDependencies {
  readonly store: Pick<Store, 'connections' | 'inbox' | 'ledger' | 'people'>;
  /** The connector of a connection; kept between batches, made anew when the configuration changed. */
  readonly connectorFor: (connection: Connection) => Connector;
  readonly sourceFor: (connection: Connection) => ConversationSource;
  readonly mappingFor: (connection: Connection) => Mapping;
  readonly policy: DeliveryPolicy;
  readonly now: () => Date;
  readonly events: DeliveryEvents;
}

/** What the delivery tells the outside while it works: codes and counts only. */
export interface DeliveryEvents {
  readonly settled: (event: { readonly connectionId: string; readonly state: string; readonly reason: string }) => void;
  readonly request: (event: {
    readonly crm: string;
    readonly connectionId: string;
    readonly endpoint: string;
    readonly status: number | undefined;
    readonly durationMs: number;
  }) => void;
  readonly stopped: (event: {
    readonly connectionId: string;
    readonly why: 'broken' | 'parked';
    readonly code: string;
  }) => void;
}
