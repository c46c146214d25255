import { isBudgetRefusal } from '../../connectors/budget/gate.ts';
import { isUnfinishedWork } from '../../connectors/unfinished-work.ts';
import type { Connection } from '../domain/connection.ts';
import type { CrmFailure } from '../domain/crm.ts';
import { settledAs } from '../domain/outcome.ts';
import type { DeliverDependencies } from './dependencies.ts';
import type { Settled } from './steps.ts';

/**
 * Draws the consequences of a batch for the whole connection: refused credentials stop it until a person acts, a limit
 * parks it for as long as the CRM asked, an outage for a moment. The rest of its work then waits without making calls.
 *
 * @returns the batch as it is to be recorded: what met a token that was merely old waits for the new one.
 */
export async function react(
  deps: DeliverDependencies,
  connection: Connection,
  settled: readonly Settled[],
): Promise<readonly Settled[]> {
  const failures = settled.flatMap((item) => item.failures ?? []);
  const broken = failures.find((failure) => failure.disposition === 'reconnect');
  if (broken === undefined) {
    await slowDown(deps, connection, settled, failures);
    return settled;
  }
  if (await mayGoOn(deps, connection, broken)) return settled.map((item) => tryAgainSoon(deps, item));
  await markBroken(deps, connection, broken);
  return settled;
}

/** Only a 401 is about the token; a scope that is missing is missing with every token. */
async function mayGoOn(deps: DeliverDependencies, connection: Connection, { status }: CrmFailure): Promise<boolean> {
  return status === 401 && (await deps.credentialsRefused(connection)) !== 'broken';
}

/** Not the record's fault: it keeps its count of attempts. */
function tryAgainSoon(deps: DeliverDependencies, item: Settled): Settled {
  const refusal = item.failures?.find(({ disposition }) => disposition === 'reconnect');
  if (refusal === undefined) return item;
  const { attempts, failingSince } = item.row;
  const soon = settledAs('crm_unavailable', new Date(deps.now().getTime() + deps.policy.retryBase));
  return { ...item, outcome: { ...soon, attempts, failingSince, vendorCode: refusal.code } };
}

async function slowDown(
  deps: DeliverDependencies,
  connection: Connection,
  settled: readonly Settled[],
  failures: readonly CrmFailure[],
): Promise<void> {
  const throttled = longestThrottle(failures);
  if (throttled !== undefined)
    return park(deps, connection, throttled.code, throttled.retryAfterMs ?? deps.policy.retryBase);
  const outage = outageCode(settled);
  if (outage !== undefined) await park(deps, connection, outage, deps.policy.outagePause);
}

async function markBroken(deps: DeliverDependencies, connection: Connection, failure: CrmFailure): Promise<void> {
  await deps.store.connections.markBroken(connection.id, failure.code, deps.now());
  deps.events.stopped({ connectionId: connection.id, why: 'broken', code: failure.code });
}

async function park(deps: DeliverDependencies, connection: Connection, code: string, ms: number): Promise<void> {
  await deps.store.connections.park(connection.id, new Date(deps.now().getTime() + ms), code);
  deps.events.stopped({ connectionId: connection.id, why: 'parked', code });
}

function longestThrottle(failures: readonly CrmFailure[]): CrmFailure | undefined {
  // A refusal of our own budget is for its class only; the others go on.
  return failures
    .filter((failure) => failure.disposition === 'throttle' && !isBudgetRefusal(failure))
    .toSorted((a, b) => (b.retryAfterMs ?? 0) - (a.retryAfterMs ?? 0))[0];
}

/** An outage: several conversations reached the CRM and not one of them got through. A single one may be its own fault. */
function outageCode(settled: readonly Settled[]): string | undefined {
  const reached = settled.filter((item) => item.plan !== undefined || (item.failures?.length ?? 0) > 0);
  const failures = reached.map((item) => item.failures?.find(isOfOutage));
  return reached.length > 1 && failures.every((failure) => failure !== undefined) ? failures[0]?.code : undefined;
}

/** What the CRM has taken over and not finished is no sign of trouble. */
function isOfOutage(failure: CrmFailure): boolean {
  return failure.disposition === 'retry' && !isUnfinishedWork(failure);
}
