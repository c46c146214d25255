import type { Connection } from '../domain/connection.ts';
import type { ConnectionId } from '../domain/ids.ts';
import type { NextDue } from '../store/queue-times.ts';
import type { Admission } from './budget.ts';
import type { DeliverDependencies } from './dependencies.ts';

/** What the connection's loop needs to know to go on. */
export interface Delivered {
  readonly delivered: number;
  readonly more: boolean;
  readonly waitMs?: number;
  readonly parked?: string;
}

/** Paused and broken connections wait for a person (who wakes the loop), parked ones for an instant. */
export function whyStopped(
  { state }: Connection,
  now: Date,
): { readonly parked: string; readonly waitMs?: number } | undefined {
  switch (state.kind) {
    case 'paused':
    case 'broken':
      return { parked: state.kind };
    case 'active': {
      const left = (state.parkedUntil?.getTime() ?? 0) - now.getTime();
      return left > 0 ? { parked: 'parked', waitMs: left } : undefined;
    }
  }
}

/** Looks at the queue once more after a batch: whether something is due now, or when. */
export async function whatNext(
  deps: DeliverDependencies,
  connectionId: ConnectionId,
  delivered: number,
  admission: Admission,
): Promise<Delivered> {
  const now = deps.now();
  const { ledger } = deps.store;
  const [connection, all, admitted] = await Promise.all([
    deps.store.connections.get(connectionId),
    ledger.nextDue(connectionId),
    admission.lessUrgentInMs === undefined ? undefined : admittedDue(ledger, connectionId, admission),
  ]);
  const stopped = connection === undefined ? undefined : whyStopped(connection, now);
  if (stopped !== undefined) return { delivered, more: false, ...stopped };
  const waitMs = admitted === undefined ? waitFor(all, now) : waitUnderBudget(all, admitted, admission, now);
  if (waitMs === undefined) return { delivered, more: false };
  return waitMs === 0 ? { delivered, more: true } : { delivered, more: false, waitMs };
}

const NOTHING_DUE: NextDue = { dueNow: false, nextDueAt: undefined };

function admittedDue(
  ledger: DeliverDependencies['store']['ledger'],
  connectionId: ConnectionId,
  { maxPriority }: Admission,
): NextDue | Promise<NextDue> {
  return maxPriority === undefined ? NOTHING_DUE : ledger.nextDue(connectionId, maxPriority);
}

/** What the budget admits is looked at when it is due; the rest not before the budget admits it. */
function waitUnderBudget(
  all: NextDue,
  admitted: NextDue,
  { lessUrgentInMs = 0 }: Admission,
  now: Date,
): number | undefined {
  const anything = waitFor(all, now);
  if (anything === undefined) return undefined;
  return Math.min(waitFor(admitted, now) ?? Infinity, Math.max(anything, lessUrgentInMs));
}

/** Milliseconds; 0 when something is due now, undefined when nothing waits. */
function waitFor({ dueNow, nextDueAt }: NextDue, now: Date): number | undefined {
  if (dueNow) return 0;
  return nextDueAt === undefined ? undefined : Math.max(1, nextDueAt.getTime() - now.getTime());
}
