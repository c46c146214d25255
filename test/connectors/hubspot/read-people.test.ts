import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { API_VERSIONS, connectAccount, type ConnectedAccount } from './connected-account.ts';

let account: ConnectedAccount;

const read = (ids: readonly string[], fields: readonly string[] = ['firstname', 'lastname']) =>
  account.connector.readPeople(
    ids.map((id) => ({ object: 'contacts', id })),
    fields,
    account.context,
  );

describe.each(API_VERSIONS)('HubSpot API %s', (apiVersion) => {
  beforeEach(async () => {
    account = await connectAccount({ connector: { apiVersion } });
  });

  afterEach(() => account.stop());

  describe('reading known people', () => {
    it('gives what is there, past the search index, in the order asked', async () => {
      account.sandbox.setOptions({ searchLagMs: 3_600_000 });
      const ids = account.sandbox.seedRecords('contacts', [
        { firstname: 'Ann', lastname: 'Reed' },
        { firstname: 'Bob' },
      ]);
      const [ann = '', bob = ''] = ids;
      account.sandbox.editAsPerson('contacts', bob, { firstname: 'Robert' });
      expect(await read([bob, ann])).toEqual([
        { kind: 'present', ref: { object: 'contacts', id: bob }, fields: { firstname: 'Robert' } },
        { kind: 'present', ref: { object: 'contacts', id: ann }, fields: { firstname: 'Ann', lastname: 'Reed' } },
      ]);
    });

    it('a deleted person is gone, and the neighbours are read', async () => {
      const [ann = '', bob = ''] = account.sandbox.seedRecords('contacts', [
        { firstname: 'Ann' },
        { firstname: 'Bob' },
      ]);
      account.sandbox.deleteAsPerson('contacts', ann);
      expect((await read([ann, bob, '999999999999'])).map(({ kind }) => kind)).toEqual(['gone', 'present', 'gone']);
    });

    it.each(['absent', 'follow'] as const)(
      'a person who was merged is read as the one it became (a batch read that says %s)',
      async (mergedIdInBatchRead) => {
        account.sandbox.setOptions({ mergedIdInBatchRead });
        const ids = account.sandbox.seedRecords('contacts', [
          { firstname: 'Ann' },
          { firstname: 'Anne' },
          { firstname: 'A.' },
        ]);
        const [ann = '', anne = '', initial = ''] = ids;
        account.sandbox.mergeAsPerson(anne, initial);
        account.sandbox.mergeAsPerson(ann, anne);
        const one = { kind: 'present', ref: { object: 'contacts', id: ann }, fields: { firstname: 'Ann' } };
        expect(await read([anne, ann, initial])).toEqual([one, one, one]);
        expect(await read([initial])).toEqual([one]);
      },
    );

    it('a merged person who was deleted afterwards is gone', async () => {
      const [ann = '', anne = ''] = account.sandbox.seedRecords('contacts', [
        { firstname: 'Ann' },
        { firstname: 'Anne' },
      ]);
      account.sandbox.mergeAsPerson(ann, anne);
      account.sandbox.deleteAsPerson('contacts', ann);
      expect(await read([anne])).toEqual([{ kind: 'gone' }]);
    });

    it('an outage while a missing person is asked for alone makes nobody gone', async () => {
      account.sandbox.injectFault({ match: { method: 'GET', path: '/contacts/' }, fault: { kind: 'html-502' } });
      expect(await read(['999999999999'])).toMatchObject([{ kind: 'could_not_check', failure: { status: 502 } }]);
    });

    it('an outage makes nobody gone', async () => {
      const [ann = ''] = account.sandbox.seedRecords('contacts', [{ firstname: 'Ann' }]);
      for (const status of [404, 500]) {
        account.sandbox.injectFault({ match: { path: '/batch/read' }, fault: { kind: 'status', status, body: {} } });
        expect(await read([ann])).toMatchObject([{ kind: 'could_not_check', failure: { status } }]);
      }
    });

    it('101 people are read in two requests', async () => {
      const people = Array.from({ length: 101 }, (_, index) => ({ firstname: `P ${index}` }));
      const ids = account.sandbox.seedRecords('contacts', people);
      expect((await read(ids)).every(({ kind }) => kind === 'present')).toBe(true);
      expect(account.requests.map(({ endpoint }) => endpoint)).toEqual(['batch-read', 'batch-read']);
    });
  });
});
