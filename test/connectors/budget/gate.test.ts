import { describe, expect, it } from '@jest/globals';
import { Budget } from '../../../connectors/budget/budget.ts';
import { daysIn } from '../../../connectors/budget/calendar-day.ts';
import { createGate, isBudgetRefusal } from '../../../connectors/budget/gate.ts';
import { BUDGET_POLICY, budgetOf, type CrmLimits } from '../../../connectors/budget/limits.ts';

const NOTHING = { handoff: 0, live: 0, retry: 0, backfill: 0 };

function gateWith(limits: CrmLimits, waitOutMs = 300) {
  const budget = new Budget({
    ...budgetOf('hubspot', { limits: { burst: undefined, search: undefined, daily: undefined, ...limits } }),
    shares: BUDGET_POLICY.shares,
    dayAt: daysIn('UTC'),
  });
  return createGate({ budget, waitOutMs, now: Date.now });
}

const calling = (signal = new AbortController().signal) => ({ signal, trafficClass: 'live' as const });

describe('the gate that requests leave through', () => {
  it('paces searches: each waits for its turn, and none is refused for a short wait', async () => {
    const gate = gateWith({ search: { max: 1, windowMs: 60 } });
    const left: number[] = [];
    const refusals = await Promise.all(
      [1, 2, 3, 4].map(async () => {
        const refusal = await gate.leave('search', calling());
        left.push(Date.now());
        return refusal;
      }),
    );
    expect(refusals).toEqual([undefined, undefined, undefined, undefined]);
    // Timers may be a millisecond early.
    for (let n = 1; n < left.length; n += 1) expect((left[n] ?? 0) - (left[n - 1] ?? 0)).toBeGreaterThanOrEqual(59);
  });

  it('refuses at once what would have to wait for long, naming the limit and the wait', async () => {
    const gate = gateWith({ burst: { max: 1, windowMs: 10_000 } });
    expect(await gate.leave('batch-upsert', calling())).toBeUndefined();
    const refusal = await gate.leave('batch-upsert', calling());
    expect(refusal).toMatchObject({ disposition: 'throttle', code: 'budget.burst', status: undefined });
    expect(refusal?.retryAfterMs).toBeGreaterThan(9_000);
    expect(refusal !== undefined && isBudgetRefusal(refusal)).toBe(true);
    expect(isBudgetRefusal({ code: 'hubspot.TEN_SECONDLY_ROLLING' })).toBe(false);
  });

  it('lets nobody wait longer than his batch has time, and counts only what left', async () => {
    const gate = gateWith({ search: { max: 1, windowMs: 60_000 } }, 120_000);
    await gate.leave('search', calling());
    const batch = new AbortController();
    const waiting = gate.leave('search', calling(batch.signal));
    batch.abort();
    expect(await waiting).toBeUndefined();
    expect(await gate.leave('search', calling(batch.signal))).toBeUndefined();
    expect(gate.takeCounts()).toEqual({ ...NOTHING, live: 1 });
  });

  it('counts calls by class, and each once', async () => {
    const gate = gateWith({});
    const { signal } = new AbortController();
    await gate.leave('search', { signal, trafficClass: 'handoff' });
    await gate.leave('batch-read', { signal, trafficClass: 'backfill' });
    await gate.leave('batch-read', { signal });
    expect(gate.takeCounts()).toEqual({ ...NOTHING, handoff: 1, live: 1, backfill: 1 });
    expect(gate.takeCounts()).toEqual(NOTHING);
  });
});
