import type { Standing } from '../../connectors/budget/budget.ts';
import type { TrafficClass } from '../../connectors/budget/traffic-class.ts';
import type { Connector } from '../../connectors/connector.ts';
import type { AfterRefusal } from '../../connectors/credentials/access-tokens.ts';
import type { Connection } from '../domain/connection.ts';
import type { Mapping } from '../mapping/mapping.ts';
import type { ConversationSource } from '../source/source.ts';
import type { Store } from '../store/store.ts';
import type { ConnectionBudget } from './budget.ts';
import type { LargeBatches } from './large-batches.ts';
import type { DeliveryPolicy } from './policy.ts';

/** What a plan is made with: everything that is asked before anything is written. */
export interface PrepareDependencies {
  readonly store: {
    readonly inbox: Pick<Store['inbox'], 'factsOf'>;
    readonly people: Pick<Store['people'], 'find' | 'forget'>;
    readonly choices: Pick<Store['choices'], 'inForce'>;
  };
  /** The connector of a connection; kept between batches, made anew when the configuration changed. */
  readonly connectorFor: (connection: Connection) => Connector;
  readonly sourceFor: (connection: Connection) => ConversationSource;
  readonly mappingFor: (connection: Connection) => Mapping;
  readonly policy: DeliveryPolicy;
  readonly now: () => Date;
}

/** What the delivery works with. Everything that touches the world is in here. */
export interface DeliverDependencies extends PrepareDependencies {
  readonly store: Pick<Store, 'connections' | 'inbox' | 'ledger' | 'people' | 'choices'>;
  /** The CRM answered 401: whether there is another token. Rejects only for our database and for secrets that are gone. */
  readonly credentialsRefused: (connection: Connection) => Promise<AfterRefusal>;
  /** The budget of a connection; kept between batches. Rejects only for our database. */
  readonly budgetFor: (connection: Connection) => Promise<ConnectionBudget>;
  readonly largeBatches: LargeBatches;
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
  /** What a batch cost, and what its connection has left. */
  readonly spent: (event: {
    readonly connectionId: string;
    readonly trafficClass: TrafficClass;
    readonly calls: number;
    readonly conversations: number;
    readonly limits: readonly Standing[];
  }) => void;
  readonly stopped: (event: {
    readonly connectionId: string;
    readonly why: 'broken' | 'parked';
    readonly code: string;
  }) => void;
  /** A refusal met a code that nobody has written a sentence for yet. */
  readonly unlisted: (event: { readonly crm: string; readonly code: string }) => void;
}
