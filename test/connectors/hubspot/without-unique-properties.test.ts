import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { phoneKey } from '../../../src/domain/caller.ts';
import type { ActivityKind, ActivityWrite, PersonWrite, TaskWrite, WriteResult } from '../../../src/domain/crm.ts';
import { API_VERSIONS, byNumber, caller, connectAccount, found, type ConnectedAccount } from './connected-account.ts';

/** May write everything, and create no property. */
const WRITER = ['crm.objects.contacts.read', 'crm.objects.contacts.write'];

let account: ConnectedAccount;

const write = (writes: readonly ActivityWrite[]) => account.connector.upsertActivities(writes, account.context);
const writePeople = (writes: readonly PersonWrite[]) => account.connector.upsertPeople(writes, account.context);
const writeTasks = (writes: readonly TaskWrite[]) => account.connector.upsertTasks(writes, account.context);

/** Another process on the same account: it remembers nothing. */
async function restart(): Promise<ConnectedAccount['connector']> {
  const connector = account.connect();
  expect(await connector.provision(account.context)).toEqual({ kind: 'ready', created: [] });
  return connector;
}

describe.each(API_VERSIONS)('HubSpot API %s', (apiVersion) => {
  beforeEach(async () => {
    account = await connectAccount({
      connector: { apiVersion },
      sandbox: { accessTokens: [{ token: 'sandbox-hubspot-token', scopes: WRITER }] },
    });
  });

  afterEach(() => account.stop());

  describe('activities of an account without our unique properties', () => {
    it.each<[ActivityKind, 'calls' | 'communications' | 'notes']>([
      ['call', 'calls'],
      ['text_message', 'communications'],
      ['chat', 'notes'],
    ])('a %s that is written again is one record, however far the search lags', async (kind, object) => {
      account.sandbox.setOptions({ searchLagMs: 3_600_000 });
      const first = await write([activity(kind, 0)]);
      const again = await write([activity(kind, 0)]);
      expect(first).toMatchObject([{ kind: 'written', created: true, ref: { object } }]);
      expect(again).toMatchObject([{ kind: 'written', created: false, ref: refOf(first[0]) }]);
      expect(account.sandbox.records(object)).toHaveLength(1);
    });

    it('a call is found by its external id after a restart', async () => {
      const [first] = await write([activity('call', 0)]);
      const connector = await restart();
      const again = await connector.upsertActivities([activity('call', 0)], account.context);
      expect(again).toMatchObject([{ kind: 'written', created: false, ref: refOf(first) }]);
      expect(account.sandbox.records('calls')).toHaveLength(1);
    });

    it('a call without an external id of its own gets the conversation key as one', async () => {
      const { fields, ...rest } = activity('call', 0);
      const { hs_call_external_id: _, ...others } = fields;
      await write([{ ...rest, fields: others }]);
      expect(account.sandbox.findByProperty('calls', 'hs_call_external_id', 'acme/conv_0')).toHaveLength(1);
    });

    it('ids that differ in case only are two calls', async () => {
      const upper = { ...activity('call', 0), key: 'acme/CONV_0' };
      const shouting = { ...upper, fields: { ...upper.fields, hs_call_external_id: 'CONV_0' } };
      await write([activity('call', 0)]);
      const connector = await restart();
      expect(await connector.upsertActivities([shouting], account.context)).toMatchObject([{ created: true }]);
      expect(account.sandbox.records('calls')).toHaveLength(2);
    });

    it('250 calls are looked for in few searches, written in three batches, and all found again', async () => {
      const calls = Array.from({ length: 250 }, (_, index) => activity('call', index));
      expect((await write(calls)).every((result) => result.kind === 'written' && result.created)).toBe(true);
      const counts = account.sandbox.requestCounts();
      expect(counts['batch create']).toBe(3);
      expect(counts.search).toBeLessThan(5);
      const connector = await restart();
      const again = await connector.upsertActivities(calls, account.context);
      expect(again.every((result) => result.kind === 'written' && !result.created)).toBe(true);
      expect(account.sandbox.records('calls')).toHaveLength(250);
    });

    it('a search that was throttled creates no call', async () => {
      account.sandbox.setOptions({ limits: { searchPerSecond: 0 } });
      expect(await write([activity('call', 0)])).toMatchObject([
        { kind: 'refused', failure: { disposition: 'throttle' } },
      ]);
      expect(account.sandbox.records('calls')).toEqual([]);
    });

    it('a search that failed creates no call', async () => {
      account.sandbox.injectFault({ match: { path: '/calls/search' }, fault: { kind: 'html-502' } });
      expect(await write([activity('call', 0)])).toMatchObject([{ kind: 'refused', failure: { status: 502 } }]);
      expect(account.sandbox.records('calls')).toEqual([]);
    });

    it('a call whose answer was lost is found by the next try', async () => {
      account.sandbox.injectFault({ match: { path: '/calls/batch/create' }, fault: { kind: 'apply-then-reset' } });
      expect(await write([activity('call', 0)])).toMatchObject([
        { kind: 'refused', failure: { disposition: 'retry' } },
      ]);
      expect(await write([activity('call', 0)])).toMatchObject([{ kind: 'written', created: false }]);
      expect(account.sandbox.records('calls')).toHaveLength(1);
    });

    it('one that a person deleted is made again', async () => {
      const [first] = await write([activity('chat', 0)]);
      account.sandbox.deleteAsPerson('notes', refOf(first)?.id ?? '');
      const again = await write([activity('chat', 0), activity('chat', 1)]);
      expect(again).toMatchObject([{ created: true }, { created: true }]);
      expect(refOf(again[0])).not.toEqual(refOf(first));
      expect(await write([activity('chat', 0)])).toMatchObject([{ created: false, ref: refOf(again[0]) }]);
    });

    it('a call that was deleted, and that a lagging search still shows, is made again', async () => {
      const [first] = await write([activity('call', 0)]);
      const connector = await restart();
      const id = refOf(first)?.id ?? '';
      account.sandbox.deleteAsPerson('calls', id);
      const stale = { total: 1, results: [{ id, properties: { hs_call_external_id: 'conv_0' } }] };
      const fault = { kind: 'status', status: 200, body: stale } as const;
      account.sandbox.injectFault({ match: { path: '/calls/search' }, times: 2, fault });
      const again = await connector.upsertActivities([activity('call', 0)], account.context);
      expect(again).toMatchObject([{ kind: 'written', created: true }]);
      expect(account.sandbox.records('calls').filter(({ archived }) => !archived)).toHaveLength(1);
    });

    it('one bad record of 20 is refused alone', async () => {
      const writes = Array.from({ length: 20 }, (_, index) => activity('call', index));
      writes[13] = { ...activity('call', 13), fields: { ...activity('call', 13).fields, hs_call_duration: 'long' } };
      const results = await write(writes);
      expect(results.filter(({ kind }) => kind === 'written')).toHaveLength(19);
      expect(results[13]).toMatchObject({ failure: { disposition: 'fix_record', field: 'hs_call_duration' } });
    });

    it('a task that is written again is one task', async () => {
      const task = {
        key: 'acme/conv_0/handoff',
        fields: { hs_timestamp: '2026-11-24T11:00:00Z', hs_task_subject: 'Call back' },
        person: undefined,
      };
      await writeTasks([task]);
      expect(await writeTasks([task])).toMatchObject([{ kind: 'written', created: false }]);
      expect(account.sandbox.records('tasks')).toHaveLength(1);
    });
  });

  describe('people of an account without our person key', () => {
    it('a new caller is created once, however far the search lags', async () => {
      account.sandbox.setOptions({ searchLagMs: 3_600_000 });
      const first = await writePeople([person(0)]);
      const again = await writePeople([{ ...person(0), fields: { lastname: 'Reed' } }]);
      expect(again).toMatchObject([{ kind: 'written', created: false, ref: refOf(first[0]) }]);
      expect(account.sandbox.records('contacts')).toMatchObject([{ properties: { lastname: 'Reed' } }]);
    });

    it('somebody who is there is looked at again, and neither overwritten nor created twice', async () => {
      account.sandbox.seedRecords('contacts', [{ firstname: 'Zoe', phone: caller(0) }]);
      const results = await writePeople([person(0), person(1)]);
      expect(results).toMatchObject([
        { kind: 'refused', failure: { disposition: 'resolve', code: 'hubspot.PERSON_EXISTS' } },
        { kind: 'written', created: true },
      ]);
      expect(account.sandbox.records('contacts').map(({ properties }) => properties.firstname)).toEqual([
        'Zoe',
        'Caller 1',
      ]);
    });

    it('a look-up that could not be made creates nobody', async () => {
      account.sandbox.injectFault({ match: { path: '/contacts/search' }, fault: { kind: 'status', status: 500 } });
      expect(await writePeople([person(0)])).toMatchObject([{ kind: 'refused', failure: { disposition: 'retry' } }]);
      expect(account.sandbox.records('contacts')).toEqual([]);
    });

    it('somebody who was merged since is looked at again, and not created once more', async () => {
      const [first] = await writePeople([person(0)]);
      const [kept = ''] = account.sandbox.seedRecords('contacts', [{ firstname: 'Zoë', mobilephone: caller(0) }]);
      account.sandbox.mergeAsPerson(kept, refOf(first)?.id ?? '');
      expect(await writePeople([person(0)])).toMatchObject([
        { kind: 'refused', failure: { disposition: 'resolve', code: 'hubspot.PERSON_EXISTS' } },
      ]);
      expect(account.sandbox.records('contacts').filter(({ archived }) => !archived)).toHaveLength(1);
    });

    it('a known person is updated by id', async () => {
      const [id = ''] = account.sandbox.seedRecords('contacts', [{ firstname: 'Zoe' }]);
      const update = { ...person(0), ref: { object: 'contacts', id }, fields: { jobtitle: 'CTO' } };
      expect(await writePeople([update])).toMatchObject([{ kind: 'written', created: false, ref: { id } }]);
      expect(account.sandbox.records('contacts')).toMatchObject([
        { properties: { firstname: 'Zoe', jobtitle: 'CTO' } },
      ]);
    });

    it('a look-up asks for nobody by a key that the account does not have', async () => {
      const [id] = account.sandbox.seedRecords('contacts', [{ phone: caller(0) }]);
      const queries = [byNumber(caller(0)), byNumber(caller(1))];
      const searches = await account.connector.lookUpPeople(queries, [], account.context);
      expect(searches.map(found)).toEqual([[id], []]);
      expect(account.requests.map(({ endpoint }) => endpoint)).toEqual(['search']);
    });
  });
});

function activity(kind: ActivityKind, index: number): ActivityWrite {
  return { key: `acme/conv_${index}`, kind, fields: fieldsOf(kind, index), person: undefined };
}

function fieldsOf(kind: ActivityKind, index: number): ActivityWrite['fields'] {
  const hs_timestamp = '2026-11-24T10:00:00Z';
  switch (kind) {
    case 'call':
      return { hs_timestamp, hs_call_title: 'Call', hs_call_external_id: `conv_${index}` };
    case 'text_message':
      return { hs_timestamp, hs_communication_channel_type: 'SMS', hs_communication_logged_from: 'CRM' };
    case 'chat':
      return { hs_timestamp, hs_note_body: 'Hello' };
  }
}

function person(index: number): PersonWrite {
  const number = caller(index);
  return { key: phoneKey(number), ref: undefined, fields: { firstname: `Caller ${index}`, phone: number } };
}

function refOf(result: WriteResult | undefined) {
  return result?.kind === 'written' ? result.ref : undefined;
}
