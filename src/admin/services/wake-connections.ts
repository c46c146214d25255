import type { ConnectionId } from '../../domain/ids.ts';
import type { Wake } from './ports.ts';

/**
 * Wakes several connections at once.
 * @returns those that could not be woken. Nothing is lost by it: what is due stands in the ledger, and the intake's sweep
 * wakes its connection within seconds once Temporal is back.
 */
export async function wakeConnections(
  connections: readonly ConnectionId[],
  wake: Wake,
): Promise<readonly ConnectionId[]> {
  const attempts = await Promise.allSettled(connections.map((connection) => wake(connection)));
  return connections.filter((_, index) => attempts[index]?.status === 'rejected');
}
