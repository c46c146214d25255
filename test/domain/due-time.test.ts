import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DUE_POLICY, dueAfterEvent, mergeDue, nextPoll, nextRetry, type Due } from '../../src/domain/due-time.ts';
import { KNOWN_EVENT_TYPES } from '../../src/domain/event.ts';
import { PRIORITY } from '../../src/domain/ledger.ts';

const instant = fc.integer({ min: 0, max: 4_102_444_800_000 }).map((ms) => new Date(ms));
const priority = fc.constantFrom(...Object.values(PRIORITY));
const due: fc.Arbitrary<Due> = fc.record({ dueAt: instant, priority });
const eventType = fc.constantFrom(...KNOWN_EVENT_TYPES);
const MINUTE = 60_000;

describe('when a row is due', () => {
  it('a completed, routed or handed-off conversation is due at once, a started call at its first poll', () => {
    fc.assert(
      fc.property(eventType, instant, (type, now) => {
        const { dueAt } = dueAfterEvent(type, now, DUE_POLICY);
        expect(dueAt.getTime() - now.getTime()).toBe(type === 'call.started' ? 15 * MINUTE : 0);
      }),
    );
  });

  it('only a handoff overtakes live traffic', () => {
    const now = new Date(0);
    for (const type of KNOWN_EVENT_TYPES) {
      const expected = type === 'handoff.requested' ? PRIORITY.handoff : PRIORITY.live;
      expect(dueAfterEvent(type, now, DUE_POLICY).priority).toBe(expected);
    }
  });

  it('merging never makes a row later or less urgent, and the order of events does not matter', () => {
    const row = (value: Due) => ({ state: 'due' as const, due: value });
    fc.assert(
      fc.property(due, due, due, (a, b, c) => {
        const merged = mergeDue(row(a), b);
        expect(merged.dueAt.getTime()).toBe(Math.min(a.dueAt.getTime(), b.dueAt.getTime()));
        expect(merged.priority).toBe(Math.min(a.priority, b.priority));
        expect(mergeDue(row(mergeDue(row(a), b)), c)).toEqual(mergeDue(row(mergeDue(row(c), b)), a));
      }),
    );
  });

  it('a row that waits for nothing takes what the event asks', () => {
    fc.assert(fc.property(due, (asked) => expect(mergeDue({ state: 'synced', due: undefined }, asked)).toEqual(asked)));
  });
});

describe('polls of a conversation that has not ended', () => {
  it('come at 15 minutes, 1, 4 and 24 hours after the first event, and then no more', () => {
    const start = new Date('2026-01-01T00:00:00Z');
    const polls: number[] = [];
    for (let at: Date | undefined = nextPoll(start, start, DUE_POLICY); at; at = nextPoll(start, at, DUE_POLICY)) {
      polls.push((at.getTime() - start.getTime()) / MINUTE);
    }
    expect(polls).toEqual([15, 60, 240, 1440]);
  });

  it('lie in the future whatever the clock says', () => {
    fc.assert(
      fc.property(instant, instant, (first, now) => {
        const poll = nextPoll(first, now, DUE_POLICY);
        expect(poll === undefined || poll > now).toBe(true);
      }),
    );
  });
});

describe('retries', () => {
  it('grow from the base to the cap and never shrink', () => {
    const now = new Date(0);
    const waits = Array.from({ length: 40 }, (_, attempts) =>
      nextRetry({ attempts, failingSince: now }, now, DUE_POLICY),
    );
    const ms = waits.map((at) => at?.getTime() ?? Number.NaN);
    expect(ms[0]).toBe(DUE_POLICY.retryBase);
    expect(ms.at(-1)).toBe(DUE_POLICY.retryCap);
    expect(ms).toEqual(ms.toSorted((a, b) => a - b));
  });

  it('end when a record has failed for longer than the policy allows, not before', () => {
    const since = new Date(0);
    const at = (ms: number) => nextRetry({ attempts: 3, failingSince: since }, new Date(ms), DUE_POLICY);
    expect(at(DUE_POLICY.giveUpAfter)).toBeDefined();
    expect(at(DUE_POLICY.giveUpAfter + 1)).toBeUndefined();
  });
});
