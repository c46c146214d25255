import { describe, expect, it } from '@jest/globals';
import { makeUniqueProperty, openSandbox, type OpenSandbox } from './open-sandbox.ts';

const upsert = '/crm/objects/2026-09/contacts/batch/upsert';
const person = (id: string, properties: Readonly<Record<string, string>> = {}) => ({
  id,
  idProperty: 'pd_key',
  properties: { firstname: 'Ann', ...properties },
});

async function withKey(type = 'contacts', options = {}): Promise<OpenSandbox> {
  const opened = await openSandbox(options);
  await makeUniqueProperty(opened, type);
  return opened;
}

describe('upsert by a unique property', () => {
  it('makes one record and updates it the next time, and says which it did', async () => {
    const { sandbox, call } = await withKey();
    const first = await call('POST', upsert, { inputs: [person('k1')] });
    const second = await call('POST', upsert, { inputs: [person('k1', { city: 'Rome' })] });
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(first.body.results[0]).toMatchObject({ new: true });
    expect(second.body.results[0]).toMatchObject({ new: false, id: first.body.results[0]?.id });
    expect(sandbox.records('contacts').map((record) => record.properties.city)).toEqual(['Rome']);
  });

  it('ignores associations in its inputs without a word', async () => {
    const { sandbox, call } = await withKey('calls');
    const [contact = ''] = sandbox.seedRecords('contacts', [{ firstname: 'Ann' }]);
    const input = {
      id: 'k1',
      idProperty: 'pd_key',
      properties: { hs_timestamp: '0' },
      associations: [
        { to: { id: contact }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 194 }] },
      ],
    };
    expect((await call('POST', '/crm/v3/objects/calls/batch/upsert', { inputs: [input] })).status).toBe(200);
    expect(sandbox.records('calls').map((record) => record.associations)).toEqual([[]]);
  });

  it.each(['hs_object_id', 'firstname', 'nonesuch'])('%s is refused as idProperty', async (idProperty) => {
    const { call } = await withKey();
    const { status, body } = await call('POST', upsert, { inputs: [{ ...person('k1'), idProperty }] });
    expect(status).toBe(400);
    expect(body.message).toMatch(`Unable to perform update/upsert by non-unique 0-1 property ${idProperty}`);
  });

  it('without idProperty is refused', async () => {
    const { call } = await withKey();
    const { status, body } = await call('POST', upsert, { inputs: [{ id: '1', properties: {} }] });
    expect([status, body.message]).toEqual([400, expect.stringContaining('[idProperty]')]);
  });

  it('hs_call_external_id is refused as idProperty', async () => {
    const { call } = await openSandbox();
    const inputs = [{ id: 'x', idProperty: 'hs_call_external_id', properties: { hs_timestamp: '0' } }];
    expect((await call('POST', '/crm/v3/objects/calls/batch/upsert', { inputs })).status).toBe(400);
  });

  it('the e-mail identifies a contact without being a unique property, in any case', async () => {
    const { sandbox, call } = await openSandbox();
    sandbox.seedRecords('contacts', [{ email: 'ann@example.com' }]);
    const inputs = [{ id: 'ANN@example.com', idProperty: 'email', properties: { city: 'Rome' } }];
    const { body } = await call('POST', upsert, { inputs });
    expect(body.results[0]).toMatchObject({ new: false });
  });

  it('the same key twice in one batch refuses the whole batch', async () => {
    const { sandbox, call } = await withKey();
    const { status, body } = await call('POST', upsert, { inputs: [person('k1'), person('k2'), person('k1')] });
    expect(status).toBe(400);
    expect(body.message).toBe('Duplicate IDs found in batch input: [k1]. IDs must be unique');
    expect(sandbox.records('contacts')).toEqual([]);
  });

  it('a value another record holds refuses the whole batch with 409, trace ids or not', async () => {
    const { sandbox, call } = await withKey();
    sandbox.seedRecords('contacts', [{ email: 'ann@example.com' }]);
    const inputs = [
      { ...person('k1'), objectWriteTraceId: 'a' },
      { ...person('k2', { email: 'ANN@example.com' }), objectWriteTraceId: 'b' },
    ];
    const { status, body } = await call('POST', upsert, { inputs });
    expect([status, body.category]).toEqual([409, 'CONFLICT']);
    expect(sandbox.records('contacts')).toHaveLength(1);
  });

  it('two inputs that want one unique value refuse the whole batch', async () => {
    const { sandbox, call } = await withKey();
    const inputs = [person('k1', { email: 'a@example.com' }), person('k2', { email: 'A@example.com' })];
    expect((await call('POST', upsert, { inputs })).status).toBe(409);
    expect(sandbox.records('contacts')).toEqual([]);
  });

  it('the key of an archived record is free again', async () => {
    const { sandbox, call } = await withKey();
    const { body } = await call('POST', upsert, { inputs: [person('k1')] });
    sandbox.deleteAsPerson('contacts', body.results[0]?.id ?? '');
    const again = await call('POST', upsert, { inputs: [person('k1')] });
    expect(again.body.results[0]).toMatchObject({ new: true });
  });

  it('a key whose property is removed is no longer an idProperty', async () => {
    const { sandbox, call } = await withKey();
    sandbox.removeProperty('contacts', 'pd_key');
    expect((await call('POST', upsert, { inputs: [person('k1')] })).status).toBe(400);
  });
});

describe('single writes and unique values', () => {
  it('creating a contact with a known e-mail is 409 and tells the id in its message', async () => {
    const { sandbox, call } = await openSandbox();
    const [id = ''] = sandbox.seedRecords('contacts', [{ email: 'ann@example.com' }]);
    const { status, body } = await call('POST', '/crm/v3/objects/contacts', {
      properties: { email: 'Ann@example.com' },
    });
    expect([status, body.category, body.message]).toEqual([
      409,
      'CONFLICT',
      `Contact already exists. Existing ID: ${id}`,
    ]);
  });

  it('updating a record to a key another one holds is 409, to its own key is not', async () => {
    const { sandbox, call } = await withKey();
    const [one = '', other = ''] = sandbox.seedRecords('contacts', [{ pd_key: 'a' }, { pd_key: 'b' }]);
    const patch = (id: string) => call('PATCH', `/crm/v3/objects/contacts/${id}`, { properties: { pd_key: 'a' } });
    expect((await patch(one)).status).toBe(200);
    expect((await patch(other)).status).toBe(409);
  });

  it('a key that a record has given up is free for another one', async () => {
    const { sandbox, call } = await withKey();
    const [one = '', other = ''] = sandbox.seedRecords('contacts', [{ pd_key: 'a' }, { firstname: 'B' }]);
    const patch = (id: string, pd_key: string) =>
      call('PATCH', `/crm/v3/objects/contacts/${id}`, { properties: { pd_key } });
    expect((await patch(one, '')).status).toBe(200);
    expect((await patch(other, 'a')).status).toBe(200);
    expect((await call('GET', '/crm/v3/objects/contacts/a?idProperty=pd_key')).body.id).toBe(other);
  });

  it('a record is read and changed by its unique property at once, whatever search sees', async () => {
    const { sandbox, call } = await withKey('contacts', { searchLagMs: 60_000 });
    await call('POST', upsert, { inputs: [person('+1 212')] });
    const path = `/crm/objects/2026-03/contacts/${encodeURIComponent('+1 212')}?idProperty=pd_key`;
    expect((await call('GET', path)).body.properties.firstname).toBe('Ann');
    expect((await call('PATCH', path, { properties: { firstname: 'Eve' } })).status).toBe(200);
    expect(sandbox.findByProperty('contacts', 'firstname', 'Eve')).toHaveLength(1);
    expect((await call('GET', '/crm/v3/objects/contacts/none?idProperty=pd_key')).status).toBe(404);
  });
});

describe('two upserts of one key at the same time', () => {
  it.each([
    ['one-wins', [200, 200]],
    ['409', [200, 409]],
    ['423', [200, 423]],
  ] as const)('follow the switch %s, and make one record', async (concurrentUpsertOfOneKey, statuses) => {
    const { sandbox, call } = await withKey('contacts', { concurrentUpsertOfOneKey, latencyMs: 50 });
    const replies = await Promise.all([1, 2].map(() => call('POST', upsert, { inputs: [person('k1')] })));
    expect(replies.map((reply) => reply.status).sort()).toEqual(statuses);
    expect(sandbox.records('contacts')).toHaveLength(1);
    expect((await call('POST', upsert, { inputs: [person('k1')] })).status).toBe(200);
  });
});
