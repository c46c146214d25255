import type { Connector } from '../../connectors/connector.ts';
import type { ConnectionId } from '../domain/ids.ts';
import { PRIORITY, type Priority } from '../domain/ledger.ts';
import type { LargeClaim } from '../store/batch-size.ts';
import type { DeliveryPolicy } from './policy.ts';

/** Says when a connection may be given more conversations in one batch than usual; kept between batches. */
export interface LargeBatches {
  /**
   * @param maxPriority the least urgent work that may begin
   * @returns undefined where batches are of the usual size
   */
  offer(connectionId: ConnectionId, wanted: Connector['largeBatch'], maxPriority: Priority): LargeClaim | undefined;
  /** A large batch did not end in time: for a while none is begun, so that what is slow gets on in small ones. */
  withhold(connectionId: ConnectionId): void;
}

const WITHHELD_FOR_MS = 60 * 60_000;

export function createLargeBatches(options: {
  readonly policy: Pick<DeliveryPolicy, 'batchSize' | 'largeBatchSize'>;
  readonly now: () => Date;
}): LargeBatches {
  const { policy, now } = options;
  const withheldUntil = new Map<ConnectionId, number>();
  return {
    offer: (connectionId, wanted, maxPriority) => {
      if (wanted === undefined || policy.largeBatchSize <= policy.batchSize) return undefined;
      const priority = PRIORITY[wanted.trafficClass];
      const isWithheld = now().getTime() < (withheldUntil.get(connectionId) ?? 0);
      if (isWithheld || maxPriority < priority) return undefined;
      return { priority, atLeast: wanted.atLeast, limit: Math.max(policy.largeBatchSize, wanted.atLeast) };
    },
    withhold: (connectionId) => {
      withheldUntil.set(connectionId, now().getTime() + WITHHELD_FOR_MS);
    },
  };
}
