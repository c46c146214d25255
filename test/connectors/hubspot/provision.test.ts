import { afterEach, describe, expect, it } from '@jest/globals';
import { connectAccount, type AccountOptions, type ConnectedAccount } from './connected-account.ts';

const accounts: ConnectedAccount[] = [];

afterEach(async () => {
  for (const account of accounts.splice(0)) await account.stop();
});

const OURS = [
  'contacts.personadesk_person_key',
  'calls.personadesk_conversation_key',
  'communications.personadesk_conversation_key',
  'notes.personadesk_conversation_key',
  'tasks.personadesk_task_key',
];

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

  it('two at once both end with a ready account', async () => {
    const { connect, context } = await bareAccount({ sandbox: { latencyMs: 5 } });
    const outcomes = await Promise.all([connect().provision(context), connect().provision(context)]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['ready', 'ready']);
  });

  it('refuses a property of our name that is not unique: upserts by it would fail one by one', async () => {
    const { connector, context, sandbox } = await bareAccount();
    await createPlainProperty(sandbox.url, 'calls', 'personadesk_conversation_key');
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
    sandbox.injectFault({ match: { method: 'POST', path: '/crm/properties' }, fault: { kind: 'status', status: 503 } });
    expect(await connector.provision(context)).toMatchObject({ kind: 'failed', failure: { disposition: 'retry' } });
    expect(await connector.provision(context)).toMatchObject({ kind: 'ready' });
  });

  it('names the property that the account refuses', async () => {
    const { connector, context } = await bareAccount({ sandbox: { uniquePropertiesOnActivities: false } });
    expect(await connector.provision(context)).toMatchObject({
      kind: 'failed',
      failure: { disposition: 'fix_mapping', status: 400, field: expect.stringMatching(/^personadesk_/) },
    });
  });

  it('stops the connection when a scope is missing', async () => {
    const token = { token: 'reader', scopes: ['crm.objects.contacts.read'] };
    const { connector, context } = await bareAccount({
      sandbox: { accessTokens: [token] },
      connector: { accessToken: () => Promise.resolve('reader') },
    });
    expect(await connector.provision(context)).toMatchObject({
      kind: 'failed',
      failure: { disposition: 'reconnect', code: 'hubspot.MISSING_SCOPES', status: 403 },
    });
  });
});

async function bareAccount(options: AccountOptions = {}): Promise<ConnectedAccount> {
  const account = await connectAccount({ ...options, provisioned: false });
  accounts.push(account);
  return account;
}

async function createPlainProperty(url: string, object: string, name: string): Promise<void> {
  const post = (path: string, body: unknown) =>
    fetch(`${url}/crm/properties/2026-03/${object}${path}`, {
      method: 'POST',
      headers: { authorization: 'Bearer sandbox-hubspot-token', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  await post('/groups', { name: 'personadesk', label: 'PersonaDesk' });
  const made = await post('', { name, label: name, groupName: 'personadesk', type: 'string', fieldType: 'text' });
  expect(made.status).toBe(201);
}
