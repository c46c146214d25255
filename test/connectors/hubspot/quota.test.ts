import { afterEach, describe, expect, it } from '@jest/globals';
import { createQuotaMemory } from '../../../connectors/hubspot/quota.ts';
import { connectAccount, type ConnectedAccount } from './connected-account.ts';

const NOW = Date.UTC(2026, 10, 24, 12);

let account: ConnectedAccount | undefined;

afterEach(() => account?.stop());

describe('what HubSpot said of its limits', () => {
  it('is what the latest answer said, after a refusal too', async () => {
    account = await connectAccount({
      connector: { now: () => NOW },
      sandbox: { limits: { perTenSeconds: 100, perDay: 1_000, searchPerSecond: null } },
    });
    const { connector, context, sandbox } = account;
    const [id = ''] = sandbox.seedRecords('contacts', [{ firstname: 'Ann' }]);
    const read = () => connector.readPeople([{ object: 'contacts', id }], [], context);
    await read();
    const [burst, daily] = connector.quota();
    expect(burst).toMatchObject({ limit: 'ten_secondly', allowed: 100, readAt: new Date(NOW) });
    await read();
    expect(connector.quota()).toMatchObject([
      { limit: 'ten_secondly', remaining: (burst?.remaining ?? 0) - 1 },
      { limit: 'daily', allowed: 1_000, remaining: (daily?.remaining ?? 0) - 1 },
    ]);
    sandbox.setOptions({ limits: { perTenSeconds: 0 } });
    await read();
    expect(connector.quota()).toMatchObject([{ limit: 'ten_secondly', allowed: 0, remaining: 0 }, { limit: 'daily' }]);
  });

  it('is nothing before the first answer, and for answers that do not say', () => {
    const quota = createQuotaMemory(() => NOW);
    expect(quota.readings()).toEqual([]);
    quota.note({ 'content-type': 'application/json' });
    quota.note({ 'x-hubspot-ratelimit-max': 'many', 'x-hubspot-ratelimit-remaining': '5' });
    quota.note({ 'x-hubspot-ratelimit-daily': '1000' });
    expect(quota.readings()).toEqual([]);
  });
});
