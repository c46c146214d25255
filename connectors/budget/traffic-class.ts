import { PRIORITY, type Priority } from '../../src/domain/ledger.ts';

/** For whom a call is made: the priorities of the queue by name. Decides how much of a limit the call may use. */
export type TrafficClass = keyof typeof PRIORITY;

/** Most urgent first. */
export const TRAFFIC_CLASSES = ['handoff', 'live', 'retry', 'backfill'] as const satisfies readonly TrafficClass[];

/** The class of a batch is that of the most urgent conversation in it. */
export function mostUrgentClass(priorities: readonly Priority[]): TrafficClass {
  const most = Math.min(...priorities);
  return TRAFFIC_CLASSES.find((each) => PRIORITY[each] === most) ?? 'backfill';
}
