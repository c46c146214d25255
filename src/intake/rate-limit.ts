import type { TenantId } from '../domain/ids.ts';

type RateDecision = { readonly allowed: true } | { readonly allowed: false; readonly retryAfterSeconds: number };

export interface RateLimit {
  /** Takes one event off the tenant's bucket, or says when there will be room again. */
  take(tenantId: TenantId, now: Date): RateDecision;
}

/**
 * A token bucket per tenant, in this process. It is asked after verification, so that a stranger who knows the URL cannot
 * use up a tenant's rate, and so that there are never more buckets than tenants.
 */
export function createRateLimit(options: { readonly ratePerSecond: number; readonly burst: number }): RateLimit {
  const buckets = new Map<TenantId, { tokens: number; at: number }>();
  return {
    take(tenantId, now) {
      const at = now.getTime();
      const bucket = buckets.get(tenantId) ?? { tokens: options.burst, at };
      // A clock that was set back refills nothing.
      const refill = (Math.max(0, at - bucket.at) / 1_000) * options.ratePerSecond;
      const tokens = Math.min(options.burst, bucket.tokens + refill);
      const allowed = tokens >= 1;
      buckets.set(tenantId, { tokens: allowed ? tokens - 1 : tokens, at });
      if (allowed) return { allowed };
      return { allowed, retryAfterSeconds: Math.max(1, Math.ceil((1 - tokens) / options.ratePerSecond)) };
    },
  };
}
