import type { CallContext } from '../../connector.ts';
import type { ApiSession } from '../api.ts';
import { writeCollection, type Collection, type Payload, type RowOutcome } from '../collections.ts';
import { BulkState, type BulkOptions } from './bulk-state.ts';
import { UpsertCall } from './upsert-call.ts';

/**
 * Writes records of one kind in the fewest calls.
 *
 * @param createOnly fields that a record takes when it is made, and refuses ever after
 * @returns one outcome per record, in order
 */
export type RowWriter = (
  collection: Collection,
  payloads: readonly Payload[],
  createOnly?: ReadonlySet<string>,
) => Promise<readonly RowOutcome[]>;

/**
 * Collections of 200, or for a large backfill one bulk job: from some 2,000 records on that is what Salesforce advises
 * (limits and allocations quick reference), and it costs some eight calls however many they are. Only records that are
 * named by an external id go in bulk: what became of a job that nobody could follow is found by it.
 *
 * @returns what makes a writer for one call into the connector; it lives as long as the connector
 */
export function createBulkWriting(options: BulkOptions): (session: ApiSession, context: CallContext) => RowWriter {
  const state = new BulkState(options);
  return (session, context) =>
    async (collection, payloads, createOnly = NONE) => {
      if (collection.kind !== 'upsert') return writeCollection(session, collection, payloads);
      const rows = payloads.map((payload) => ({ payload, createOnly }));
      return new UpsertCall({ session, context, state, collection }).write(rows);
    };
}

const NONE: ReadonlySet<string> = new Set();
