import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connectAccount, type ConnectedAccount } from './connected-account.ts';

let account: ConnectedAccount;

beforeEach(async () => {
  account = await connectAccount();
});

afterEach(() => account.stop());

const read = (ids: readonly string[], fields: readonly string[] = ['firstname', 'lastname']) =>
  account.connector.readPeople(
    ids.map((id) => ({ object: 'contacts', id })),
    fields,
    account.context,
  );

describe('reading known people', () => {
  it('gives what is there, past the search index, in the order asked', async () => {
    account.sandbox.setOptions({ searchLagMs: 3_600_000 });
    const ids = account.sandbox.seedRecords('contacts', [{ firstname: 'Ann', lastname: 'Reed' }, { firstname: 'Bob' }]);
    const [ann = '', bob = ''] = ids;
    account.sandbox.editAsPerson('contacts', bob, { firstname: 'Robert' });
    expect(await read([bob, ann])).toEqual([
      { kind: 'present', ref: { object: 'contacts', id: bob }, fields: { firstname: 'Robert' } },
      { kind: 'present', ref: { object: 'contacts', id: ann }, fields: { firstname: 'Ann', lastname: 'Reed' } },
    ]);
  });

  it('a deleted person is gone, and the neighbours are read', async () => {
    const [ann = '', bob = ''] = account.sandbox.seedRecords('contacts', [{ firstname: 'Ann' }, { firstname: 'Bob' }]);
    account.sandbox.deleteAsPerson('contacts', ann);
    expect((await read([ann, bob, '999999999999'])).map(({ kind }) => kind)).toEqual(['gone', 'present', 'gone']);
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
