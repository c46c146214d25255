import type { TrafficClass } from './traffic-class.ts';

/** What is limited: requests in a rolling window, searches, requests in a day. */
export type LimitName = 'burst' | 'search' | 'daily';

/** At most `max` requests in any stretch of `windowMs`. */
export interface WindowLimit {
  readonly max: number;
  readonly windowMs: number;
}

/** When the count of a day begins anew: at midnight where the account is, or never, hour by hour over the last 24. */
export type DailyReset = 'midnight' | 'rolling';

export interface DailyLimit {
  readonly max: number;
  readonly reset: DailyReset;
}

/** The limits of one CRM account. An absent one does not exist, or is switched off. */
export interface CrmLimits {
  readonly burst?: WindowLimit | undefined;
  readonly search?: WindowLimit | undefined;
  readonly daily?: DailyLimit | undefined;
}

/** What part of the burst and the daily limit each class may fill; what it leaves is the reserve of those above it. */
export type Shares = Readonly<Record<TrafficClass, number>>;

/** Numbers of the budget, all in one place. */
export interface BudgetPolicy {
  readonly shares: Shares;
  /** Milliseconds that a request may wait for its turn inside the batch; a longer wait is a refusal. */
  readonly waitOutMs: number;
  /**
   * A batch begins only when the calls it may need are left to its class, so that it is not stopped half-way: this many
   * before any batch has shown what it takes.
   */
  readonly callsPerBatch: number;
  /** Other limits than the CRM's usual ones, such as a bought increase. `undefined` switches one off. */
  readonly limits?: CrmLimits;
}

/**
 * | class    | may fill | reserve it leaves |
 * | -------- | -------- | ----------------- |
 * | handoff  | 100 %    | none              |
 * | live     | 95 %     | for handoffs      |
 * | retry    | 85 %     | for live traffic  |
 * | backfill | 70 %     | for all others    |
 */
export const BUDGET_POLICY: BudgetPolicy = {
  shares: { handoff: 1, live: 0.95, retry: 0.85, backfill: 0.7 },
  waitOutMs: 300,
  callsPerBatch: 8,
};

/** For CRMs without limits, such as stand-ins. */
export const NO_LIMITS: CrmLimits = { burst: undefined, search: undefined, daily: undefined };

/**
 * Requests reach the CRM up to this much later than they left, some of them and others not: within its own window it may
 * see more of them than left within ours, so ours is longer.
 */
const JITTER_MS = 250;

/**
 * Searches spaced evenly. A burst of as many would do for us, but not for those who share the limit, and even spacing
 * forgives requests that are late.
 */
function spaced(perSecond: number): WindowLimit {
  return { max: 1, windowMs: Math.ceil(1_000 / perSecond) };
}

interface CrmBudget {
  readonly limits: CrmLimits;
  /** The limits a request of an endpoint class counts against. */
  readonly countedBy: (endpoint: string) => readonly LimitName[];
}

/**
 * HubSpot's usage guidelines: 190 requests in ten seconds per private app (100 on Free and Starter, 110 for OAuth apps:
 * the headers say which, and the budget learns it), 625,000 a day per account. Searches count per account, five a
 * second, and not against the burst limit; one of the five is left to others, who cannot be seen: search answers carry
 * no rate-limit headers. The day ends at midnight in the account's time zone.
 */
const HUBSPOT: CrmBudget = {
  limits: {
    burst: { max: 190, windowMs: 10_000 + JITTER_MS },
    search: spaced(4),
    daily: { max: 625_000, reset: 'midnight' },
  },
  countedBy: (endpoint) => (endpoint === 'search' ? ['search', 'daily'] : ['burst', 'daily']),
};

/**
 * Salesforce's limits: requests over the last 24 hours, org-wide, at least 100,000 and more per licence; every answer
 * says in `Sforce-Limit-Info` how many are allowed and used. Short requests have no other limit.
 */
const SALESFORCE: CrmBudget = {
  limits: { daily: { max: 100_000, reset: 'rolling' } },
  countedBy: () => ['daily'],
};

const UNLIMITED: CrmBudget = { limits: NO_LIMITS, countedBy: () => [] };

/** A CRM that is not here has no limits that are known. */
const BUDGETS: Readonly<Record<string, CrmBudget>> = { hubspot: HUBSPOT, salesforce: SALESFORCE };

/** The limits a CRM is known for, with the policy's own in their place, and what counts against them. */
export function budgetOf(crm: string, policy: Pick<BudgetPolicy, 'limits'> = {}): CrmBudget {
  const { limits, countedBy } = BUDGETS[crm] ?? UNLIMITED;
  return { limits: { ...limits, ...policy.limits }, countedBy };
}
