import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import type { AccessTokens } from '../../../connectors/credentials/access-tokens.ts';
import { createHttpTransport, type HttpTransport } from '../../../connectors/transport/http-transport.ts';
import { startSalesforceSandbox, type SalesforceSandbox } from '../../../sandbox/salesforce/index.ts';
import { MASTER_KEY, openTestStore, type TestStore } from '../../store/open-test-store.ts';
import { openStore, type Store } from '../../../src/store/store.ts';
import { openCredentials } from './open-credentials.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const USER = '005000000000101AAA';

let test: TestStore;
let transport: HttpTransport;
let salesforce: SalesforceSandbox;
let serial = 0;
const opened: Store[] = [];

beforeAll(async () => {
  test = await openTestStore();
  transport = createHttpTransport();
});
afterAll(async () => {
  await transport.close();
  await test.close();
});
beforeEach(async () => {
  serial += 1;
  salesforce = await startSalesforceSandbox({
    users: [
      {
        id: USER,
        username: 'sync@acme.example',
        email: 'sync@acme.example',
        firstName: 'CRM',
        lastName: 'Sync',
        isActive: true,
      },
    ],
    integrationUserId: USER,
    connectedApps: [
      {
        clientId: 'our-app',
        clientSecret: 'client-secret',
        runAs: USER,
        certificate: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
        refreshTokens: [{ token: 'configured', userId: USER }],
      },
    ],
  });
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
  await salesforce.close();
});

/** One process more, on the same database. */
function aProcess(credentials: object): AccessTokens {
  const store = openStore({
    databaseUrl: test.url,
    masterKeys: { current: MASTER_KEY, previous: [] },
    poolSize: 3,
  });
  opened.push(store);
  return openCredentials({
    access: { crm: 'salesforce', baseUrl: salesforce.url, credentials },
    connectionId: `sandbox-${serial}`,
    secrets: {
      SECRET: 'client-secret',
      REFRESH: 'configured',
      KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    },
    tokens: store.tokens,
    transport,
    now: () => new Date(),
  });
}

const clientSecret = { env: 'SECRET' };
const oauth = { oauth: { clientId: 'our-app', clientSecret, refreshToken: { env: 'REFRESH' } } };
const WAYS = {
  'client credentials': { clientCredentials: { clientId: 'our-app', clientSecret } },
  'a JWT assertion': { jwt: { clientId: 'our-app', username: 'sync@acme.example', privateKey: { env: 'KEY' } } },
  'a refresh token': oauth,
};

async function statusWith(token: string): Promise<number> {
  const answer = await fetch(`${salesforce.url}/services/data/v67.0/limits`, {
    headers: { authorization: `Bearer ${token}` },
  });
  await answer.arrayBuffer();
  return answer.status;
}

describe('signing in to Salesforce', () => {
  it.each(Object.entries(WAYS))(
    '%s gives a token that the org takes, and another one after a refusal',
    async (_, way) => {
      const tokens = aProcess(way);
      const first = await tokens.accessToken();
      expect(await statusWith(first)).toBe(200);
      salesforce.revokeToken(first);
      expect(await statusWith(first)).toBe(401);
      expect(await tokens.refused(first)).toBe('renewed');
      expect(await statusWith(await tokens.accessToken())).toBe(200);
    },
  );

  it('with rotation, processes that renew again and again at the same moment stay signed in', async () => {
    const processes = [aProcess(oauth), aProcess(oauth), aProcess(oauth)];
    for (let round = 0; round < 4; round += 1) {
      const tokens = new Set(await Promise.all(processes.map((process) => process.accessToken())));
      expect([round, tokens.size]).toEqual([round, 1]);
      const [token = ''] = tokens;
      expect(await statusWith(token)).toBe(200);
      // Made anew: to the others the token is itself the answer to a refusal, and new.
      salesforce.revokeToken(token);
      const fresh = [aProcess(oauth), aProcess(oauth), aProcess(oauth)];
      await Promise.all(fresh.map((process) => process.accessToken()));
      expect(await Promise.all(fresh.map((process) => process.refused(token)))).toEqual([
        'renewed',
        'renewed',
        'renewed',
      ]);
      processes.splice(0, processes.length, ...fresh);
    }
  });
});
