import { describe, expect, it } from '@jest/globals';
import { tenantIdSchema } from '../../src/domain/ids.ts';
import { createRateLimit } from '../../src/intake/rate-limit.ts';

const ACME = tenantIdSchema.parse('ten_acme');
const GLOBEX = tenantIdSchema.parse('ten_globex');
const START = new Date('2026-03-01T12:00:00Z');

function after(ms: number): Date {
  return new Date(START.getTime() + ms);
}

describe('the rate limit of a tenant', () => {
  it('lets a burst through and then says when there is room again', () => {
    const limit = createRateLimit({ ratePerSecond: 200, burst: 1_000 });
    const decisions = Array.from({ length: 1_001 }, () => limit.take(ACME, START));
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(1_000);
    expect(decisions.at(-1)).toEqual({ allowed: false, retryAfterSeconds: 1 });
  });

  it('lets the steady rate through for ever, and not more', () => {
    const limit = createRateLimit({ ratePerSecond: 10, burst: 5 });
    const allowed = Array.from({ length: 1_000 }, (_, index) => limit.take(ACME, after(index * 10))).filter(
      (decision) => decision.allowed,
    );
    // 10 s at 10/s and the burst at the start; the last refill falls beyond the end.
    expect(allowed.length).toBeGreaterThanOrEqual(103);
    expect(allowed.length).toBeLessThanOrEqual(105);
  });

  it('names a wait after which the event is let through', () => {
    const limit = createRateLimit({ ratePerSecond: 0.25, burst: 1 });
    limit.take(ACME, START);
    const refused = limit.take(ACME, START);
    expect(refused).toEqual({ allowed: false, retryAfterSeconds: 4 });
    expect(limit.take(ACME, after(3_900)).allowed).toBe(false);
    expect(limit.take(ACME, after(4_000)).allowed).toBe(true);
  });

  it('is not shared with another tenant', () => {
    const limit = createRateLimit({ ratePerSecond: 1, burst: 1 });
    limit.take(ACME, START);
    expect(limit.take(ACME, START).allowed).toBe(false);
    expect(limit.take(GLOBEX, START).allowed).toBe(true);
  });

  it('neither gives nor takes anything for a clock that is set back', () => {
    const limit = createRateLimit({ ratePerSecond: 1, burst: 1 });
    limit.take(ACME, START);
    expect(limit.take(ACME, after(-60_000)).allowed).toBe(false);
    expect(limit.take(ACME, after(-59_500)).allowed).toBe(false);
    expect(limit.take(ACME, after(-59_000)).allowed).toBe(true);
  });
});
