import type { WindowLimit } from './limits.ts';

/** What a window of the vendor stood at. Milliseconds since the epoch. */
export interface WindowReading {
  readonly allowed: number;
  readonly remaining: number;
  readonly readAt: number;
}

/**
 * Requests of the last stretch of time, our own and what the vendor says of others'. Has no clock: every method takes
 * `now`, in milliseconds since the epoch.
 */
export class RollingWindow {
  #max: number;
  readonly #windowMs: number;
  /** When each request left, ascending; none is older than the window. */
  #left: number[] = [];
  /** Requests of others that share the limit; they are taken for just made, since nobody says when they were. */
  #others = { count: 0, until: 0 };

  constructor({ max, windowMs }: WindowLimit) {
    this.#max = max;
    this.#windowMs = windowMs;
  }

  get max(): number {
    return this.#max;
  }

  used(now: number): number {
    this.#forget(now);
    return this.#left.length + this.#othersAt(now);
  }

  /** Notes that a request leaves. */
  take(now: number): void {
    this.#forget(now);
    this.#left.push(now);
  }

  /** Milliseconds until so many calls keep the use within `cap`; 0 when they do now. Never longer than the window. */
  waitMs(calls: number, cap: number, now: number): number {
    const tooMany = this.used(now) + Math.min(calls, cap) - cap;
    if (tooMany <= 0) return 0;
    const others = Array.from({ length: this.#othersAt(now) }, () => this.#others.until);
    const ends = [...this.#left.map((at) => at + this.#windowMs), ...others].toSorted((a, b) => a - b);
    return (ends[tooMany - 1] ?? now + this.#windowMs) - now;
  }

  /** Takes the vendor's word for how much is allowed, and for what others have used. */
  learn({ allowed, remaining, readAt }: WindowReading, now: number): void {
    if (allowed < 1) return;
    this.#max = allowed;
    const at = Math.min(readAt, now);
    const ours = this.#left.filter((left) => left <= at && left > at - this.#windowMs).length;
    this.#others = { count: Math.max(0, allowed - remaining - ours), until: at + this.#windowMs };
  }

  #othersAt(now: number): number {
    return now < this.#others.until ? this.#others.count : 0;
  }

  /** A clock that was set back must not stretch anybody's wait: what left in its future left just now. */
  #forget(now: number): void {
    if ((this.#left.at(-1) ?? now) > now) this.#left = this.#left.map((at) => Math.min(at, now));
    if (this.#others.until > now + this.#windowMs) this.#others = { ...this.#others, until: now + this.#windowMs };
    while ((this.#left[0] ?? now) <= now - this.#windowMs) this.#left.shift();
  }
}
