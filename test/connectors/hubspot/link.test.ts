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

function contact(index: number) {
  return { object: 'contacts', id: contacts[index] ?? '' };
}

function toContact(call: number, person: number): LinkWrite {
  return { from: { object: 'calls', id: calls[call] ?? '' }, to: contact(person) };
}
