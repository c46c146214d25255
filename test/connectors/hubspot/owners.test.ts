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

describe.each(API_VERSIONS)('HubSpot API %s', (version) => {
  beforeEach(() => {
    apiVersion = version;
  });

  describe('finding owners', () => {
    it('an address is active, inactive or unknown, whatever its case', async () => {
      const { connector, context } = await connected();
      const emails = ['Dana.Reed@Example.COM ', 'left.company@example.com', 'nobody@example.com'];
      expect(await connector.findOwners(emails, context)).toEqual([
        { kind: 'active', ownerId: '70001' },
        { kind: 'inactive', ownerId: '70004' },
        { kind: 'unknown' },
      ]);
    });

    it('one listing serves all addresses for ten minutes, and then another one', async () => {
      const { connector, context, requests, sandbox } = await connected();
      await connector.findOwners(['dana.reed@example.com'], context);
      await connector.findOwners(['sam.ortiz@example.com', 'kim.osei@example.com'], context);
      expect(requests.map(({ endpoint }) => endpoint)).toEqual(['owners']);
      sandbox.setOptions({ owners: [owner(1)] });
      clock += 10 * 60_000 - 1;
      expect(await connector.findOwners(['dana.reed@example.com'], context)).toMatchObject([{ kind: 'active' }]);
      clock += 1;
      expect(await connector.findOwners(['dana.reed@example.com', 'owner.1@example.com'], context)).toEqual([
        { kind: 'unknown' },
        { kind: 'active', ownerId: '80001' },
      ]);
    });

    it('owners on later pages are found', async () => {
      const { connector, context, requests } = await connected(
        Array.from({ length: 1_201 }, (_, index) => owner(index)),
      );
      expect(await connector.findOwners(['owner.1200@example.com'], context)).toEqual([
        { kind: 'active', ownerId: '81200' },
      ]);
      expect(requests).toHaveLength(3);
    });

    it('somebody who came back is active, though an archived owner has the address too', async () => {
      const { connector, context } = await connected([owner(1, true), { ...owner(1), id: '90001' }]);
      expect(await connector.findOwners(['owner.1@example.com', 'x@example.com'], context)).toEqual([
        { kind: 'active', ownerId: '90001' },
        { kind: 'unknown' },
      ]);
    });

    it('a listing that failed says nothing about anybody, and is not remembered', async () => {
      const { connector, context, sandbox } = await connected();
      sandbox.injectFault({ match: { path: '/crm/owners' }, fault: { kind: 'status', status: 503 } });
      expect(await connector.findOwners(['dana.reed@example.com'], context)).toMatchObject([
        { kind: 'could_not_check', failure: { disposition: 'retry', status: 503 } },
      ]);
      expect(await connector.findOwners(['dana.reed@example.com'], context)).toMatchObject([{ kind: 'active' }]);
    });

    it('without the list of archived owners nobody is called unknown', async () => {
      const { connector, context, sandbox } = await connected();
      sandbox.injectFault({ match: { path: 'archived=true' }, fault: { kind: 'html-502' } });
      expect(await connector.findOwners(['dana.reed@example.com', 'left.company@example.com'], context)).toMatchObject([
        { kind: 'active' },
        { kind: 'could_not_check' },
      ]);
    });

    it('no address, no request', async () => {
      const { connector, context, requests } = await connected();
      expect(await connector.findOwners([], context)).toEqual([]);
      expect(requests).toEqual([]);
    });
  });
});
