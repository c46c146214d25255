import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call, completed } from '../support/scenario-data.ts';
import { startOAuthFront, type OAuthFront } from '../support/oauth-front.ts';
import { Stack } from '../support/stack.ts';

const synced = (row: { readonly state: string }) => row.state === 'synced';

describe('a connection that signs in by OAuth', () => {
  let stack: Stack;
  let front: OAuthFront;
  let serial = 0;

  beforeAll(async () => {
    stack = await Stack.start({ withoutWorker: true, policy: { retryBase: 20, retryCap: 200, outagePause: 20 } });
    front = await startOAuthFront(stack.hubspot, 'configured');
    await stack.store.secrets.put(stack.tenantId, 'client', 'client-secret');
    await authorise('configured');
    await stack.startWorker();
  });
  afterAll(async () => {
    await stack.stop();
    await front.close();
  });

  /** What `apply` does with a file that names this refresh token. */
  async function authorise(refreshToken: string): Promise<void> {
    await stack.store.secrets.put(stack.tenantId, 'refresh', refreshToken);
    const before = await stack.store.connections.get(stack.connectionId);
    if (before?.configuration.crm !== 'hubspot') throw new Error('the stack has a HubSpot connection');
    await stack.store.connections.upsert(stack.tenantId, {
      ...before.configuration,
      baseUrl: front.url,
      credentials: {
        oauth: { clientId: 'our-app', clientSecret: { stored: 'client' }, refreshToken: { stored: 'refresh' } },
      },
    });
  }

  async function send(): Promise<string> {
    serial += 1;
    const id = `conv_oauth_${serial}`;
    const number = `+1555444${1000 + serial}`;
    stack.personaDesk.addConversations([call(id, number)]);
    await stack.sender.send(completed(id, number));
    return id;
  }

  /** How often the connection was said to be broken. */
  function breaks(): number {
    return stack.logged.filter((line) => line.startsWith('stopped') && line.includes('"broken"')).length;
  }

  async function state() {
    return (await stack.store.connections.get(stack.connectionId))?.state;
  }

  it('delivers with the token it was issued', async () => {
    await stack.untilRow(await send(), synced);
    expect(front.used).toEqual(['configured']);
  });

  it('an authorisation that was taken back breaks the connection after one try, and a new one mends it', async () => {
    const renewalsBefore = front.used.length;
    front.revoke();
    const first = await send();
    await stack.untilRow(first, (row) => row.reason === 'connection_broken');
    expect(await state()).toMatchObject({ kind: 'broken' });
    expect(front.used).toHaveLength(renewalsBefore + 1);

    await stack.resume();
    await stack.untilRow(
      first,
      (row) => row.reason === 'connection_broken' && row.vendorCode?.includes('invalid_grant') === true,
    );
    expect(front.used).toHaveLength(renewalsBefore + 1);

    await front.close();
    front = await startOAuthFront(stack.hubspot, 'authorised-anew');
    await authorise('authorised-anew');
    await stack.resume();
    await stack.untilRow(first, synced);
    expect(front.used).toEqual(['authorised-anew']);
  });

  it('a token that ended is renewed once: the conversation waits a moment, arrives once, and nobody is asked', async () => {
    const breaksBefore = breaks();
    const renewalsBefore = front.used.length;
    front.endAccess();
    const ids = await Promise.all([send(), send(), send()]);
    for (const id of ids) {
      await stack.untilRow(id, synced);
      expect(stack.hubspot.findByProperty('calls', 'hs_call_external_id', id)).toHaveLength(1);
    }
    expect(front.used).toHaveLength(renewalsBefore + 1);
    expect(new Set(front.used).size).toBe(front.used.length);
    expect(await state()).toMatchObject({ kind: 'active' });
    expect(breaks()).toBe(breaksBefore);
  });

  it('no token is in the log', () => {
    expect(stack.logged.join('\n')).not.toMatch(/access-|refresh-|configured|authorised-anew|client-secret/);
  });
});
