import type { QuotaReading } from '../../src/domain/crm.ts';

/** What `Sforce-Limit-Info` last said: calls of the last 24 hours, of the whole org, whoever made them. */
export interface LimitInfo {
  /** Takes in the header of one answer. */
  note(headers: Readonly<Record<string, string>>): void;
  readings(): readonly QuotaReading[];
  dailyLimitReached(): boolean;
}

/** @param now milliseconds since the epoch */
export function createLimitInfo(now: () => number): LimitInfo {
  let latest: QuotaReading | undefined;
  return {
    note: (headers) => {
      // `api-usage=18/5000`, followed by the share of a connected app where one has a limit of its own.
      const match = /\bapi-usage=(\d+)\/(\d+)/.exec(headers['sforce-limit-info'] ?? '');
      if (match === null) return;
      const [used, allowed] = [Number(match[1]), Number(match[2])];
      latest = { limit: 'daily', allowed, remaining: Math.max(0, allowed - used), readAt: new Date(now()) };
    },
    readings: () => (latest === undefined ? [] : [latest]),
    dailyLimitReached: () => latest?.remaining === 0,
  };
}
