import type { QuotaReading } from '../../src/domain/crm.ts';

/** What HubSpot last said of its limits. */
export interface QuotaMemory {
  /** @param headers of any answer, names in lower case; an answer that says nothing of limits changes nothing. */
  note(headers: Readonly<Record<string, string>>): void;
  readings(): readonly QuotaReading[];
}

/**
 * HubSpot's usage guidelines: the burst limit is counted over ten seconds and stands on every answer but those of
 * searches; the daily one is not sent to OAuth apps.
 */
const LIMITS = [
  { limit: 'ten_secondly', allowed: 'x-hubspot-ratelimit-max', remaining: 'x-hubspot-ratelimit-remaining' },
  { limit: 'daily', allowed: 'x-hubspot-ratelimit-daily', remaining: 'x-hubspot-ratelimit-daily-remaining' },
] as const;

/** @param now milliseconds since the epoch */
export function createQuotaMemory(now: () => number): QuotaMemory {
  const latest = new Map<string, QuotaReading>();
  return {
    note: (headers) => {
      for (const { limit, allowed, remaining } of LIMITS) {
        const [most, left] = [countOf(headers[allowed]), countOf(headers[remaining])];
        if (most === undefined || left === undefined) continue;
        latest.set(limit, { limit, allowed: most, remaining: left, readAt: new Date(now()) });
      }
    },
    readings: () => [...latest.values()],
  };
}

function countOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}
