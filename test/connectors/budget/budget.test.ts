import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Budget } from '../../../connectors/budget/budget.ts';
import { daysIn } from '../../../connectors/budget/calendar-day.ts';
import { BUDGET_POLICY, budgetOf, type CrmLimits } from '../../../connectors/budget/limits.ts';
import { TRAFFIC_CLASSES, type TrafficClass } from '../../../connectors/budget/traffic-class.ts';

const START = Date.parse('2026-03-02T09:00:00Z');
const WINDOW_MS = 10_000;
const { shares } = BUDGET_POLICY;

function budget(limits: CrmLimits, crm = 'hubspot'): Budget {
  return new Budget({ ...budgetOf(crm, { limits }), shares, dayAt: daysIn('UTC') });
}

const burstOf = (max: number): CrmLimits => ({
  burst: { max, windowMs: WINDOW_MS },
  search: undefined,
  daily: undefined,
});
const cap = (max: number, trafficClass: TrafficClass) => Math.max(1, Math.floor(max * shares[trafficClass]));

const classes = fc.constantFrom(...TRAFFIC_CLASSES);
/** Requests of all classes, at any pace. */
const traffic = fc.array(fc.record({ gap: fc.integer({ min: 0, max: 1_500 }), trafficClass: classes }), {
  minLength: 1,
  maxLength: 250,
});

interface Asked {
  readonly at: number;
  readonly trafficClass: TrafficClass;
  readonly granted: boolean;
  readonly waitMs: number;
  /** How many were granted in the window that ends here. */
  readonly usedBefore: number;
}

/** Lets the traffic ask, and notes what an onlooker sees. */
function play(
  max: number,
  requests: readonly { readonly gap: number; readonly trafficClass: TrafficClass }[],
): Asked[] {
  const under = budget(burstOf(max));
  const asked: Asked[] = [];
  let at = START;
  for (const { gap, trafficClass } of requests) {
    at += gap;
    const usedBefore = asked.filter((each) => each.granted && each.at > at - WINDOW_MS).length;
    const leave = under.ask('batch-upsert', trafficClass, at);
    asked.push({ at, trafficClass, granted: leave.granted, waitMs: leave.granted ? 0 : leave.waitMs, usedBefore });
  }
  return asked;
}

describe('the budget of a connection', () => {
  const limit = fc.integer({ min: 1, max: 40 });

  it('never grants more than the limit in any window, whoever asks', () => {
    fc.assert(
      fc.property(limit, traffic, (max, requests) => {
        const granted = play(max, requests).filter((each) => each.granted);
        for (const { usedBefore } of granted) expect(usedBefore).toBeLessThan(max);
      }),
    );
  });

  it('grants a handoff whenever any capacity is left', () => {
    fc.assert(
      fc.property(limit, traffic, (max, requests) => {
        for (const { trafficClass, granted, usedBefore } of play(max, requests)) {
          if (trafficClass === 'handoff') expect(granted).toBe(usedBefore < max);
        }
      }),
    );
  });

  it('refuses a class only when its share is used up, and never lets it eat into the reserve of those above it', () => {
    fc.assert(
      fc.property(limit, traffic, (max, requests) => {
        for (const { trafficClass, granted, usedBefore } of play(max, requests)) {
          expect(granted).toBe(usedBefore < cap(max, trafficClass));
        }
      }),
    );
  });

  it('names no wait longer than the window, and whoever waits it out is granted when nobody else came', () => {
    fc.assert(
      fc.property(limit, traffic, classes, (max, requests, last) => {
        for (const { granted, waitMs } of play(max, requests)) {
          if (granted) continue;
          expect(waitMs).toBeGreaterThan(0);
          expect(waitMs).toBeLessThanOrEqual(WINDOW_MS);
        }
        const under = budget(burstOf(max));
        let at = START;
        for (const { gap, trafficClass } of requests) under.ask('batch-upsert', trafficClass, (at += gap));
        const first = under.ask('batch-upsert', last, at);
        if (!first.granted) expect(under.ask('batch-upsert', last, at + first.waitMs).granted).toBe(true);
      }),
    );
  });

  it('lets a batch begin only when all of its calls fit', () => {
    const under = budget(burstOf(100));
    for (let n = 0; n < 63; n += 1) under.ask('batch-read', 'handoff', START);
    // Backfill may fill 70 of 100: 63 and 8 are too many.
    expect(under.waitForBatch('backfill', 7, START)).toBe(0);
    expect(under.waitForBatch('backfill', 8, START)).toBe(WINDOW_MS);
    expect(under.waitForBatch('live', 8, START)).toBe(0);
  });

  it('a limit smaller than a batch still lets one begin', () => {
    expect(budget(burstOf(2)).waitForBatch('backfill', 8, START)).toBe(0);
  });

  it('counts a search against searches and the day, not against the burst', () => {
    const under = budget({
      burst: { max: 1, windowMs: WINDOW_MS },
      search: { max: 1, windowMs: 250 },
      daily: { max: 3, reset: 'midnight' },
    });
    expect(under.ask('search', 'live', START)).toEqual({ granted: true });
    expect(under.ask('search', 'live', START)).toEqual({ granted: false, limit: 'search', waitMs: 250 });
    expect(under.ask('batch-read', 'handoff', START)).toEqual({ granted: true });
    expect(under.ask('search', 'handoff', START + 250)).toEqual({ granted: true });
    expect(under.ask('search', 'handoff', START + 500)).toMatchObject({ granted: false, limit: 'daily' });
  });

  it('a refused request counts against nothing', () => {
    const under = budget({ ...burstOf(1), daily: { max: 10, reset: 'midnight' } });
    under.ask('batch-read', 'live', START);
    for (let n = 0; n < 20; n += 1) expect(under.ask('batch-read', 'live', START).granted).toBe(false);
    expect(under.standing(START)).toEqual([
      { limit: 'burst', allowed: 1, remaining: 0 },
      { limit: 'daily', allowed: 10, remaining: 9 },
    ]);
  });

  it("gives HubSpot's five searches a second four of ours, evenly spaced", () => {
    const under = budget({});
    const granted: number[] = [];
    for (let at = START; at < START + 10_000; at += 10) {
      if (under.ask('search', 'live', at).granted) granted.push(at);
    }
    expect(granted).toHaveLength(40);
  });

  it('knows no limits for a CRM that has none', () => {
    const under = budget({}, 'a-file');
    for (let n = 0; n < 1_000; n += 1) expect(under.ask('append', 'backfill', START).granted).toBe(true);
    expect(under.standing(START)).toEqual([]);
    expect(under.day(START)).toBeUndefined();
  });
});
