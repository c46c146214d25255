import type { QuotaReading } from '../../src/domain/crm.ts';
import type { CalendarDay, DayTeller } from './calendar-day.ts';
import { DailyCount } from './daily-count.ts';
import type { CrmLimits, LimitName, Shares } from './limits.ts';
import type { TrafficClass } from './traffic-class.ts';
import { RollingWindow } from './window.ts';

/** The answer to a request that wants to leave. `waitMs` is when it may ask again with hope. */
export type Leave =
  { readonly granted: true } | { readonly granted: false; readonly limit: LimitName; readonly waitMs: number };

/** Where a limit stands, for people and metrics. */
export interface Standing {
  readonly limit: 'burst' | 'daily';
  readonly allowed: number;
  readonly remaining: number;
}

export interface BudgetOptions {
  readonly limits: CrmLimits;
  readonly countedBy: (endpoint: string) => readonly LimitName[];
  readonly shares: Shares;
  /** Where the vendor's day begins and ends. */
  readonly dayAt: DayTeller;
}

/** What the vendors' readings are called by connectors, and the limit they are about. */
const READINGS: Readonly<Record<string, 'burst' | 'daily'>> = { ten_secondly: 'burst', daily: 'daily' };

/**
 * What one connection may still ask of its CRM. Kept by the connection's one writer so that the vendor need never say
 * no. Has no clock and waits for nobody: `now` is given, in milliseconds since the epoch.
 */
export class Budget {
  readonly #options: BudgetOptions;
  readonly #counts: Readonly<{ burst?: RollingWindow; search?: RollingWindow; daily?: DailyCount }>;

  constructor(options: BudgetOptions) {
    const { burst, search, daily } = options.limits;
    this.#options = options;
    this.#counts = {
      ...(burst === undefined ? {} : { burst: new RollingWindow(burst) }),
      ...(search === undefined ? {} : { search: new RollingWindow(search) }),
      ...(daily === undefined ? {} : { daily: new DailyCount(daily, options.dayAt) }),
    };
  }

  /** Grants a request, which then counts against all of its limits, or names the limit that makes it wait longest. */
  ask(endpoint: string, trafficClass: TrafficClass, now: number): Leave {
    const limits = this.#options.countedBy(endpoint);
    const longest = limits
      .map((limit) => ({ limit, waitMs: this.#waitMs(limit, trafficClass, 1, now) }))
      .toSorted((a, b) => b.waitMs - a.waitMs)[0];
    if (longest !== undefined && longest.waitMs > 0) return { granted: false, ...longest };
    for (const limit of limits) this.#counts[limit]?.take(now);
    return { granted: true };
  }

  /** Milliseconds until a batch of so many calls may begin. Searches are paced within the batch and do not count here. */
  waitForBatch(trafficClass: TrafficClass, calls: number, now: number): number {
    return Math.max(...(['burst', 'daily'] as const).map((limit) => this.#waitMs(limit, trafficClass, calls, now)));
  }

  /** Corrects the counts by what the vendor says: limits differ by plan, and others spend from them. */
  learn(readings: readonly QuotaReading[], now: number): void {
    for (const { limit, allowed, remaining, readAt } of readings) {
      const name = READINGS[limit];
      if (name !== undefined) this.#counts[name]?.learn({ allowed, remaining, readAt: readAt.getTime() }, now);
    }
  }

  /** The day that is being counted; undefined for a CRM without a daily limit. */
  day(now: number): CalendarDay | undefined {
    return this.#counts.daily?.day(now);
  }

  /** Begins the day with what was counted before. */
  resume(dayName: string, calls: number, now: number): void {
    this.#counts.daily?.resume(dayName, calls, now);
  }

  standing(now: number): readonly Standing[] {
    return (['burst', 'daily'] as const).flatMap((limit) => {
      const count = this.#counts[limit];
      if (count === undefined) return [];
      return [{ limit, allowed: count.max, remaining: Math.max(0, count.max - count.used(now)) }];
    });
  }

  #waitMs(limit: LimitName, trafficClass: TrafficClass, calls: number, now: number): number {
    const count = this.#counts[limit];
    if (count === undefined) return 0;
    // Searches keep no reserve: whoever comes next waits a fraction of a second.
    const share = limit === 'search' ? 1 : this.#options.shares[trafficClass];
    // However small a limit is, no class is locked out of it.
    const cap = Math.max(1, Math.floor(count.max * share));
    return count.waitMs(calls, cap, now);
  }
}
