import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RequestGate } from '../../../connectors/budget/gate.ts';
import type { CrmFailure } from '../../../src/domain/crm.ts';
import { connectAccount, type ConnectedAccount } from '../hubspot/connected-account.ts';

const REFUSAL: CrmFailure = {
  disposition: 'throttle',
  code: 'budget.burst',
  status: undefined,
  retryAfterMs: 4_000,
  field: undefined,
  vendorText: undefined,
};
const signal = new AbortController().signal;

describe('requests to HubSpot', () => {
  let account: ConnectedAccount;
  beforeAll(async () => {
    account = await connectAccount({ provisioned: false });
  });
  afterAll(() => account.stop());

  /** Writes one task on a connector of its own, and says what went over the wire. */
  async function writeTask(gate: RequestGate) {
    const connector = account.connect();
    const before = account.sandbox.requestLog().length;
    const provisioned = await connector.provision({ signal, gate, trafficClass: 'handoff' });
    const write = { key: 'acme/conv_1', fields: { hs_timestamp: '2026-03-02T10:00:00Z' }, person: undefined };
    const written = await connector.upsertTasks([write], { signal, gate, trafficClass: 'handoff' });
    return { provisioned, written, sent: account.sandbox.requestLog().length - before };
  }

  it('are not sent while the budget refuses them; the refusal is the result of all they were for', async () => {
    const { provisioned, written, sent } = await writeTask({ leave: () => Promise.resolve(REFUSAL) });
    expect(sent).toBe(0);
    expect(provisioned).toEqual({ kind: 'failed', failure: REFUSAL });
    expect(written).toEqual([{ kind: 'refused', failure: REFUSAL }]);
  });

  it('each ask once, with the class of their batch', async () => {
    const asked: (string | undefined)[] = [];
    const { written, sent } = await writeTask({
      leave: (_endpoint, { trafficClass }) => {
        asked.push(trafficClass);
        return Promise.resolve(undefined);
      },
    });
    expect(written).toMatchObject([{ kind: 'written' }]);
    expect(asked).toEqual(Array.from({ length: sent }, () => 'handoff'));
    expect(sent).toBeGreaterThan(0);
  });
});
