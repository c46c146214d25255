import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RecordRef } from '../../../src/domain/crm.ts';
import { API_VERSIONS, connectAccount, type ConnectedAccount } from './connected-account.ts';

const AT = { hs_timestamp: '2026-11-24T10:00:00Z' };
const LIMITS = { hs_call_title: 65_536, hs_note_body: 65_536 };

let account: ConnectedAccount;

describe.each(API_VERSIONS)('HubSpot API %s', (apiVersion) => {
  beforeEach(async () => {
    account = await connectAccount({ connector: { apiVersion } });
  });
  afterEach(() => account.stop());

  describe('reading what we wrote', () => {
    it('gives what is there now, past the search index, in the order asked, and how much fits', async () => {
      account.sandbox.setOptions({ searchLagMs: 3_600_000 });
      const [one, two] = seed('calls', [{ hs_call_title: 'One' }, { hs_call_title: 'Two' }]);
      const [note] = seed('notes', [{ hs_note_body: '<p>Note</p>' }]);
      account.sandbox.editAsPerson('calls', one?.id ?? '', { hs_call_title: 'Edited' });
      expect(await read([note, two, one])).toEqual([
        { kind: 'present', ref: note, fields: { hs_note_body: '<p>Note</p>' }, limits: LIMITS },
        { kind: 'present', ref: two, fields: { hs_call_title: 'Two' }, limits: LIMITS },
        { kind: 'present', ref: one, fields: { hs_call_title: 'Edited' }, limits: LIMITS },
      ]);
      expect(account.requests.map(({ endpoint }) => endpoint)).toEqual(['batch-read', 'batch-read']);
    });

    it('what a person deleted, what never was and what is no object of ours are gone', async () => {
      const [deleted, kept] = seed('tasks', [{}, {}]);
      account.sandbox.deleteAsPerson('tasks', deleted?.id ?? '');
      const reads = await read([deleted, kept, { object: 'tasks', id: '999999999999' }, { object: 'Task', id: '1' }]);
      expect(reads.map(({ kind }) => kind)).toEqual(['gone', 'present', 'gone', 'gone']);
    });

    it('an outage makes nothing gone, and what was read of the others counts', async () => {
      const [call] = seed('calls', [{}]);
      const [note] = seed('notes', [{}]);
      account.sandbox.injectFault({ match: { path: '/calls/batch/read' }, fault: { kind: 'html-502' } });
      expect(await read([call, note])).toMatchObject([
        { kind: 'could_not_check', failure: { status: 502 } },
        { kind: 'present' },
      ]);
    });

    it('101 records are read in two requests, and nothing is asked for none', async () => {
      const calls = seed(
        'calls',
        Array.from({ length: 101 }, () => ({})),
      );
      expect((await read(calls)).every(({ kind }) => kind === 'present')).toBe(true);
      expect(account.requests).toHaveLength(2);
      expect(await read([])).toEqual([]);
      expect(account.requests).toHaveLength(2);
    });
  });
});

describe('an answer that is longer than a client takes', () => {
  it('is asked for in halves', async () => {
    account = await connectAccount({ transport: { maxResponseBytes: 60_000 } });
    const calls = seed(
      'calls',
      Array.from({ length: 8 }, () => ({ hs_call_title: 't'.repeat(20_000) })),
    );
    expect((await read(calls)).map(({ kind }) => kind)).toEqual(calls.map(() => 'present'));
    // Eight are too many, and so are four; two are not.
    expect(account.requests).toHaveLength(1 + 2 + 4);
    await account.stop();
  });
});

function read(refs: readonly (RecordRef | undefined)[]) {
  const given = refs.filter((ref) => ref !== undefined);
  return account.connector.readRecords(given, ['hs_call_title', 'hs_note_body'], account.context);
}

function seed(
  object: 'calls' | 'notes' | 'tasks',
  records: readonly Readonly<Record<string, string>>[],
): readonly RecordRef[] {
  return account.sandbox
    .seedRecords(
      object,
      records.map((record) => ({ ...AT, ...record })),
    )
    .map((id) => ({ object, id }));
}
