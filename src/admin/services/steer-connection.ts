import type { ConnectionId } from '../../domain/ids.ts';
import type { ConnectionRepository } from '../../store/connection-repository.ts';
import type { Wake } from './ports.ts';
import { wakeConnections } from './wake-connections.ts';

export interface SteerDependencies {
  readonly connections: Pick<ConnectionRepository, 'get' | 'pause' | 'resume'>;
  readonly wake: Wake;
}

export type SteerResult =
  | { readonly kind: 'unknown_connection' }
  | {
      readonly kind: 'paused' | 'resumed';
      readonly connectionId: ConnectionId;
      /** What the connection was before. */
      readonly before: 'active' | 'paused' | 'broken';
      /** False when its loop could not be told; it finds out by itself. */
      readonly woken: boolean;
    };

/** Stops deliveries of a connection until it is resumed. A batch under way is finished; what comes in waits in the ledger. */
export function pauseConnection(id: ConnectionId, dependencies: SteerDependencies): Promise<SteerResult> {
  return steer('paused', id, dependencies);
}

/** Makes a connection active whatever stopped it (a person, refused credentials, a limit), and delivers what waited. */
export function resumeConnection(id: ConnectionId, dependencies: SteerDependencies): Promise<SteerResult> {
  return steer('resumed', id, dependencies);
}

async function steer(
  kind: 'paused' | 'resumed',
  connectionId: ConnectionId,
  { connections, wake }: SteerDependencies,
): Promise<SteerResult> {
  const connection = await connections.get(connectionId);
  if (connection === undefined) return { kind: 'unknown_connection' };
  await (kind === 'paused' ? connections.pause(connectionId) : connections.resume(connectionId));
  // A sleeping loop would read the new state only at its next due time.
  const notWoken = await wakeConnections([connectionId], wake);
  return { kind, connectionId, before: connection.state.kind, woken: notWoken.length === 0 };
}
