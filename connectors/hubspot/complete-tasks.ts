import type { RecordRef, WriteResult } from '../../src/domain/crm.ts';
import type { ApiSession } from './api.ts';
import { writeRecords } from './batch-write.ts';
import { KEY_PROPERTIES } from './properties.ts';

/** HubSpot's tasks guide; it sets the time of completion itself. */
const COMPLETED = { hs_task_status: 'COMPLETED' };

/** Marks tasks as done; one that is done already stays so. A task that is gone is refused as `resolve`. */
export function completeTasks(session: ApiSession, refs: readonly RecordRef[]): Promise<readonly WriteResult[]> {
  return writeRecords(
    session,
    KEY_PROPERTIES.tasks,
    refs.map(({ id }) => ({ by: 'id', id, properties: COMPLETED })),
  );
}
