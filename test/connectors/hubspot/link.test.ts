import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LinkWrite } from '../../../src/domain/crm.ts';
import { API_VERSIONS, connectAccount, type ConnectedAccount } from './connected-account.ts';

let account: ConnectedAccount;
let contacts: readonly string[];
let calls: readonly string[];

const link = (links: readonly LinkWrite[]) => account.connector.link(links, account.context);

describe.each(API_VERSIONS)('HubSpot API %s', (apiVersion) => {
  beforeEach(async () => {
    account = await connectAccount({ connector: { apiVersion } });
    contacts = account.sandbox.seedRecords('contacts', [{ firstname: 'Ann' }, { firstname: 'Bob' }]);
    calls = account.sandbox.seedRecords(
      'calls',
      Array.from({ length: 120 }, () => ({ hs_timestamp: '2026-11-24T10:00:00Z' })),
    );
  });

  afterEach(() => account.stop());

  describe('putting activities on timelines', () => {
    it('a call stands on the contact, once, however often it is put there', async () => {
      expect(await link([toContact(0, 0)])).toEqual([{ kind: 'linked' }]);
      expect(await link([toContact(0, 0)])).toEqual([{ kind: 'linked' }]);
      const [call] = account.sandbox.records('calls');
      // 194: call to contact (HubSpot's association types).
      expect(call?.associations).toEqual([{ type: 'contacts', id: contacts[0], typeIds: [194] }]);
    });

    it('links of different objects leave in one request each, results in the order given', async () => {
      const [task = ''] = account.sandbox.seedRecords('tasks', [{ hs_timestamp: '2026-11-24T10:00:00Z' }]);
      const [note = ''] = account.sandbox.seedRecords('notes', [{ hs_timestamp: '2026-11-24T10:00:00Z' }]);
      const results = await link([
        toContact(0, 0),
        { from: { object: 'tasks', id: task }, to: contact(0) },
        toContact(1, 1),
        { from: { object: 'notes', id: note }, to: contact(1) },
      ]);
      expect(results.map(({ kind }) => kind)).toEqual(['linked', 'linked', 'linked', 'linked']);
      expect(account.requests.map(({ endpoint }) => endpoint)).toEqual(['associate', 'associate', 'associate']);
    });

    // HubSpot's association types, from the activity on.
    it.each([
      ['calls', 'companies', 182],
      ['calls', 'deals', 206],
      ['calls', 'tickets', 220],
      ['communications', 'companies', 87],
      ['communications', 'deals', 85],
      ['communications', 'tickets', 83],
      ['notes', 'companies', 190],
      ['notes', 'deals', 214],
      ['notes', 'tickets', 228],
      ['tasks', 'companies', 192],
      ['tasks', 'deals', 216],
      ['tasks', 'tickets', 230],
    ] as const)('%s stand on %s, and one that is gone refuses its own link only', async (from, to, typeId) => {
      const activity = { object: from, id: account.sandbox.seedRecords(from, [ACTIVITY[from]])[0] ?? '' };
      const [kept = '', gone = ''] = account.sandbox.seedRecords(to, [RELATED[to], RELATED[to]]);
      account.sandbox.deleteAsPerson(to, gone);
      const results = await link([kept, gone].map((id) => ({ from: activity, to: { object: to, id } })));
      expect(results).toMatchObject([{ kind: 'linked' }, { kind: 'refused', failure: { disposition: 'resolve' } }]);
      const [record] = account.sandbox.records(from).filter(({ id }) => id === activity.id);
      expect(record?.associations).toEqual([{ type: to, id: kept, typeIds: [typeId] }]);
    });

    it('a person and three related records take a request for each pair of objects', async () => {
      const ids = (['companies', 'deals', 'tickets'] as const).map((object) => ({
        object,
        id: account.sandbox.seedRecords(object, [RELATED[object]])[0] ?? '',
      }));
      const links = [0, 1].flatMap((call) => [toContact(call, 0), ...ids.map((to) => ({ ...toContact(call, 0), to }))]);
      expect((await link(links)).map(({ kind }) => kind)).toEqual(links.map(() => 'linked'));
      expect(account.requests.map(({ endpoint }) => endpoint)).toEqual(Array.from({ length: 4 }, () => 'associate'));
    });

    it('a scope that is missing for deals refuses those links, and no link to a person', async () => {
      const [deal = ''] = account.sandbox.seedRecords('deals', [RELATED.deals]);
      account.sandbox.setOptions({ associationScopes: 'both' });
      account.sandbox.addToken({
        token: 'sandbox-hubspot-token',
        scopes: ['crm.objects.contacts.write', 'crm.objects.deals.read'],
      });
      const toDeal = { ...toContact(0, 0), to: { object: 'deals', id: deal } };
      expect(await link([toDeal, toContact(0, 0), toContact(1, 1)])).toMatchObject([
        { kind: 'refused', failure: { disposition: 'fix_mapping', code: 'hubspot.NO_ACCESS_TO_DEALS', status: 403 } },
        { kind: 'linked' },
        { kind: 'linked' },
      ]);
    });

    it('a user who may not edit associations is refused in one request, whatever the size of the batch', async () => {
      const message = "Missing 'Edit Associations' permission.";
      const fault = { kind: 'status', status: 400, body: { category: 'VALIDATION_ERROR', message } } as const;
      account.sandbox.injectFault({ match: { path: '/associate/' }, fault, times: 200 });
      const toContacts = await link(calls.slice(0, 100).map((_, index) => toContact(index, 0)));
      const [deal = ''] = account.sandbox.seedRecords('deals', [RELATED.deals]);
      const toDeal = { object: 'deals', id: deal };
      const toDeals = await link(calls.slice(0, 100).map((_, index) => ({ ...toContact(index, 0), to: toDeal })));
      const code = 'hubspot.MISSING_EDIT_ASSOCIATIONS';
      for (const each of toContacts) expect(each).toMatchObject({ failure: { disposition: 'reconnect', code } });
      for (const each of toDeals) expect(each).toMatchObject({ failure: { disposition: 'fix_mapping', code } });
      expect(account.requests).toHaveLength(2);
    });

    it('a record that is gone refuses its own link only, though the answer is a 200', async () => {
      account.sandbox.deleteAsPerson('calls', calls[1] ?? '');
      const results = await link([toContact(0, 0), toContact(1, 0), toContact(2, 0)]);
      expect(results).toMatchObject([
        { kind: 'linked' },
        { kind: 'refused', failure: { disposition: 'resolve' } },
        { kind: 'linked' },
      ]);
      expect(account.requests).toMatchObject([{ status: 200 }]);
    });

    it('the same link twice in one call is sent once and answered twice', async () => {
      expect(await link([toContact(0, 0), toContact(0, 0)])).toEqual([{ kind: 'linked' }, { kind: 'linked' }]);
      expect(account.sandbox.requestLog().at(-1)).toMatchObject({ endpoint: 'associations write', inputs: 1 });
    });

    it('120 links leave as 100 and 20', async () => {
      const results = await link(calls.map((_, index) => toContact(index, 0)));
      expect(results.every(({ kind }) => kind === 'linked')).toBe(true);
      const sizes = account.sandbox
        .requestLog()
        .filter(({ endpoint }) => endpoint === 'associations write')
        .map(({ inputs }) => inputs);
      expect(sizes.toSorted((a, b) => a - b)).toEqual([20, 100]);
    });

    it('an outage refuses every link for now', async () => {
      account.sandbox.injectFault({ match: { path: '/associate/' }, fault: { kind: 'html-502' } });
      expect(await link([toContact(0, 0), toContact(1, 1)])).toMatchObject([
        { kind: 'refused', failure: { disposition: 'retry', status: 502 } },
        { kind: 'refused', failure: { disposition: 'retry', status: 502 } },
      ]);
    });
  });
});

const AT = { hs_timestamp: '2026-11-24T10:00:00Z' };

const ACTIVITY = {
  calls: AT,
  communications: { ...AT, hs_communication_channel_type: 'SMS' },
  notes: AT,
  tasks: AT,
};

const RELATED = {
  companies: { name: 'Acme' },
  deals: { dealname: 'Big' },
  tickets: { subject: 'Broken', hs_pipeline_stage: '1' },
};

function contact(index: number) {
  return { object: 'contacts', id: contacts[index] ?? '' };
}

function toContact(call: number, person: number): LinkWrite {
  return { from: { object: 'calls', id: calls[call] ?? '' }, to: contact(person) };
}
