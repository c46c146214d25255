import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RollingWindow } from '../../../connectors/budget/window.ts';

const START = Date.parse('2026-03-02T09:00:00Z');

describe('a rolling window', () => {
  it('never lets more than its limit leave in any stretch of its length', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 2_000 }), gaps, (max, windowMs, waits) => {
        const window = new RollingWindow({ max, windowMs });
        const left: number[] = [];
        let now = START;
        for (const wait of waits) {
          now += wait;
          if (window.waitMs(1, max, now) > 0) continue;
          window.take(now);
          left.push(now);
        }
        for (const at of left) {
          expect(left.filter((other) => other >= at && other < at + windowMs).length).toBeLessThanOrEqual(max);
        }
      }),
    );
  });

  it('has room after exactly the wait that it names, not before, and names none that is longer than itself', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 999 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 8 }),
        (offsets, calls) => {
          const window = new RollingWindow({ max: 8, windowMs: 1_000 });
          for (const offset of offsets.toSorted((a, b) => a - b)) window.take(START + offset);
          const now = START + 1_000 - 1;
          const waitMs = window.waitMs(calls, 8, now);
          expect(waitMs).toBeLessThanOrEqual(1_000);
          if (waitMs > 0) expect(window.used(now + waitMs - 1) + calls).toBeGreaterThan(8);
          expect(window.used(now + waitMs) + calls).toBeLessThanOrEqual(8);
        },
      ),
    );
  });

  it('takes the vendor at its word: how much is allowed, and what others have used', () => {
    const window = new RollingWindow({ max: 190, windowMs: 10_000 });
    for (let n = 0; n < 10; n += 1) window.take(START);
    window.learn({ allowed: 100, remaining: 60, readAt: START + 100 }, START + 200);
    expect(window.max).toBe(100);
    expect(window.used(START + 200)).toBe(40);
    // Our ten leave the window after ten seconds, what others did ten seconds after we were told.
    expect(window.used(START + 10_000)).toBe(30);
    expect(window.used(START + 10_100)).toBe(0);
  });

  it('counts nobody else when the vendor has seen less of us than left', () => {
    const window = new RollingWindow({ max: 100, windowMs: 10_000 });
    for (let n = 0; n < 10; n += 1) window.take(START);
    window.learn({ allowed: 100, remaining: 95, readAt: START }, START);
    expect(window.used(START)).toBe(10);
  });

  it('a clock that is set back makes nobody wait longer than the window', () => {
    const window = new RollingWindow({ max: 1, windowMs: 1_000 });
    window.take(START);
    window.learn({ allowed: 1, remaining: 0, readAt: START }, START);
    const earlier = START - 3_600_000;
    expect(window.waitMs(1, 1, earlier)).toBeLessThanOrEqual(1_000);
    expect(window.waitMs(1, 1, earlier + 1_000)).toBe(0);
  });
});
