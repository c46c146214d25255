import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ApiVersion } from '../../../connectors/hubspot/api.ts';
import { phoneKey } from '../../../src/domain/caller.ts';
import type { PersonWrite } from '../../../src/domain/crm.ts';
import {
  API_VERSIONS,
  caller,
  connectAccount,
  type AccountOptions,
  type ConnectedAccount,
} from './connected-account.ts';

let apiVersion: ApiVersion;

let account: ConnectedAccount | undefined;

afterEach(() => account?.stop());

async function connected(options: AccountOptions = {}): Promise<ConnectedAccount> {
  account = await connectAccount({
    ...options,
    connector: { apiVersion },
    sandbox: { marketingStatusOnWrite: 'accept', ...options.sandbox },
  });
  return account;
}

describe.each(API_VERSIONS)('HubSpot API %s', (version) => {
  beforeEach(() => {
    apiVersion = version;
  });

  describe('the marketing status of contacts', () => {
    it('new contacts are none that marketing is billed for, in one request', async () => {
      const { connector, context, sandbox, requests } = await connected();
      const results = await connector.upsertPeople([person(0), person(1)], context);
      expect(results).toMatchObject([{ created: true }, { created: true }]);
      expect(statuses(sandbox)).toEqual(['false', 'false']);
      expect(requests.map(({ endpoint }) => endpoint)).toEqual(['batch-create']);
    });

    it('what somebody made of a contact since stays, by key and by id', async () => {
      const { connector, context, sandbox } = await connected();
      const [first] = await connector.upsertPeople([person(0)], context);
      const id = first?.kind === 'written' ? first.ref.id : '';
      sandbox.setOptions({ marketingStatusOnWrite: 'accept' });
      sandbox.editAsPerson('contacts', id, { hs_marketable_status: 'true' });
      const again = await connector.upsertPeople([person(0, { jobtitle: 'CTO' })], context);
      expect(again).toMatchObject([{ kind: 'written', created: false, ref: { id } }]);
      await connector.upsertPeople([{ ...person(0, { city: 'Bern' }), ref: { object: 'contacts', id } }], context);
      expect(sandbox.records('contacts')).toMatchObject([
        { properties: { hs_marketable_status: 'true', city: 'Bern' } },
      ]);
    });

    it('a batch whose answer was lost is found again in few requests, and the newcomers in it are marked', async () => {
      const { connector, context, sandbox, requests } = await connected();
      const people = Array.from({ length: 60 }, (_, index) => person(index));
      sandbox.injectFault({ match: { path: '/batch/create' }, fault: { kind: 'apply-then-reset' } });
      await connector.upsertPeople(people.slice(0, 50), context);
      requests.length = 0;
      const results = await connector.upsertPeople(people, context);
      expect(results.map((result) => result.kind === 'written' && result.created)).toEqual(
        people.map((_, index) => index >= 50),
      );
      expect(new Set(statuses(sandbox))).toEqual(new Set(['false']));
      expect(sandbox.records('contacts')).toHaveLength(60);
      expect(requests.map(({ endpoint }) => endpoint)).toEqual(['batch-create', 'batch-read', 'batch-create']);
    });

    it('an address that another contact holds refuses that person only', async () => {
      const { connector, context, sandbox } = await connected();
      sandbox.seedRecords('contacts', [{ firstname: 'Zoe', email: 'zoe@example.com' }]);
      const people = [person(0), person(1, { email: 'zoe@example.com' }), person(2)];
      expect(await connector.upsertPeople(people, context)).toMatchObject([
        { kind: 'written' },
        { failure: { disposition: 'resolve', status: 409 } },
        { kind: 'written' },
      ]);
    });

    it('an outage while conflicts are told apart creates nobody twice', async () => {
      const { connector, context, sandbox } = await connected();
      await connector.upsertPeople([person(0)], context);
      sandbox.injectFault({ match: { path: '/batch/read' }, fault: { kind: 'html-502' } });
      expect(await connector.upsertPeople([person(0), person(1)], context)).toMatchObject([
        { kind: 'refused', failure: { disposition: 'retry' } },
        { kind: 'refused', failure: { disposition: 'retry' } },
      ]);
      expect(sandbox.records('contacts')).toHaveLength(1);
    });

    it('is not set in an account that does not let us', async () => {
      const { connector, context, sandbox, requests } = await connected({
        sandbox: { marketingStatusOnWrite: 'reject' },
      });
      expect(await connector.upsertPeople([person(0)], context)).toMatchObject([{ created: true }]);
      expect(statuses(sandbox)).toEqual([undefined]);
      expect(requests.map(({ endpoint }) => endpoint)).toEqual(['batch-create']);
    });

    it('is not set where the account knows other values only', async () => {
      const { connect, context, sandbox } = await connected();
      sandbox.setPropertyOptions('contacts', 'hs_marketable_status', [{ value: 'YES', label: 'Yes' }]);
      const connector = connect();
      expect(await connector.provision(context)).toMatchObject({ kind: 'ready' });
      await connector.upsertPeople([person(0)], context);
      expect(statuses(sandbox)).toEqual([undefined]);
    });

    it('is set too where the account has no person key', async () => {
      const scopes = ['crm.objects.contacts.read', 'crm.objects.contacts.write'];
      const { connector, context, sandbox } = await connected({
        sandbox: { accessTokens: [{ token: 'sandbox-hubspot-token', scopes }] },
      });
      await connector.upsertPeople([person(0)], context);
      await connector.upsertPeople([person(0, { jobtitle: 'CTO' })], context);
      expect(sandbox.records('contacts')).toMatchObject([{ properties: { hs_marketable_status: 'false' } }]);
      expect(sandbox.records('contacts')[0]?.history.hs_marketable_status).toHaveLength(1);
    });
  });
});

function person(index: number, fields: PersonWrite['fields'] = {}): PersonWrite {
  const number = caller(index);
  return { key: phoneKey(number), ref: undefined, fields: { firstname: `Caller ${index}`, phone: number, ...fields } };
}

function statuses(sandbox: ConnectedAccount['sandbox']): readonly (string | undefined)[] {
  return sandbox.records('contacts').map(({ properties }) => properties.hs_marketable_status);
}
