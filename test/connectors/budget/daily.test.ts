import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Budget } from '../../../connectors/budget/budget.ts';
import { daysIn } from '../../../connectors/budget/calendar-day.ts';
import { BUDGET_POLICY, budgetOf, type DailyReset } from '../../../connectors/budget/limits.ts';

const HOUR = 3_600_000;
const at = (text: string): number => Date.parse(text);

/** A budget of so many calls a day and no other limit. */
function daily(max: number, options: { readonly reset?: DailyReset; readonly timeZone?: string } = {}): Budget {
  const limits = { burst: undefined, search: undefined, daily: { max, reset: options.reset ?? 'midnight' } };
  return new Budget({
    ...budgetOf('hubspot', { limits }),
    shares: BUDGET_POLICY.shares,
    dayAt: daysIn(options.timeZone ?? 'America/New_York'),
  });
}

function spend(budget: Budget, calls: number, now: number): void {
  for (let n = 0; n < calls; n += 1) budget.ask('batch-read', 'handoff', now);
}

const left = (budget: Budget, now: number) => budget.standing(now)[0]?.remaining;
const reading = (allowed: number, remaining: number, readAt: number) => [
  { limit: 'daily', allowed, remaining, readAt: new Date(readAt) },
];

describe('the day of an account', () => {
  it('ends at midnight where the account is, also when the clocks change during it', () => {
    const newYork = daysIn('America/New_York');
    expect(newYork(at('2026-03-02T04:59:59Z'))).toEqual({ name: '2026-03-01', endsAt: at('2026-03-02T05:00:00Z') });
    expect(newYork(at('2026-03-02T05:00:00Z'))).toEqual({ name: '2026-03-02', endsAt: at('2026-03-03T05:00:00Z') });
    // Daylight saving time begins on 8 March 2026: that day has 23 hours.
    expect(newYork(at('2026-03-08T05:00:00Z'))).toEqual({ name: '2026-03-08', endsAt: at('2026-03-09T04:00:00Z') });
    expect(daysIn('Asia/Kolkata')(at('2026-03-02T18:30:00Z')).name).toBe('2026-03-03');
  });

  it('holds the instant it was asked for, in any zone and season', () => {
    const zones = fc.constantFrom(
      'UTC',
      'America/New_York',
      'Asia/Kolkata',
      'Australia/Lord_Howe',
      'Pacific/Kiritimati',
    );
    const instants = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-01-01T00:00:00Z') });
    fc.assert(
      fc.property(zones, instants, (zone, now) => {
        const tell = daysIn(zone);
        const { name, endsAt } = tell(now);
        expect(endsAt - now).toBeGreaterThan(0);
        expect(endsAt - now).toBeLessThanOrEqual(25 * HOUR);
        expect(tell(endsAt - 1).name).toBe(name);
        expect(tell(endsAt).name > name).toBe(true);
      }),
    );
  });
});

describe('the daily limit', () => {
  const noon = at('2026-03-02T17:00:00Z');
  const midnight = at('2026-03-03T05:00:00Z');

  it('refuses what is over it until the day ends, then begins anew', () => {
    const budget = daily(10);
    spend(budget, 10, noon);
    expect(budget.ask('batch-read', 'handoff', noon)).toEqual({
      granted: false,
      limit: 'daily',
      waitMs: midnight - noon,
    });
    expect(budget.ask('batch-read', 'handoff', midnight)).toEqual({ granted: true });
    expect(left(budget, midnight)).toBe(9);
  });

  it('stops backfill first, then retries, then live traffic, and handoffs last', () => {
    const budget = daily(100);
    const mayGo = () =>
      (['handoff', 'live', 'retry', 'backfill'] as const).filter((each) => budget.waitForBatch(each, 1, noon) === 0);
    spend(budget, 69, noon);
    expect(mayGo()).toEqual(['handoff', 'live', 'retry', 'backfill']);
    spend(budget, 1, noon);
    expect(mayGo()).toEqual(['handoff', 'live', 'retry']);
    spend(budget, 15, noon);
    expect(mayGo()).toEqual(['handoff', 'live']);
    spend(budget, 10, noon);
    expect(mayGo()).toEqual(['handoff']);
    spend(budget, 5, noon);
    expect(mayGo()).toEqual([]);
  });

  it('begins with what an earlier run has counted, unless that was another day', () => {
    const budget = daily(100);
    budget.resume('2026-03-02', 60, noon);
    expect(left(budget, noon)).toBe(40);
    budget.resume('2026-03-01', 90, noon);
    expect(left(budget, noon)).toBe(40);
  });

  it('is corrected by what the vendor says: others spend from it, and plans differ', () => {
    const budget = daily(100);
    spend(budget, 5, noon);
    budget.learn(reading(1_000, 300, noon), noon);
    expect(budget.standing(noon)).toEqual([{ limit: 'daily', allowed: 1_000, remaining: 300 }]);
    spend(budget, 10, noon);
    expect(left(budget, noon)).toBe(290);
  });

  it('does not forget calls because an old reading is given again', () => {
    const budget = daily(100);
    budget.learn(reading(100, 90, noon), noon);
    spend(budget, 5, noon);
    budget.learn(reading(100, 90, noon), noon);
    expect(left(budget, noon)).toBe(85);
  });

  it('takes a reading of yesterday for no more than that', () => {
    const budget = daily(100);
    budget.learn(reading(100, 0, midnight - 1), midnight + 1);
    expect(left(budget, midnight + 1)).toBe(100);
  });

  it('a rolling limit that is exhausted is asked again after a quarter of an hour, not after a day', () => {
    const budget = daily(100_000, { reset: 'rolling', timeZone: 'UTC' });
    budget.learn(reading(15_000, 0, noon), noon);
    expect(budget.ask('query', 'handoff', noon)).toEqual({ granted: false, limit: 'daily', waitMs: 15 * 60_000 });
    expect(budget.ask('query', 'handoff', noon + 15 * 60_000)).toEqual({ granted: true });
    budget.learn(reading(15_000, 0, noon + 15 * 60_000), noon + 15 * 60_000);
    expect(budget.ask('query', 'handoff', noon + 16 * 60_000).granted).toBe(false);
  });

  it('a rolling limit does not begin anew at midnight', () => {
    const budget = daily(100_000, { reset: 'rolling', timeZone: 'UTC' });
    const late = at('2026-03-02T23:59:00Z');
    budget.learn(reading(15_000, 5_000, late), late);
    expect(left(budget, late + 120_000)).toBe(5_000);
  });
});
