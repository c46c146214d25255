import type { ConnectionBudget } from '../../delivery/budget.ts';
import type { DeliverDependencies } from '../../delivery/dependencies.ts';
import { inWords } from '../../delivery/in-words.ts';
import { PEOPLE_OBJECTS } from '../../domain/caller-choice.ts';
import type { Connection } from '../../domain/connection.ts';
import type { RecordRef } from '../../domain/crm.ts';
import type { ConnectionId } from '../../domain/ids.ts';
import type { Store } from '../../store/store.ts';

/** Whether a record that a person named can be somebody's. */
export type CheckedRecord =
  | { readonly kind: 'present'; readonly ref: RecordRef }
  | { readonly kind: 'not_a_person'; readonly object: string; readonly people: readonly string[] }
  | { readonly kind: 'record_gone'; readonly ref: RecordRef }
  | {
      readonly kind: 'could_not_check';
      readonly ref: RecordRef;
      readonly code: string;
      /** The sentence that the code has, if it has one. */
      readonly means: string | undefined;
    };

export interface RecordDependencies {
  readonly connections: Pick<Store['connections'], 'get'>;
  readonly connectorFor: (
    connection: Connection,
  ) => Pick<ReturnType<DeliverDependencies['connectorFor']>, 'readPeople' | 'quota'>;
  /** What is asked counts against the CRM's limits like everything else. */
  readonly budgetFor: (connection: Connection) => Promise<Pick<ConnectionBudget, 'gate' | 'settle'>>;
}

const DEADLINE_MS = 30_000;

/**
 * Looks a person's record up in the CRM. What was merged or converted is answered as what it became.
 *
 * @throws UnknownConnectionError, SecretMissingError, StoreError
 */
export async function checkRecord(
  connectionId: ConnectionId,
  named: RecordRef,
  { connections, connectorFor, budgetFor }: RecordDependencies,
): Promise<CheckedRecord> {
  const connection = await connections.get(connectionId);
  if (connection === undefined) throw new Error('a row of the ledger belongs to a connection');
  const people = PEOPLE_OBJECTS[connection.configuration.crm];
  const object = people.find((name) => name.toLowerCase() === named.object.toLowerCase());
  if (object === undefined) return { kind: 'not_a_person', object: named.object, people };
  const ref = { object, id: named.id };
  const connector = connectorFor(connection);
  const { gate, settle } = await budgetFor(connection);
  try {
    const [read] = await connector.readPeople([ref], [], { signal: AbortSignal.timeout(DEADLINE_MS), gate });
    if (read === undefined) throw new TypeError('the connector read fewer people than it was asked for');
    switch (read.kind) {
      case 'present':
        return { kind: 'present', ref: read.ref };
      case 'gone':
        return { kind: 'record_gone', ref };
      case 'could_not_check': {
        const { code, means } = inWords(read.failure);
        return { kind: 'could_not_check', ref, code, means };
      }
    }
  } finally {
    await settle({ trafficClass: 'live', conversations: 0, readings: connector.quota() });
  }
}
