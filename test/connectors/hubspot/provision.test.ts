import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ApiVersion } from '../../../connectors/hubspot/api.ts';
import { createProperty } from './create-property.ts';
import { API_VERSIONS, connectAccount, type AccountOptions, type ConnectedAccount } from './connected-account.ts';

let apiVersion: ApiVersion;

const accounts: ConnectedAccount[] = [];

afterEach(async () => {
  for (const account of accounts.splice(0)) await account.stop();
});

/** All that writing needs, and nothing that makes properties. */
const WRITER = ['crm.objects.contacts.read', 'crm.objects.contacts.write'];

const OURS = [
  'contacts.personadesk_person_key',
  'calls.personadesk_conversation_key',
  'communications.personadesk_conversation_key',
  'notes.personadesk_conversation_key',
  'tasks.personadesk_task_key',
];

describe.each(API_VERSIONS)('HubSpot API %s', (version) => {
  beforeEach(() => {
    apiVersion = version;
  });

  describe('provisioning a HubSpot account', () => {
    it('makes the five unique properties once, and asks nothing when it is done', async () => {
      const { connector, context, requests } = await bareAccount();
      expect(await connector.provision(context)).toEqual({ kind: 'ready', created: OURS });
      requests.length = 0;
      expect(await connector.provision(context)).toEqual({ kind: 'ready', created: [] });
      expect(requests).toEqual([]);
    });

    it('takes the properties that are there, and changes nothing', async () => {
      const { connector, connect, context, sandbox } = await bareAccount();
      await connector.provision(context);
      const before = sandbox.requestCounts()['properties write'];
      expect(await connect().provision(context)).toEqual({ kind: 'ready', created: [] });
      expect(sandbox.requestCounts()['properties write']).toBe(before);
    });

    it('where nothing may change, says what it would make, and the next one makes it', async () => {
      const { connector, context, sandbox } = await bareAccount();
      const looking = { ...context, looksOnly: true };
      expect(await connector.provision(looking)).toEqual({ kind: 'ready', created: [], missing: OURS });
      expect(sandbox.requestCounts()['properties write']).toBe(0);
      expect(await connector.provision(context)).toEqual({ kind: 'ready', created: OURS });
      expect(await connector.provision(looking)).toEqual({ kind: 'ready', created: [] });
    });

    it('two at once both end with a ready account', async () => {
      const { connect, context } = await bareAccount({ sandbox: { latencyMs: 5 } });
      const outcomes = await Promise.all([connect().provision(context), connect().provision(context)]);
      expect(outcomes.map(({ kind }) => kind)).toEqual(['ready', 'ready']);
    });

    it('refuses a property of our name that is not unique: upserts by it would fail one by one', async () => {
      const { connector, context, sandbox } = await bareAccount();
      await createProperty(sandbox.url, 'calls', 'personadesk_conversation_key', false);
      expect(await connector.provision(context)).toMatchObject({
        kind: 'failed',
        failure: {
          disposition: 'fix_mapping',
          code: 'hubspot.PROPERTY_NOT_UNIQUE',
          field: 'personadesk_conversation_key',
        },
      });
    });

    it('is not remembered when it failed', async () => {
      const { connector, context, sandbox } = await bareAccount();
      sandbox.injectFault({
        match: { method: 'POST', path: '/crm/properties' },
        fault: { kind: 'status', status: 503 },
      });
      expect(await connector.provision(context)).toMatchObject({ kind: 'failed', failure: { disposition: 'retry' } });
      expect(await connector.provision(context)).toMatchObject({ kind: 'ready' });
    });

    it.each([
      ['supports no unique properties on activities', { uniquePropertiesOnActivities: false }, OURS.slice(0, 1)],
      ['lets us create no properties', { accessTokens: [{ token: 'sandbox-hubspot-token', scopes: WRITER }] }, []],
    ])('is ready without them where the account %s', async (_, sandbox, created) => {
      const { connector, context } = await bareAccount({ sandbox });
      expect(await connector.provision(context)).toEqual({ kind: 'ready', created });
    });

    it('is ready without the property of an object that has ten unique ones already', async () => {
      const { connector, context, sandbox } = await bareAccount();
      for (let index = 0; index < 10; index += 1) await createProperty(sandbox.url, 'notes', `unique_${index}`, true);
      const created = OURS.filter((name) => !name.startsWith('notes'));
      expect(await connector.provision(context)).toEqual({ kind: 'ready', created });
    });

    it('stops the connection when not even definitions may be read', async () => {
      const { connector, context } = await bareAccount({
        sandbox: { accessTokens: [{ token: 'sandbox-hubspot-token', scopes: ['crm.objects.owners.read'] }] },
      });
      expect(await connector.provision(context)).toMatchObject({
        kind: 'failed',
        failure: { disposition: 'reconnect', code: 'hubspot.MISSING_SCOPES', status: 403 },
      });
    });
  });
});

async function bareAccount(options: AccountOptions = {}): Promise<ConnectedAccount> {
  const account = await connectAccount({
    ...options,
    connector: { apiVersion, ...options.connector },
    provisioned: false,
  });
  accounts.push(account);
  return account;
}
