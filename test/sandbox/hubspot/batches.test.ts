import { describe, expect, it } from '@jest/globals';
import { makeUniqueProperty, openSandbox } from './open-sandbox.ts';

const names = ['a', 'b', 'c', 'd', 'e'];

describe('batches', () => {
  it.each(['read', 'create', 'update', 'upsert', 'archive'])(
    'more than 100 inputs are refused by batch/%s',
    async (verb) => {
      const { call } = await openSandbox();
      const inputs = Array.from({ length: 101 }, (_, index) => ({
        id: String(index),
        idProperty: 'email',
        properties: {},
      }));
      const { status, body } = await call('POST', `/crm/v3/objects/contacts/batch/${verb}`, { inputs });
      expect([status, body.category]).toEqual([400, 'VALIDATION_ERROR']);
    },
  );

  it.each([2, 3, 5])('the results of %d inputs come in another order', async (count) => {
    const { call } = await openSandbox();
    const inputs = names.slice(0, count).map((firstname) => ({ properties: { firstname } }));
    const { status, body } = await call('POST', '/crm/v3/objects/contacts/batch/create', { inputs });
    const order = body.results.map((row) => row.properties.firstname);
    expect(status).toBe(201);
    expect(order).not.toEqual(names.slice(0, count));
    expect([...order].sort()).toEqual(names.slice(0, count));
  });

  it('the same seed gives the same ids and the same order', async () => {
    const run = async () => {
      const { call } = await openSandbox({ seed: 7 });
      const inputs = names.map((firstname) => ({ properties: { firstname } }));
      return (await call('POST', '/crm/v3/objects/contacts/batch/create', { inputs })).body.results.map(({ id }) => id);
    };
    expect(await run()).toEqual(await run());
  });

  it('one bad row fails all rows when they carry no trace ids of their own', async () => {
    const { sandbox, call } = await openSandbox();
    for (const traces of [
      [undefined, undefined],
      ['t', 't'],
      ['t', undefined],
    ]) {
      const inputs = [
        { properties: { firstname: 'A' }, objectWriteTraceId: traces[0] },
        { properties: { nope: 'x' }, objectWriteTraceId: traces[1] },
      ];
      expect((await call('POST', '/crm/v3/objects/contacts/batch/create', { inputs })).status).toBe(400);
    }
    expect(sandbox.records('contacts')).toEqual([]);
  });

  it.each([207, 200] as const)(
    'with trace ids the good rows are written and the bad one named, status %d',
    async (partialSuccessStatus) => {
      const opened = await openSandbox({ partialSuccessStatus });
      await makeUniqueProperty(opened, 'calls');
      const row = (id: string, hs_timestamp: string) => ({
        id,
        idProperty: 'pd_key',
        properties: { hs_timestamp },
        objectWriteTraceId: `trace-${id}`,
      });
      const inputs = [row('a', '0'), row('b', 'never'), row('c', '0')];
      const { status, body } = await opened.call('POST', '/crm/v3/objects/calls/batch/upsert', { inputs });
      expect(status).toBe(partialSuccessStatus);
      expect(body).toMatchObject({ status: 'COMPLETE', numErrors: 1 });
      expect(body.results.map((result) => result.objectWriteTraceId).sort()).toEqual(['trace-a', 'trace-c']);
      expect(body.errors[0]).toMatchObject({
        status: 'error',
        category: 'VALIDATION_ERROR',
        context: { objectWriteTraceId: ['trace-b'] },
      });
      expect(opened.sandbox.records('calls')).toHaveLength(2);
    },
  );

  it('updating a record that is not there is an error row, the others are written', async () => {
    const { sandbox, call } = await openSandbox();
    const [id = ''] = sandbox.seedRecords('contacts', [{ firstname: 'A' }]);
    const inputs = [id, '99'].map((each) => ({ id: each, properties: { city: 'Rome' } }));
    const { status, body } = await call('POST', '/crm/v3/objects/contacts/batch/update', { inputs });
    expect(status).toBe(207);
    expect(body.results.map((row) => row.id)).toEqual([id]);
    expect(body.errors[0]).toMatchObject({ category: 'OBJECT_NOT_FOUND', context: { ids: ['99'] } });
  });

  it('updating one record twice in a batch is refused', async () => {
    const { sandbox, call } = await openSandbox();
    const [id = ''] = sandbox.seedRecords('contacts', [{ firstname: 'A' }]);
    const inputs = [1, 2].map(() => ({ id, properties: { city: 'Rome' } }));
    expect((await call('POST', '/crm/v3/objects/contacts/batch/update', { inputs })).status).toBe(400);
  });

  it('a batch read answers what is there and names what is not, archived records included', async () => {
    const { sandbox, call } = await openSandbox();
    const [here = '', gone = ''] = sandbox.seedRecords('contacts', [{ firstname: 'A' }, { firstname: 'B' }]);
    sandbox.deleteAsPerson('contacts', gone);
    const body = { inputs: [{ id: here }, { id: gone }, { id: '5' }], properties: ['firstname', 'nope'] };
    const reply = await call('POST', '/crm/v3/objects/contacts/batch/read', body);
    expect(reply.status).toBe(207);
    expect(reply.body.results.map((row) => row.properties.firstname)).toEqual(['A']);
    expect(reply.body.results[0]?.properties).not.toHaveProperty('nope');
    expect(reply.body.errors[0]?.context.ids).toEqual([gone, '5']);
  });

  it('a batch read finds records by a unique property', async () => {
    const opened = await openSandbox();
    await makeUniqueProperty(opened, 'notes');
    opened.sandbox.seedRecords('notes', [{ pd_key: 'n1', hs_timestamp: '0' }]);
    const body = { idProperty: 'pd_key', inputs: [{ id: 'n1' }], properties: ['pd_key'] };
    const reply = await opened.call('POST', '/crm/objects/2026-09/notes/batch/read', body);
    expect([reply.status, reply.body.results[0]?.properties.pd_key]).toEqual([200, 'n1']);
  });

  it('archived records are gone from reads, and archiving twice is a success', async () => {
    const { sandbox, call } = await openSandbox();
    const [id = ''] = sandbox.seedRecords('contacts', [{ firstname: 'A' }]);
    const archive = () => call('POST', '/crm/v3/objects/contacts/batch/archive', { inputs: [{ id }] });
    expect([(await archive()).status, (await archive()).status]).toEqual([204, 204]);
    expect((await call('GET', `/crm/v3/objects/contacts/${id}`)).status).toBe(404);
    expect((await call('GET', `/crm/v3/objects/contacts/${id}?archived=true`)).body.archived).toBe(true);
    expect((await call('PATCH', `/crm/v3/objects/contacts/${id}`, { properties: {} })).status).toBe(404);
    expect((await call('GET', '/crm/v3/objects/contacts')).body.results).toEqual([]);
  });

  it('a contact update answers without id and creation date among the properties, a call update with them', async () => {
    const { sandbox, call } = await openSandbox();
    const [contact = ''] = sandbox.seedRecords('contacts', [{ firstname: 'A' }]);
    const [activity = ''] = sandbox.seedRecords('calls', [{ hs_timestamp: '0' }]);
    const one = await call('PATCH', `/crm/v3/objects/contacts/${contact}`, { properties: { city: 'Rome' } });
    expect(Object.keys(one.body.properties).sort()).toEqual(['city', 'lastmodifieddate']);
    const other = await call('PATCH', `/crm/v3/objects/calls/${activity}`, { properties: { hs_call_title: 'T' } });
    expect(Object.keys(other.body.properties).sort()).toEqual([
      'hs_call_title',
      'hs_createdate',
      'hs_lastmodifieddate',
      'hs_object_id',
    ]);
  });

  it('type ids, singulars and names mean the same object in paths', async () => {
    const { sandbox, call } = await openSandbox();
    const [id = ''] = sandbox.seedRecords('calls', [{ hs_timestamp: '0' }]);
    for (const type of ['calls', 'call', 'CALL', '0-48']) {
      expect((await call('GET', `/crm/v3/objects/${type}/${id}`)).status).toBe(200);
    }
  });
});
