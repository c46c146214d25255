import type { CrmFailure } from '../../src/domain/crm.ts';
import { pause } from '../transport/pause.ts';
import type { Budget } from './budget.ts';
import type { LimitName } from './limits.ts';
import { TRAFFIC_CLASSES, type TrafficClass } from './traffic-class.ts';

/** What a connector asks before each of its requests leaves. */
export interface RequestGate {
  /**
   * Resolves when the request may leave, or with the refusal that stands for its answer: a `throttle` with the code
   * `budget.<limit>`. A short wait is waited out here. Once the signal is aborted, resolves at once: the transport
   * then sends nothing.
   */
  leave(endpoint: string, caller: GateCaller): Promise<CrmFailure | undefined>;
}

interface GateCaller {
  readonly signal: AbortSignal;
  /** `live` unless given. */
  readonly trafficClass?: TrafficClass | undefined;
}

/** Calls by class. */
type CallCounts = Readonly<Record<TrafficClass, number>>;

/** A gate that also counts who went through. */
export interface CountingGate extends RequestGate {
  /** What was let through since this was last asked. */
  takeCounts(): CallCounts;
}

/** @param options.waitOutMs the longest wait that is waited out; `now` in milliseconds since the epoch. */
export function createGate(options: {
  readonly budget: Budget;
  readonly waitOutMs: number;
  readonly now: () => number;
}): CountingGate {
  const { budget, waitOutMs, now } = options;
  let counts = noCalls();

  async function leave(endpoint: string, caller: GateCaller): Promise<CrmFailure | undefined> {
    const trafficClass = caller.trafficClass ?? 'live';
    while (!caller.signal.aborted) {
      const answer = budget.ask(endpoint, trafficClass, now());
      if (answer.granted) {
        counts[trafficClass] += 1;
        return undefined;
      }
      if (answer.waitMs >= waitOutMs) return refusal(answer.limit, answer.waitMs);
      await pause(answer.waitMs, caller.signal);
    }
    return undefined;
  }

  return {
    leave,
    takeCounts: () => {
      const taken = counts;
      counts = noCalls();
      return taken;
    },
  };
}

const REFUSED = 'budget.';

/** True for a refusal of ours, which nobody but the refused class has to wait for. */
export function isBudgetRefusal({ code }: Pick<CrmFailure, 'code'>): boolean {
  return code.startsWith(REFUSED);
}

function refusal(limit: LimitName, waitMs: number): CrmFailure {
  return {
    disposition: 'throttle',
    code: `${REFUSED}${limit}`,
    status: undefined,
    retryAfterMs: waitMs,
    field: undefined,
    vendorText: undefined,
  };
}

function noCalls(): Record<TrafficClass, number> {
  // Object.fromEntries loses the key type; TRAFFIC_CLASSES is all of them.
  return Object.fromEntries(TRAFFIC_CLASSES.map((each) => [each, 0])) as Record<TrafficClass, number>;
}
