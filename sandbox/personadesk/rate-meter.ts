import type { Behaviour } from './behaviour.ts';
import { refusal, type Answer } from './responses.ts';

/** Counts requests per API key in fixed windows. */
export interface RateMeter {
  /** A 429 when this request is one too many, else nothing. */
  admit(apiKey: string, limit: Behaviour['rateLimit']): Answer | undefined;
  clear(): void;
}

function retryAfterHeader(form: 'seconds' | 'date' | 'none', now: number, reopensAt: number): Record<string, string> {
  switch (form) {
    case 'seconds':
      return { 'retry-after': String(Math.max(1, Math.ceil((reopensAt - now) / 1000))) };
    case 'date':
      return { 'retry-after': new Date(Math.ceil(reopensAt / 1000) * 1000).toUTCString() };
    case 'none':
      return {};
  }
}

export function createRateMeter(clock: () => number): RateMeter {
  const windows = new Map<string, { startedAt: number; used: number }>();
  return {
    admit: (apiKey, limit) => {
      if (limit === null) return undefined;
      const now = clock();
      const known = windows.get(apiKey);
      const current = known !== undefined && now - known.startedAt < limit.perMs ? known : { startedAt: now, used: 0 };
      windows.set(apiKey, current);
      if (current.used < limit.requests) {
        current.used += 1;
        return undefined;
      }
      const headers = retryAfterHeader(limit.retryAfter, now, current.startedAt + limit.perMs);
      return { ...refusal(429, 'too_many_requests', 'Too many requests; slow down and retry later.'), headers };
    },
    clear: () => windows.clear(),
  };
}
