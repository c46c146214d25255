import { Budget } from '../../connectors/budget/budget.ts';
import { daysIn } from '../../connectors/budget/calendar-day.ts';
import { createGate, type RequestGate } from '../../connectors/budget/gate.ts';
import { budgetOf, type BudgetPolicy } from '../../connectors/budget/limits.ts';
import { TRAFFIC_CLASSES, type TrafficClass } from '../../connectors/budget/traffic-class.ts';
import type { Connection } from '../domain/connection.ts';
import type { QuotaReading } from '../domain/crm.ts';
import { PRIORITY, type Priority } from '../domain/ledger.ts';
import type { Store } from '../store/store.ts';
import type { DeliveryEvents } from './dependencies.ts';

/** What a connection's one writer may still ask of its CRM. */
export interface ConnectionBudget {
  readonly gate: RequestGate;
  /** Which work may begin now. */
  admit(): Admission;
  /** Ends a batch: learns what the CRM said of its limits and writes down what was used. */
  settle(batch: SpentBatch): Promise<void>;
}

export interface Admission {
  /** The least urgent work that may begin; undefined when none may. */
  readonly maxPriority: Priority | undefined;
  /** Milliseconds until less urgent work may begin; undefined when all of it may. */
  readonly lessUrgentInMs: number | undefined;
}

interface SpentBatch {
  readonly trafficClass: TrafficClass;
  readonly conversations: number;
  readonly readings: readonly QuotaReading[];
}

interface BudgetDependencies {
  readonly store: Pick<Store, 'budget'>;
  readonly policy: BudgetPolicy;
  readonly now: () => Date;
  readonly events: Pick<DeliveryEvents, 'spent'>;
}

/**
 * Keeps one budget per connection. A new one begins the day with what the store has counted. Rejects only for our database.
 */
export function createBudgets(deps: BudgetDependencies): (connection: Connection) => Promise<ConnectionBudget> {
  const kept = new Map<string, { readonly account: string; readonly budget: ConnectionBudget }>();
  return async (connection) => {
    const account = JSON.stringify([connection.configuration.crm, connection.tenant.timezone]);
    const before = kept.get(connection.id);
    if (before?.account === account) return before.budget;
    const budget = await openBudget(deps, connection);
    kept.set(connection.id, { account, budget });
    return budget;
  };
}

async function openBudget(deps: BudgetDependencies, connection: Connection): Promise<ConnectionBudget> {
  const { store, policy } = deps;
  const now = (): number => deps.now().getTime();
  const budget = new Budget({
    ...budgetOf(connection.configuration.crm, policy),
    shares: policy.shares,
    // The account's own zone is not known here; the tenant's is the likeliest, and readings correct the rest.
    dayAt: daysIn(connection.tenant.timezone),
  });
  const today = budget.day(now());
  if (today !== undefined) {
    budget.resume(today.name, await store.budget.callsOn(connection.id, today.name), now());
  }
  const gate = createGate({ budget, waitOutMs: policy.waitOutMs, now });
  // What the next batch needs is guessed from what the last one took.
  let callsPerBatch = policy.callsPerBatch;

  async function settle({ trafficClass, conversations, readings }: SpentBatch): Promise<void> {
    const calls = gate.takeCounts();
    budget.learn(readings, now());
    const total = TRAFFIC_CLASSES.reduce((sum, each) => sum + calls[each], 0);
    if (total > 0) callsPerBatch = total;
    if (total > 0) await writeDown(deps, connection, budget, calls);
    deps.events.spent({
      connectionId: connection.id,
      trafficClass,
      calls: total,
      conversations,
      limits: budget.standing(now()),
    });
  }

  return { gate, settle, admit: () => admit(budget, callsPerBatch, now()) };
}

async function writeDown(
  { store, now }: BudgetDependencies,
  connection: Connection,
  budget: Budget,
  calls: Readonly<Record<TrafficClass, number>>,
): Promise<void> {
  const at = now();
  const day = budget.day(at.getTime());
  const daily = budget.standing(at.getTime()).find(({ limit }) => limit === 'daily');
  if (day === undefined || daily === undefined) return;
  await store.budget.add({
    connectionId: connection.id,
    day: {
      day: day.name,
      resetsAt: new Date(day.endsAt),
      allowed: daily.allowed,
      used: daily.allowed - daily.remaining,
    },
    calls,
    now: at,
  });
}

/**
 * From the most urgent class down, as far as each may begin a batch. A handoff begins with whatever is left: it is alone
 * in its batch when the others may not, and somebody is waiting to be called back.
 */
function admit(budget: Budget, callsPerBatch: number, now: number): Admission {
  let maxPriority: Priority | undefined;
  for (const trafficClass of TRAFFIC_CLASSES) {
    const waitMs = budget.waitForBatch(trafficClass, trafficClass === 'handoff' ? 1 : callsPerBatch, now);
    if (waitMs > 0) return { maxPriority, lessUrgentInMs: waitMs };
    maxPriority = PRIORITY[trafficClass];
  }
  return { maxPriority, lessUrgentInMs: undefined };
}
