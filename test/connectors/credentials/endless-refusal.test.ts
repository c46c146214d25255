import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openCrmAccount, type CrmAccount } from '../../../src/runtime/crm-account.ts';
import { openAuthorizeStage, type AuthorizeStage } from '../../admin/authorize-stage.ts';
import { createHttpTransport, type HttpTransport } from '../../../connectors/transport/http-transport.ts';
import { at, NOW } from '../../store/open-test-store.ts';

let stage: AuthorizeStage;
let transport: HttpTransport;

beforeAll(async () => {
  stage = await openAuthorizeStage();
  transport = createHttpTransport();
});
afterAll(async () => {
  await transport.close();
  await stage.close();
});
beforeEach(async () => {
  stage.opened.clock.now = NOW;
  await stage.opened.sql('truncate tokens, authorizations, connections');
});

const context = { signal: new AbortController().signal };

async function account(): Promise<CrmAccount> {
  const { store, clock } = stage.opened;
  return openCrmAccount(await stage.connection(), { store, transport, now: () => clock.now });
}

describe.each(['hubspot', 'salesforce'] as const)('an access token of %s that is refused', (crm) => {
  beforeEach(async () => {
    stage[crm].reset();
    await stage.configure(crm);
    await stage.open((await stage.begin()).url);
  });

  it('for ever, though it is renewed: one renewal, then a person must act', async () => {
    stage[crm].injectFault({
      match: { path: '^/(crm|services/data)' },
      times: 1_000,
      fault: { kind: 'status', status: 401, body: [{ errorCode: 'INVALID_SESSION_ID' }] },
    });
    const crmAccount = await account();
    const after: string[] = [];
    for (let batch = 0; batch < 3; batch += 1) {
      const provisioned = await crmAccount.connector.provision(context);
      expect(provisioned).toMatchObject({ kind: 'failed', failure: { disposition: 'reconnect' } });
      after.push(await crmAccount.afterRefusal());
    }
    await crmAccount.close();
    expect(after).toEqual(['renewed', 'broken', 'broken']);
    // The sign-in and the one renewal.
    expect(stage[crm].requestCounts().token).toBe(2);
  });

  it('now and then: each renewal goes on with the refresh token of the one before', async () => {
    stage[crm].setOptions({ refreshTokenRotation: true });
    const crmAccount = await account();
    for (let round = 1; round <= 3; round += 1) {
      expect(await crmAccount.connector.provision(context)).not.toMatchObject({
        failure: { disposition: 'reconnect' },
      });
      stage[crm].revokeToken(await stage.accessToken());
      stage.opened.clock.now = at(round * 90);
      expect(await crmAccount.connector.check(context)).not.toEqual([]);
      expect(await crmAccount.afterRefusal()).toBe('renewed');
    }
    expect(await crmAccount.connector.provision(context)).toMatchObject({ kind: 'ready' });
    await crmAccount.close();
  });
});
