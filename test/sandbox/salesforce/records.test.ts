import { describe, expect, it } from '@jest/globals';
import { conversationId, openSandbox, refusal, seedOne } from './open-sandbox.ts';

describe('single records', () => {
  it('a created record is read back with what was written and what Salesforce adds', async () => {
    const { call } = await openSandbox();
    const created = await call('POST', '/sobjects/Contact', {
      FirstName: ' Ann ',
      LastName: 'Lee',
      Phone: '(415) 555-1212',
    });
    expect([created.status, created.body]).toEqual([201, { id: created.body.id, success: true, errors: [] }]);
    expect(created.body.id).toMatch(/^003[0-9A-Za-z]{15}$/);
    const { body } = await call('GET', `/sobjects/Contact/${created.body.id}`);
    expect(body).toMatchObject({
      FirstName: 'Ann',
      Name: 'Ann Lee',
      Phone: '(415) 555-1212',
      Email: null,
      IsDeleted: false,
    });
    expect(body.CreatedDate).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000$/);
  });

  it('a read shows the fields asked for and refuses columns that are not there', async () => {
    const { sandbox, call } = await openSandbox();
    const id = seedOne(sandbox, 'Account', { Name: 'Acme' });
    const { body } = await call('GET', `/sobjects/Account/${id}?fields=Name,Id`);
    expect(Object.keys(body)).toEqual(['attributes', 'Name', 'Id']);
    expect(refusal(await call('GET', `/sobjects/Account/${id}?fields=Nope`))).toEqual([400, 'INVALID_FIELD']);
  });

  it('an id of 15 characters means the same record', async () => {
    const { sandbox, call } = await openSandbox();
    const id = seedOne(sandbox, 'Account', { Name: 'Acme' });
    expect((await call('GET', `/sobjects/Account/${id.slice(0, 15)}`)).body.Id).toBe(id);
  });

  it('an update answers 204 and stamps the record', async () => {
    let now = Date.parse('2026-11-24T10:00:00.700Z');
    const { sandbox, call } = await openSandbox({ now: () => now });
    const id = seedOne(sandbox, 'Account', { Name: 'Acme' });
    now += 60_000;
    const { status, body } = await call('PATCH', `/sobjects/Account/${id}`, { Phone: '1', Name: 'Acme 2' });
    expect([status, body]).toEqual([204, null]);
    expect(sandbox.records('Account')[0]?.fields).toMatchObject({
      Name: 'Acme 2',
      CreatedDate: '2026-11-24T10:00:00.000+0000',
      LastModifiedDate: '2026-11-24T10:01:00.000+0000',
    });
  });

  it('a deleted record reads as not found, and is deleted for writes', async () => {
    const { sandbox, call } = await openSandbox();
    const id = seedOne(sandbox, 'Account', { Name: 'Acme' });
    expect((await call('DELETE', `/sobjects/Account/${id}`)).status).toBe(204);
    expect(refusal(await call('GET', `/sobjects/Account/${id}`))).toEqual([404, 'NOT_FOUND']);
    expect(refusal(await call('PATCH', `/sobjects/Account/${id}`, { Name: 'B' }))).toEqual([404, 'ENTITY_IS_DELETED']);
    expect(refusal(await call('DELETE', `/sobjects/Account/${id}`))).toEqual([404, 'ENTITY_IS_DELETED']);
  });

  it('unknown objects, ids, paths and methods have their codes', async () => {
    const { call } = await openSandbox();
    expect(refusal(await call('POST', '/sobjects/Nope', {}))).toEqual([404, 'NOT_FOUND']);
    expect(refusal(await call('GET', '/sobjects/Account/001000000000000AAA'))).toEqual([404, 'NOT_FOUND']);
    expect(refusal(await call('GET', '/nowhere'))).toEqual([404, 'NOT_FOUND']);
    expect(refusal(await call('PUT', '/sobjects/Account', {}))).toEqual([405, 'METHOD_NOT_ALLOWED']);
    expect(refusal(await call('POST', '/sobjects/Account', '{'))).toEqual([400, 'JSON_PARSER_ERROR']);
    expect(refusal(await call('POST', '/sobjects/Account', '[]'))).toEqual([400, 'JSON_PARSER_ERROR']);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await call('POST', '/sobjects/Account', 'a=b', form)).status).toBe(415);
  });

  it('versions that are retired or not there yet are refused', async () => {
    const { call } = await openSandbox();
    expect(refusal(await call('GET', '/services/data/v30.0/limits'))).toEqual([410, 'UNSUPPORTED_API_VERSION']);
    expect(refusal(await call('GET', '/services/data/v68.0/limits'))).toEqual([404, 'NOT_FOUND']);
    expect((await call('GET', '/services/data/v31.0/limits')).status).toBe(200);
    expect((await call('GET', '/services/data', undefined, { authorization: '' })).status).toBe(200);
  });

  it('what only administrators write is refused', async () => {
    const { call } = await openSandbox();
    const reply = await call('POST', '/sobjects/TaskStatus', { ApiName: 'Done' });
    expect(refusal(reply)).toEqual([403, 'INSUFFICIENT_ACCESS_OR_READONLY']);
  });
});

describe('external ids', () => {
  it('the first upsert creates, the second updates, and both say so', async () => {
    const { sandbox, call } = await openSandbox();
    const path = `/sobjects/Task/${conversationId}/conv-1`;
    const first = await call('PATCH', path, { Subject: 'Call' });
    const second = await call('PATCH', path, { Subject: 'Call 2' });
    expect([first.status, first.body.created]).toEqual([201, true]);
    expect([second.status, second.body.created, second.body.id]).toEqual([200, false, first.body.id]);
    expect(sandbox.findByField('Task', conversationId, 'conv-1').map(({ fields }) => fields.Subject)).toEqual([
      'Call 2',
    ]);
  });

  it('an older answer of an update is 204 without a body', async () => {
    const { call } = await openSandbox({ upsertSingleAnswer: 204 });
    await call('PATCH', `/sobjects/Task/${conversationId}/c`, {});
    expect(await call('PATCH', `/sobjects/Task/${conversationId}/c`, {})).toMatchObject({ status: 204, body: null });
  });

  it('the id in the URL is decoded', async () => {
    const { sandbox, call } = await openSandbox();
    const id = 'a b/c?d#e%2F';
    await call('PATCH', `/sobjects/Task/${conversationId}/${encodeURIComponent(id)}`, {});
    expect(sandbox.findByField('Task', conversationId, id)).toHaveLength(1);
  });

  it('the id must not be in the body as well', async () => {
    const { call } = await openSandbox();
    const reply = await call('PATCH', `/sobjects/Task/${conversationId}/c`, { [conversationId]: 'c' });
    expect(refusal(reply)).toEqual([400, 'INVALID_FIELD']);
  });

  it('a field that is no external id, or is not there, is not found', async () => {
    const { call } = await openSandbox({ taskExternalIdField: null });
    expect(refusal(await call('PATCH', '/sobjects/Task/Subject/x', {}))).toEqual([404, 'NOT_FOUND']);
    expect(refusal(await call('PATCH', `/sobjects/Task/${conversationId}/x`, {}))).toEqual([404, 'NOT_FOUND']);
  });

  it('case tells the ids of the activity field apart', async () => {
    const { sandbox, call } = await openSandbox();
    await call('PATCH', `/sobjects/Task/${conversationId}/conv`, {});
    await call('PATCH', `/sobjects/Task/${conversationId}/CONV`, {});
    expect(sandbox.records('Task')).toHaveLength(2);
  });

  it('a unique value another record holds is refused and names that record', async () => {
    const { sandbox, call } = await openSandbox();
    const id = seedOne(sandbox, 'Task', { [conversationId]: 'c' });
    const reply = await call('POST', '/sobjects/Task', { [conversationId]: 'c' });
    expect(refusal(reply)).toEqual([400, 'DUPLICATE_VALUE']);
    expect(reply.body[0]?.message).toBe(
      `duplicate value found: ${conversationId} duplicates value on record with id: ${id}`,
    );
  });

  it('several records with one value are 300 with their addresses', async () => {
    const { sandbox, call } = await openSandbox({ taskExternalIdUnique: false });
    const ids = sandbox.seedRecords('Task', [{ [conversationId]: 'c' }, { [conversationId]: 'c' }]);
    const { status, body } = await call('PATCH', `/sobjects/Task/${conversationId}/c`, { Subject: 'x' });
    expect([status, body]).toEqual([300, ids.map((id) => `/services/data/v67.0/sobjects/Task/${id}`)]);
  });

  it('a deleted record gives its value back', async () => {
    const { sandbox, call } = await openSandbox();
    sandbox.deleteAsPerson('Task', seedOne(sandbox, 'Task', { [conversationId]: 'c' }));
    expect((await call('PATCH', `/sobjects/Task/${conversationId}/c`, {})).status).toBe(201);
  });
});
