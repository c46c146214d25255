import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Connection as JsforceConnection } from 'jsforce';
import { base, conversationId, openSandbox, seedOne, token } from './open-sandbox.ts';

/** The client takes its proxy from the environment, for local addresses as well. */
const proxyVariables = ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'] as const;
const proxies = proxyVariables.map((name) => [name, process.env[name]] as const);
let Connection: typeof JsforceConnection;

beforeAll(async () => {
  for (const name of proxyVariables) Reflect.deleteProperty(process.env, name);
  ({ Connection } = await import('jsforce'));
});

afterAll(() => {
  for (const [name, value] of proxies) if (value !== undefined) process.env[name] = value;
});

async function connect(options = {}) {
  const opened = await openSandbox(options);
  const connection = new Connection({ instanceUrl: opened.sandbox.url, accessToken: token, version: '67.0' });
  return { ...opened, connection };
}

describe('jsforce runs against the sandbox', () => {
  it('creates, reads, updates, upserts and deletes', async () => {
    const { sandbox, connection } = await connect();
    const contact = await connection.sobject('Contact').create({ LastName: 'Lee', Phone: '(415) 555-1212' });
    expect(contact).toMatchObject({ success: true });
    const WhoId = contact.id ?? '';
    expect(await connection.sobject('Contact').retrieve(WhoId)).toMatchObject({ Name: 'Lee', Phone: '(415) 555-1212' });
    await connection.sobject('Contact').update({ Id: WhoId, Title: 'CEO' });
    const task = { [conversationId]: 'conv-1', Subject: 'Call', WhoId };
    const [first, second] = [
      await connection.sobject('Task').upsert(task, conversationId),
      await connection.sobject('Task').upsert({ ...task, Subject: 'Call 2' }, conversationId),
    ];
    expect([first.created, second.created, second.id]).toEqual([true, false, first.id]);
    await connection.sobject('Contact').destroy(WhoId);
    expect(sandbox.records('Contact')[0]).toMatchObject({ deleted: true, fields: { Title: 'CEO' } });
  });

  it('sends collections and sees which rows failed', async () => {
    const { connection } = await connect();
    const created = await connection.sobject('Account').create([{ Name: 'A' }, { Name: null }]);
    expect(created.map((row) => row.success)).toEqual([true, false]);
    const rows = [{ [conversationId]: 'a' }, { [conversationId]: 'b' }];
    const upserted = await connection.sobject('Task').upsert(rows, conversationId, { allOrNone: false });
    expect(upserted.map((row) => [row.success, row.created])).toEqual([
      [true, true],
      [true, true],
    ]);
    const ids = upserted.map((row) => row.id ?? '');
    expect((await connection.sobject('Task').retrieve(ids)).map((row) => row.Id)).toEqual(ids);
    expect((await connection.sobject('Task').destroy(ids)).every((row) => row.success)).toBe(true);
  });

  it('queries over pages, searches, describes and reads its limits', async () => {
    const { sandbox, connection } = await connect({ queryPageSize: 2 });
    sandbox.seedRecords(
      'Account',
      ['A', 'B', 'C'].map((Name) => ({ Name })),
    );
    seedOne(sandbox, 'Contact', { LastName: 'Lee', Phone: '555 1212' });
    const query = connection.query<{ Name: string }>('SELECT Name FROM Account ORDER BY Name');
    const { records } = await query.execute({ autoFetch: true, maxFetch: 10 });
    expect(records.map((row) => row.Name)).toEqual(['A', 'B', 'C']);
    const found = await connection.search('FIND {1212} IN PHONE FIELDS RETURNING Contact(Id, LastName)');
    expect(found.searchRecords).toMatchObject([{ LastName: 'Lee' }]);
    const description = await connection.describe('Task');
    expect(description.fields.find((field) => field.name === conversationId)).toMatchObject({ externalId: true });
    expect((await connection.describeGlobal()).sobjects.map((type) => type.name)).toContain('Lead');
    expect(connection.limitInfo.apiUsage).toEqual({ used: 5, limit: 100_000 });
  });

  it('runs a composite', async () => {
    const { sandbox, connection } = await connect();
    const compositeRequest = [
      { method: 'POST', url: `${base}/sobjects/Contact`, referenceId: 'person', body: { LastName: 'Lee' } },
      { method: 'POST', url: `${base}/sobjects/Task`, referenceId: 'task', body: { WhoId: '@{person.id}' } },
    ];
    await connection.requestPost('/composite', { compositeRequest });
    expect(sandbox.records('Task')[0]?.fields.WhoId).toBe(sandbox.records('Contact')[0]?.id);
  });

  it('signs in with client credentials', async () => {
    const { sandbox } = await openSandbox();
    const oauth2 = { loginUrl: sandbox.url, clientId: 'sandbox-client-id', clientSecret: 'sandbox-client-secret' };
    const connection = new Connection({ oauth2, version: '67.0' });
    await connection.authorize({ grant_type: 'client_credentials' });
    expect(connection.instanceUrl).toBe(sandbox.url);
    expect(await connection.sobject('User').find({ IsActive: true }, 'Id')).toHaveLength(4);
  });

  it('its errors carry the codes', async () => {
    const { connection } = await connect({ dailyRequests: 2 });
    await expect(connection.sobject('Contact').create({ Nope: 1 })).rejects.toMatchObject({
      errorCode: 'INVALID_FIELD',
    });
    await expect(connection.sobject('Lead').create({})).rejects.toMatchObject({ errorCode: 'REQUIRED_FIELD_MISSING' });
    await expect(connection.sobject('Lead').create({})).rejects.toMatchObject({ errorCode: 'REQUEST_LIMIT_EXCEEDED' });
  });
});
