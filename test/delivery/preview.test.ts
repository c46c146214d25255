import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NO_LIMITS } from '../../connectors/budget/limits.ts';
import { startHubSpotSandbox, type HubSpotSandbox } from '../../sandbox/hubspot/index.ts';
import { uncheckedCode } from '../../src/admin/services/plan-effect.ts';
import { DELIVERY_POLICY } from '../../src/delivery/policy.ts';
import { DirectDelivery } from '../support/direct-delivery.ts';
import { openPreviewing, type Previewing } from '../support/previewing.ts';
import { call, completed } from '../support/scenario-data.ts';

const TOKEN = 'hubspot-token-of-the-preview-test';
const DAILY = 1_000;

describe('a preview and the limits of the CRM', () => {
  let hubspot: HubSpotSandbox;
  let delivery: DirectDelivery;
  let previewing: Previewing;

  beforeEach(async () => {
    hubspot = await startHubSpotSandbox({ accessTokens: [{ token: TOKEN }] });
    const limits = { ...NO_LIMITS, daily: { max: DAILY, reset: 'midnight' as const } };
    delivery = await DirectDelivery.open({
      connection: { crm: 'hubspot', baseUrl: hubspot.url, credentials: { accessToken: { env: 'TOKEN' } } },
      token: TOKEN,
      policy: { budget: { ...DELIVERY_POLICY.budget, limits } },
    });
    delivery.personaDesk.addConversations([call('conv_1', '+15551230001')]);
    await delivery.hear(completed('conv_1', '+15551230001'));
  });
  afterEach(async () => {
    await previewing.close();
    await delivery.close();
    await hubspot.close();
  });

  /** So many of today's calls have been made already, as the count in the store says. */
  async function spend(calls: number): Promise<void> {
    const now = delivery.now();
    // The tenant's zone is UTC.
    const day = now.toISOString().slice(0, 10);
    const resetsAt = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000);
    await delivery.store.budget.add({
      connectionId: delivery.connectionId,
      day: { day, resetsAt, allowed: DAILY, used: calls },
      calls: { handoff: 0, live: calls, retry: 0, backfill: 0 },
      now,
    });
    previewing = await openPreviewing(delivery);
  }

  async function callsToday() {
    const [today] = await delivery.store.budget.today(delivery.now());
    return today?.calls;
  }

  it('its calls are counted, as the least urgent class', async () => {
    await spend(10);
    const { calls, conversations } = await previewing.preview(['conv_1']);
    expect(conversations.map(uncheckedCode)).toEqual([undefined]);
    expect(calls).toBe(hubspot.requestLog().length);
    expect(await callsToday()).toEqual({ handoff: 0, live: 10, retry: 0, backfill: calls });
  });

  it('where the share of backfills is used up, they leave as the next class that there is room for', async () => {
    await spend(0.7 * DAILY);
    const { calls, conversations } = await previewing.preview(['conv_1']);
    expect(conversations.map(uncheckedCode)).toEqual([undefined]);
    expect(await callsToday()).toMatchObject({ retry: calls, backfill: 0 });
  });

  it('what is left for handoffs is not touched: the conversation could not be checked', async () => {
    await spend(0.96 * DAILY);
    const { calls, conversations } = await previewing.preview(['conv_1']);
    expect(calls).toBe(0);
    expect(conversations.map(uncheckedCode)).toEqual(['budget.daily']);
    expect(hubspot.requestLog()).toEqual([]);
    expect(await callsToday()).toMatchObject({ handoff: 0 });
  });
});
