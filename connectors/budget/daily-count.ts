import type { CalendarDay, DayTeller } from './calendar-day.ts';
import type { DailyLimit } from './limits.ts';
import type { WindowReading } from './window.ts';

/** How long an exhausted rolling limit is left alone before it is asked again: it frees a little every hour. */
const PROBE_MS = 15 * 60_000;

/**
 * Requests of the day: our own count, corrected by what the vendor says, because others spend from the same limit. Has
 * no clock: every method takes `now`, in milliseconds since the epoch.
 */
export class DailyCount {
  readonly #limit: DailyLimit;
  readonly #dayAt: DayTeller;
  #max: number;
  #day: CalendarDay | undefined;
  #own = 0;
  /** What the vendor last said was used, and our calls since. */
  #said: { readonly used: number; readonly readAt: number; since: number } | undefined;

  constructor(limit: DailyLimit, dayAt: DayTeller) {
    this.#limit = limit;
    this.#dayAt = dayAt;
    this.#max = limit.max;
  }

  get max(): number {
    return this.#max;
  }

  /** The day that counts at present. */
  day(now: number): CalendarDay {
    const current = this.#day;
    if (current !== undefined && now < current.endsAt) return current;
    const today = this.#dayAt(now);
    if (today.name !== current?.name) {
      this.#own = 0;
      if (this.#limit.reset === 'midnight') this.#said = undefined;
    }
    this.#day = today;
    return today;
  }

  /** Begins with what was counted before, by an earlier run or another process. */
  resume(dayName: string, calls: number, now: number): void {
    if (this.day(now).name === dayName) this.#own = Math.max(this.#own, calls);
  }

  used(now: number): number {
    this.day(now);
    const said = this.#said;
    if (said === undefined) return this.#own;
    const total = said.used + said.since;
    // A rolling limit that was exhausted has freed something since; nobody but the vendor knows how much.
    if (this.#limit.reset === 'rolling') return total >= this.#max && now >= said.readAt + PROBE_MS ? 0 : total;
    return Math.max(this.#own, total);
  }

  take(now: number): void {
    this.day(now);
    this.#own += 1;
    if (this.#said !== undefined) this.#said.since += 1;
  }

  /** Milliseconds until so many calls keep the use within `cap`; 0 when they do now. Never longer than the day. */
  waitMs(calls: number, cap: number, now: number): number {
    if (this.used(now) + Math.min(calls, cap) <= cap) return 0;
    const untilReset = this.day(now).endsAt - now;
    return this.#limit.reset === 'rolling' ? Math.min(PROBE_MS, untilReset) : untilReset;
  }

  /** Takes the vendor's word for how much is allowed and used. A reading of yesterday says nothing of today. */
  learn({ allowed, remaining, readAt }: WindowReading, now: number): void {
    if (allowed < 1 || readAt === this.#said?.readAt) return;
    if (this.#limit.reset === 'midnight' && this.#dayAt(readAt).name !== this.day(now).name) return;
    this.#max = allowed;
    this.#said = { used: Math.max(0, allowed - remaining), readAt, since: 0 };
  }
}
