import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { phoneKey } from '../../../src/domain/caller.ts';
import type { ActivityWrite, PersonWrite } from '../../../src/domain/crm.ts';
import { API_VERSIONS, caller, connectAccount, type ConnectedAccount } from './connected-account.ts';

let account: ConnectedAccount;

const upsertPeople = (writes: readonly PersonWrite[]) => account.connector.upsertPeople(writes, account.context);
const upsertActivities = (writes: readonly ActivityWrite[]) =>
  account.connector.upsertActivities(writes, account.context);

describe.each(API_VERSIONS)('HubSpot API %s', (apiVersion) => {
  beforeEach(async () => {
    account = await connectAccount({ connector: { apiVersion } });
  });

  afterEach(() => account.stop());

  describe('writing people to HubSpot', () => {
    it('a new caller is created once, whoever writes how often, and then stays as they are', async () => {
      const first = await upsertPeople([newPerson(0)]);
      const again = await account.connect().upsertPeople([newPerson(0, { lastname: 'Reed' })], account.context);
      expect(first).toMatchObject([{ kind: 'written', created: true, ref: { object: 'contacts' } }]);
      expect(again).toMatchObject([
        { kind: 'written', created: false, ref: first[0]?.kind === 'written' && first[0].ref },
      ]);
      expect(account.sandbox.records('contacts')).toMatchObject([
        { properties: { personadesk_person_key: phoneKey(caller(0)), firstname: 'Caller 0' } },
      ]);
      expect(account.sandbox.records('contacts')[0]?.properties.lastname).toBeUndefined();
    });

    it('a known person is updated by id and gets our key', async () => {
      const [id = ''] = account.sandbox.seedRecords('contacts', [{ firstname: 'Zoe', phone: caller(0) }]);
      const write = { ...newPerson(0), ref: { object: 'contacts', id }, fields: { jobtitle: 'CTO' } };
      expect(await upsertPeople([write])).toEqual([
        { kind: 'written', ref: { object: 'contacts', id }, created: false },
      ]);
      expect(account.sandbox.records('contacts')).toMatchObject([
        { id, properties: { firstname: 'Zoe', jobtitle: 'CTO', personadesk_person_key: phoneKey(caller(0)) } },
      ]);
    });

    it('results stand in the order of the writes, whatever the order of the answer', async () => {
      const writes = Array.from({ length: 30 }, (_, index) => newPerson(index));
      const results = await upsertPeople(writes);
      results.forEach((result, index) => {
        const [record] = account.sandbox.findByProperty('contacts', 'personadesk_person_key', phoneKey(caller(index)));
        expect(result).toMatchObject({ kind: 'written', ref: { id: record?.id } });
      });
    });

    it('101 writes leave as a batch of 100 and one of 1', async () => {
      const results = await upsertPeople(Array.from({ length: 101 }, (_, index) => newPerson(index)));
      expect(results.every(({ kind }) => kind === 'written')).toBe(true);
      const sizes = account.sandbox
        .requestLog()
        .filter(({ endpoint }) => endpoint === 'batch create')
        .map(({ inputs }) => inputs);
      expect(sizes.toSorted((a, b) => a - b)).toEqual([1, 100]);
    });

    it('a key that another contact holds is for a look-up or a person to resolve; the neighbours are written', async () => {
      const ids = account.sandbox.seedRecords(
        'contacts',
        Array.from({ length: 5 }, (_, index) => ({ firstname: `K ${index}` })),
      );
      await upsertPeople([newPerson(3)]);
      const updates = ids.map((id, index) => ({ ...newPerson(index), ref: { object: 'contacts', id } }));
      const results = await upsertPeople(updates);
      expect(results.map(({ kind }) => kind)).toEqual(['written', 'written', 'written', 'refused', 'written']);
      expect(results[3]).toMatchObject({ failure: { disposition: 'resolve', status: 409, code: 'hubspot.CONFLICT' } });
    });

    it('an address that another contact holds refuses that person only', async () => {
      account.sandbox.seedRecords('contacts', [{ firstname: 'Zoe', email: 'zoe@example.com' }]);
      const results = await upsertPeople([newPerson(0), newPerson(1, { email: 'zoe@example.com' }), newPerson(2)]);
      expect(results).toMatchObject([
        { kind: 'written' },
        { failure: { disposition: 'resolve' } },
        { kind: 'written' },
      ]);
    });

    it('a contact that was deleted since is for a look-up to resolve; the neighbours are written', async () => {
      const [kept = '', gone = ''] = account.sandbox.seedRecords('contacts', [{ firstname: 'A' }, { firstname: 'B' }]);
      account.sandbox.deleteAsPerson('contacts', gone);
      const results = await upsertPeople(
        [kept, gone].map((id, index) => ({ ...newPerson(index), ref: { object: 'contacts', id } })),
      );
      expect(results).toMatchObject([{ kind: 'written' }, { kind: 'refused', failure: { disposition: 'resolve' } }]);
    });

    it('two numbers of one person are two updates of one contact, one after the other', async () => {
      const [id = ''] = account.sandbox.seedRecords('contacts', [{ firstname: 'Zoe' }]);
      const ref = { object: 'contacts', id };
      const results = await upsertPeople([
        { ...newPerson(0), ref, fields: { jobtitle: 'first' } },
        { ...newPerson(1), ref, fields: { jobtitle: 'second' } },
      ]);
      expect(results.map(({ kind }) => kind)).toEqual(['written', 'written']);
      expect(account.sandbox.records('contacts')[0]?.properties.jobtitle).toBe('second');
      // Together they would be refused, as the same id twice in one batch.
      expect(account.requests.map(({ status }) => status)).toEqual([200, 200]);
    });
  });

  describe('writing activities and tasks to HubSpot', () => {
    it('each kind of conversation becomes its own object, with its key', async () => {
      const results = await upsertActivities([call(0), textMessage(1), chat(2), call(3)]);
      expect(results.map((result) => result.kind === 'written' && [result.ref.object, result.created])).toEqual([
        ['calls', true],
        ['communications', true],
        ['notes', true],
        ['calls', true],
      ]);
      expect(account.sandbox.records('calls').map(({ properties }) => properties.personadesk_conversation_key)).toEqual(
        expect.arrayContaining(['acme/conv_0', 'acme/conv_3']),
      );
    });

    it('a duplicate delivery makes no second record', async () => {
      for (let time = 0; time < 3; time += 1) {
        await upsertActivities([call(0), textMessage(1), chat(2)]);
        await account.connector.upsertTasks([task(0)], account.context);
      }
      for (const object of ['calls', 'communications', 'notes', 'tasks'] as const) {
        expect(account.sandbox.records(object)).toHaveLength(1);
      }
    });

    it.each(['apply-then-reset', 'apply-then-status'] as const)(
      'a write whose answer was lost (%s) and is made again ends as one record',
      async (kind) => {
        const fault = kind === 'apply-then-reset' ? { kind } : { kind, status: 502 };
        account.sandbox.injectFault({ match: { path: '/calls/batch/upsert' }, fault });
        expect(await upsertActivities([call(0)])).toMatchObject([
          { kind: 'refused', failure: { disposition: 'retry' } },
        ]);
        expect(account.sandbox.records('calls')).toHaveLength(1);
        expect(await upsertActivities([call(0)])).toMatchObject([{ kind: 'written', created: false }]);
        expect(account.sandbox.records('calls')).toHaveLength(1);
      },
    );

    it.each([207, 200] as const)(
      'one bad record of 20 is refused alone, told in a %s',
      async (partialSuccessStatus) => {
        account.sandbox.setOptions({ partialSuccessStatus });
        const writes = Array.from({ length: 20 }, (_, index) => call(index));
        writes[13] = { ...call(13), fields: { ...call(13).fields, hs_call_duration: 'two minutes' } };
        const results = await upsertActivities(writes);
        expect(results.filter(({ kind }) => kind === 'written')).toHaveLength(19);
        expect(results[13]).toMatchObject({
          kind: 'refused',
          failure: { disposition: 'fix_record', field: 'hs_call_duration' },
        });
        expect(account.sandbox.records('calls')).toHaveLength(19);
        expect(account.sandbox.requestCounts()['batch upsert']).toBe(1);
      },
    );

    it.each([
      ['a property that does not exist', { ai_score: '5' }, 'hubspot.PROPERTY_DOESNT_EXIST', 'ai_score'],
      ['a property that is read-only', { hs_object_id: '1' }, 'hubspot.READ_ONLY_VALUE', 'hs_object_id'],
    ])('%s is for the mapping, and named', async (_, fields, code, field) => {
      const [result] = await upsertActivities([{ ...call(0), fields: { ...call(0).fields, ...fields } }]);
      expect(result).toMatchObject({ kind: 'refused', failure: { disposition: 'fix_mapping', code, field } });
    });

    it('a property the object must have and the mapping leaves out is for the mapping, and named', async () => {
      const [result] = await upsertActivities([{ ...call(0), fields: { hs_call_title: 'no time' } }]);
      expect(result).toMatchObject({ failure: { disposition: 'fix_mapping', field: 'hs_timestamp' } });
    });

    it('passes by itself when our key property was deleted, in one refusal for all', async () => {
      account.sandbox.removeProperty('calls', 'personadesk_conversation_key');
      const writes = Array.from({ length: 50 }, (_, index) => call(index));
      const results = await upsertActivities(writes);
      for (const result of results) {
        expect(result).toMatchObject({
          kind: 'refused',
          failure: {
            disposition: 'retry',
            code: 'hubspot.PROPERTY_DOESNT_EXIST',
            field: 'personadesk_conversation_key',
          },
        });
      }
      expect(account.requests.map(({ endpoint }) => endpoint)).toEqual(['batch-upsert', 'properties']);
      await account.connector.provision(account.context);
      expect((await upsertActivities(writes)).every(({ kind }) => kind === 'written')).toBe(true);
    });

    it('every request is reported with its class and status', async () => {
      await upsertActivities([call(0)]);
      await account.connector.upsertTasks([task(0)], account.context);
      expect(account.requests).toEqual([
        { endpoint: 'batch-upsert', status: 200, durationMs: expect.any(Number) },
        { endpoint: 'batch-upsert', status: 200, durationMs: expect.any(Number) },
      ]);
    });
  });
});

function newPerson(index: number, fields: PersonWrite['fields'] = {}): PersonWrite {
  const number = caller(index);
  return { key: phoneKey(number), ref: undefined, fields: { firstname: `Caller ${index}`, phone: number, ...fields } };
}

function call(index: number): ActivityWrite {
  const fields = { hs_timestamp: '2026-11-24T10:00:00Z', hs_call_title: 'Call', hs_call_direction: 'INBOUND' };
  return { key: `acme/conv_${index}`, kind: 'call', fields, person: undefined };
}

function textMessage(index: number): ActivityWrite {
  const fields = {
    hs_timestamp: '2026-11-24T10:00:00Z',
    hs_communication_channel_type: 'SMS',
    hs_communication_logged_from: 'CRM',
    hs_communication_body: 'Hello',
  };
  return { key: `acme/conv_${index}`, kind: 'text_message', fields, person: undefined };
}

function chat(index: number): ActivityWrite {
  return {
    key: `acme/conv_${index}`,
    kind: 'chat',
    fields: { hs_timestamp: '2026-11-24T10:00:00Z', hs_note_body: 'Hello' },
    person: undefined,
  };
}

function task(index: number) {
  return {
    key: `acme/conv_${index}/handoff`,
    fields: { hs_timestamp: '2026-11-24T11:00:00Z', hs_task_subject: 'Call back', hs_task_status: 'NOT_STARTED' },
    person: undefined,
  };
}
