import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { deliveryEvents } from '../../src/runtime/delivery-metrics.ts';
import { createLogger } from '../../src/runtime/logger.ts';

describe('the metrics of the delivery', () => {
  it('say what a connection cost, by class and per conversation, and what is left of its limits', async () => {
    const registry = new Registry();
    const events = deliveryEvents(registry, createLogger({ level: 'silent', process: 'worker' }));
    const batch = { connectionId: 'acme-hubspot', conversations: 100 };
    const limits = (remaining: number) => [{ limit: 'daily' as const, allowed: 1_000, remaining }];
    events.spent({ ...batch, trafficClass: 'live', calls: 5, limits: limits(995) });
    events.spent({ ...batch, trafficClass: 'handoff', calls: 7, limits: limits(988) });
    const text = await registry.metrics();
    expect(text).toContain('crm_sync_crm_calls_total{connection="acme-hubspot",class="live"} 5');
    expect(text).toContain('crm_sync_crm_calls_total{connection="acme-hubspot",class="handoff"} 7');
    expect(text).toContain('crm_sync_budget_remaining{connection="acme-hubspot",limit="daily"} 988');
    expect(text).toContain('crm_sync_crm_calls_per_conversation_sum{connection="acme-hubspot"} 0.12');
    expect(text).toContain('crm_sync_crm_calls_per_conversation_count{connection="acme-hubspot"} 2');
  });

  it('count refusals by a code that nobody has listed', async () => {
    const registry = new Registry();
    const events = deliveryEvents(registry, createLogger({ level: 'silent', process: 'worker' }));
    events.unlisted({ crm: 'hubspot', code: 'hubspot.SOMETHING_NEW' });
    events.unlisted({ crm: 'hubspot', code: 'hubspot.SOMETHING_NEW' });
    expect(await registry.metrics()).toContain(
      'crm_sync_unlisted_codes_total{crm="hubspot",code="hubspot.SOMETHING_NEW"} 2',
    );
  });
});
