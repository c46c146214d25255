import { defaultLimits, type RateLimits } from './options.ts';

export interface RateLimiterSettings {
  readonly limits: RateLimits;
  readonly timeZone: string;
  readonly now: () => number;
}

/** Whether a request may pass, and the headers its answer carries either way. */
export type Admission =
  | { readonly ok: true; readonly headers: Readonly<Record<string, string>> }
  | {
      readonly ok: false;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Readonly<Record<string, string>>;
    };

export interface RateUsage {
  readonly limits: Required<RateLimits>;
  readonly usedToday: number;
  readonly usedInTenSeconds: number;
}

/** Requests of the last stretch of time: a rolling window. */
class RollingWindow {
  readonly #lengthMs: number;
  readonly #times: number[] = [];

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  used(now: number): number {
    while ((this.#times[0] ?? now) <= now - this.#lengthMs) this.#times.shift();
    return this.#times.length;
  }

  add(now: number): void {
    this.#times.push(now);
  }
}

const tenSeconds = 10_000;

/**
 * HubSpot's three limits: requests in ten seconds per app, searches in a second per account (exempt from the first),
 * requests in a day per account. Refused requests use up nothing. A batch is one request.
 */
export class RateLimiter {
  readonly #settings: () => RateLimiterSettings;
  readonly #perToken = new Map<string, RollingWindow>();
  #searches = new RollingWindow(1_000);
  #day = '';
  /** Hour the day was last worked out in: days begin on the hour, or close enough. */
  #hour = -1;
  #usedToday = 0;

  constructor(settings: () => RateLimiterSettings) {
    this.#settings = settings;
  }

  reset(): void {
    this.#perToken.clear();
    this.#searches = new RollingWindow(1_000);
    this.#usedToday = 0;
  }

  admit(token: string, isSearch: boolean): Admission {
    const { now } = this.#settings();
    const limits = this.#limits();
    const at = now();
    this.#startDay(at);
    const window = isSearch ? this.#searches : this.#windowOf(token);
    const max = isSearch ? limits.searchPerSecond : limits.perTenSeconds;
    const used = max === null ? 0 : window.used(at);
    const overDay = limits.perDay !== null && this.#usedToday >= limits.perDay;
    const overWindow = max !== null && used >= max;
    if (!overDay && !overWindow) {
      if (max !== null) window.add(at);
      this.#usedToday++;
    }
    // Search answers carry no rate-limit headers (HubSpot's usage guidelines).
    const headers = isSearch ? {} : this.#headers(max, overWindow || max === null ? used : used + 1);
    if (overDay) return { ok: false, headers, body: dailyBody };
    if (overWindow) return { ok: false, headers, body: isSearch ? searchBody : tenSecondsBody };
    return { ok: true, headers };
  }

  usage(): RateUsage {
    const at = this.#settings().now();
    this.#startDay(at);
    const busiest = [...this.#perToken.values()].map((window) => window.used(at));
    return { limits: this.#limits(), usedToday: this.#usedToday, usedInTenSeconds: Math.max(0, ...busiest) };
  }

  #limits(): Required<RateLimits> {
    return { ...defaultLimits, ...this.#settings().limits };
  }

  #windowOf(token: string): RollingWindow {
    let window = this.#perToken.get(token);
    if (window === undefined) this.#perToken.set(token, (window = new RollingWindow(tenSeconds)));
    return window;
  }

  #headers(max: number | null, used: number): Record<string, string> {
    const { perDay } = this.#limits();
    return {
      ...(max === null
        ? {}
        : {
            'X-HubSpot-RateLimit-Max': String(max),
            'X-HubSpot-RateLimit-Remaining': String(Math.max(0, max - used)),
            'X-HubSpot-RateLimit-Interval-Milliseconds': String(tenSeconds),
          }),
      ...(perDay === null
        ? {}
        : {
            'X-HubSpot-RateLimit-Daily': String(perDay),
            'X-HubSpot-RateLimit-Daily-Remaining': String(Math.max(0, perDay - this.#usedToday)),
          }),
    };
  }

  /** The daily count starts over at midnight in the account's time zone. */
  #startDay(at: number): void {
    const hour = Math.floor(at / 3_600_000);
    if (hour === this.#hour) return;
    this.#hour = hour;
    const day = new Date(at + zoneOffset(this.#settings().timeZone, at)).toISOString().slice(0, 10);
    if (day === this.#day) return;
    this.#day = day;
    this.#usedToday = 0;
  }
}

/** Bodies as recorded and reported: two of them carry `errorType`, the search one carries `category`. */
const tenSecondsBody = {
  status: 'error',
  message: 'You have reached your ten_secondly_rolling limit.',
  errorType: 'RATE_LIMIT',
  policyName: 'TEN_SECONDLY_ROLLING',
};

const dailyBody = {
  status: 'error',
  message: 'You have reached your daily limit.',
  errorType: 'RATE_LIMIT',
  policyName: 'DAILY',
};

const searchBody = { status: 'error', message: 'You have reached your secondly limit.', category: 'RATE_LIMITS' };

/** Milliseconds the zone is ahead of UTC at an instant. */
function zoneOffset(timeZone: string, at: number): number {
  const local = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
    hourCycle: 'h23',
  });
  return Date.parse(`${local.format(at).replace(', ', 'T')}Z`) - Math.floor(at / 1_000) * 1_000;
}
