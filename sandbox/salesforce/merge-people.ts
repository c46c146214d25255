import { derivedValues } from './derived-values.ts';
import type { Org } from './org.ts';
import type { SalesforceRecord } from './record-store.ts';

/** Merges a person into another one: the tasks move, the lost record is deleted and names the one that was kept. */
export function mergePeople(org: Org, userId: string, kept: SalesforceRecord, lost: SalesforceRecord): void {
  for (const task of org.records.all('Task')) {
    if (task.isDeleted || task.values.WhoId !== lost.id) continue;
    const moved = { ...task.values, WhoId: kept.id };
    org.records.update(task, { WhoId: kept.id, ...derivedValues(org, 'Task', moved) }, userId);
  }
  org.records.update(lost, { MasterRecordId: kept.id }, userId);
  org.records.delete(lost, userId);
}
