import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ApiVersion } from '../../../connectors/hubspot/api.ts';
import type { HubSpotSandboxOptions } from '../../../sandbox/hubspot/index.ts';
import { API_VERSIONS, connectAccount, type ConnectedAccount } from './connected-account.ts';

let apiVersion: ApiVersion;

const START = Date.UTC(2026, 10, 24, 12);

let account: ConnectedAccount | undefined;
let clock = START;

afterEach(async () => {
  clock = START;
  await account?.stop();
});

async function connected(owners?: HubSpotSandboxOptions['owners']): Promise<ConnectedAccount> {
  account = await connectAccount({
    connector: { now: () => clock, apiVersion },
    ...(owners === undefined ? {} : { sandbox: { owners } }),
  });
  return account;
}

const owner = (index: number, archived = false): HubSpotSandboxOptions['owners'][number] => ({
  id: String(80_000 + index),
  userId: index,
  email: `Owner.${index}@Example.com`,
  firstName: 'O',
  lastName: String(index),
  archived,
});

const byEmail = (...emails: readonly string[]) => emails.map((value) => ({ by: 'email', value }) as const);
const byId = (...ids: readonly string[]) => ids.map((value) => ({ by: 'id', value }) as const);

describe.each(API_VERSIONS)('HubSpot API %s', (version) => {
  beforeEach(() => {
    apiVersion = version;
  });

  describe('finding owners', () => {
    it('an address is active, inactive or unknown, whatever its case', async () => {
      const { connector, context } = await connected();
      const emails = ['Dana.Reed@Example.COM ', 'left.company@example.com', 'nobody@example.com'];
      expect(await connector.findOwners(byEmail(...emails), context)).toEqual([
        { kind: 'active', ownerId: '70001' },
        { kind: 'inactive', ownerId: '70004' },
        { kind: 'unknown' },
      ]);
    });

    it('one listing serves all addresses for ten minutes, and then another one', async () => {
      const { connector, context, requests, sandbox } = await connected();
      await connector.findOwners(byEmail('dana.reed@example.com'), context);
      await connector.findOwners(byEmail('sam.ortiz@example.com', 'kim.osei@example.com'), context);
      expect(requests.map(({ endpoint }) => endpoint)).toEqual(['owners']);
      sandbox.setOptions({ owners: [owner(1)] });
      clock += 10 * 60_000 - 1;
      expect(await connector.findOwners(byEmail('dana.reed@example.com'), context)).toMatchObject([{ kind: 'active' }]);
      clock += 1;
      expect(await connector.findOwners(byEmail('dana.reed@example.com', 'owner.1@example.com'), context)).toEqual([
        { kind: 'unknown' },
        { kind: 'active', ownerId: '80001' },
      ]);
    });

    it('owners on later pages are found', async () => {
      const { connector, context, requests } = await connected(
        Array.from({ length: 1_201 }, (_, index) => owner(index)),
      );
      expect(await connector.findOwners(byEmail('owner.1200@example.com'), context)).toEqual([
        { kind: 'active', ownerId: '81200' },
      ]);
      expect(requests).toHaveLength(3);
    });

    it('somebody who came back is active, though an archived owner has the address too', async () => {
      const { connector, context } = await connected([owner(1, true), { ...owner(1), id: '90001' }]);
      expect(await connector.findOwners(byEmail('owner.1@example.com', 'x@example.com'), context)).toEqual([
        { kind: 'active', ownerId: '90001' },
        { kind: 'unknown' },
      ]);
    });

    it('a listing that failed says nothing about anybody, and is not remembered', async () => {
      const { connector, context, sandbox } = await connected();
      sandbox.injectFault({ match: { path: '/crm/owners' }, fault: { kind: 'status', status: 503 } });
      expect(await connector.findOwners(byEmail('dana.reed@example.com'), context)).toMatchObject([
        { kind: 'could_not_check', failure: { disposition: 'retry', status: 503 } },
      ]);
      expect(await connector.findOwners(byEmail('dana.reed@example.com'), context)).toMatchObject([{ kind: 'active' }]);
    });

    it('without the list of archived owners nobody is called unknown', async () => {
      const { connector, context, sandbox } = await connected();
      sandbox.injectFault({ match: { path: 'archived=true' }, fault: { kind: 'html-502' } });
      expect(
        await connector.findOwners(byEmail('dana.reed@example.com', 'left.company@example.com'), context),
      ).toMatchObject([{ kind: 'active' }, { kind: 'could_not_check' }]);
    });

    it('an id is active, inactive or unknown, and costs no further listing', async () => {
      const { connector, context, requests } = await connected();
      await connector.findOwners(byEmail('nobody@example.com'), context);
      requests.length = 0;
      // 501 is the user behind the first owner: HubSpot takes the owner's id only.
      expect(await connector.findOwners([...byId('70001 ', '70004', '501'), ...byEmail('70001')], context)).toEqual([
        { kind: 'active', ownerId: '70001' },
        { kind: 'inactive', ownerId: '70004' },
        { kind: 'unknown' },
        { kind: 'unknown' },
      ]);
      expect(requests).toEqual([]);
    });

    it('an app that may not list owners is told so for ten minutes with one request, and goes on writing', async () => {
      const { connector, context, sandbox, requests } = await connected();
      sandbox.addToken({
        token: 'sandbox-hubspot-token',
        scopes: ['crm.objects.contacts.read', 'crm.objects.contacts.write'],
      });
      const notAllowed = {
        kind: 'could_not_check',
        failure: { disposition: 'fix_mapping', code: 'hubspot.NO_ACCESS_TO_OWNERS', status: 403 },
      };
      expect(await connector.findOwners([...byId('70001'), ...byEmail('x@example.com')], context)).toMatchObject([
        notAllowed,
        notAllowed,
      ]);
      expect(await connector.findOwners(byId('70002'), context)).toMatchObject([notAllowed]);
      expect(requests).toMatchObject([{ endpoint: 'owners', status: 403 }]);
      const task = { key: 'acme/conv_1/handoff', fields: { hs_timestamp: '0' }, person: undefined };
      expect(await connector.upsertTasks([task], context)).toMatchObject([{ kind: 'written' }]);

      sandbox.addToken({ token: 'sandbox-hubspot-token' });
      clock += 10 * 60_000;
      expect(await connector.findOwners(byId('70001'), context)).toMatchObject([{ kind: 'active' }]);
    });

    it('no query, no request', async () => {
      const { connector, context, requests } = await connected();
      expect(await connector.findOwners([], context)).toEqual([]);
      expect(requests).toEqual([]);
    });
  });
});
