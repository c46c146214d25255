import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Connection as JsforceConnection } from 'jsforce';
import { conversationId, openSandbox, seedOne, token } from './open-sandbox.ts';

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

async function connect(options: Parameters<typeof openSandbox>[0] = {}) {
  const { sandbox } = await openSandbox({ bulkJobMs: 0, ...options });
  const connection = new Connection({ instanceUrl: sandbox.url, accessToken: token, version: '67.0' });
  Object.assign(connection.bulk2, { pollInterval: 1, pollTimeout: 5_000 });
  return { sandbox, connection };
}

describe("jsforce's Bulk API 2.0 runs against the sandbox", () => {
  it('upserts, and reads which rows were made, changed and refused', async () => {
    const { sandbox, connection } = await connect();
    const known = seedOne(sandbox, 'Task', { [conversationId]: 'b', Description: 'Gone' });
    const input = [
      // The client takes its columns from the first record.
      {
        [conversationId]: 'a',
        Subject: 'say "hi", 🎉\nbye',
        CallDurationInSeconds: 5,
        Description: '',
        ActivityDate: '',
      },
      { [conversationId]: 'b', Subject: 'x', Description: null },
      { [conversationId]: 'c', ActivityDate: 'soon' },
    ];
    const job = { object: 'Task', operation: 'upsert', externalIdFieldName: conversationId, input } as const;
    const results = await connection.bulk2.loadAndWaitForResults(job);
    expect(results.successfulResults).toMatchObject([
      { sf__Created: 'false', sf__Id: known, [conversationId]: 'b' },
      { sf__Created: 'true', [conversationId]: 'a' },
    ]);
    expect(results.failedResults).toMatchObject([{ [conversationId]: 'c', ActivityDate: 'soon' }]);
    expect(results.failedResults[0]?.sf__Error).toMatch(/^INVALID_TYPE_ON_FIELD_IN_RECORD:/);
    expect(results.unprocessedRecords).toEqual([]);
    const byKey = new Map(sandbox.records('Task').map(({ fields }) => [fields[conversationId], fields]));
    expect(byKey.get('a')).toMatchObject({ Subject: 'say "hi", 🎉\nbye', CallDurationInSeconds: 5 });
    expect(byKey.get('b')).toMatchObject({ Subject: 'x', Description: null });
  });

  it('inserts, updates and deletes', async () => {
    const { sandbox, connection } = await connect();
    const run = (operation: 'insert' | 'update' | 'delete', input: Record<string, string>[]) =>
      connection.bulk2.loadAndWaitForResults({ object: 'Account', operation, input });
    await run('insert', [{ Name: 'A' }, { Name: 'B' }]);
    const [a, b] = sandbox.records('Account').map(({ id }) => id);
    await run('update', [{ Id: a ?? '', Name: 'A2' }]);
    await run('delete', [{ Id: b ?? '' }]);
    expect(sandbox.records('Account').map(({ deleted, fields }) => [deleted, fields.Name])).toEqual([
      [false, 'A2'],
      [true, 'B'],
    ]);
  });

  it('hears that a job failed, that it takes too long, and that there is no such API', async () => {
    const { sandbox, connection } = await connect();
    const load = (input: Record<string, string>[]) =>
      connection.bulk2.loadAndWaitForResults({ object: 'Account', operation: 'insert', input });
    await expect(load([{ Nope__c: 'x' }])).rejects.toThrow('InvalidBatch : Field name not found : Nope__c');
    sandbox.setOptions({ bulkJobMs: null });
    Object.assign(connection.bulk2, { pollTimeout: 20 });
    await expect(load([{ Name: 'A' }])).rejects.toMatchObject({ name: 'JobPollingTimeout' });
    sandbox.setOptions({ bulkApi: 'off' });
    await expect(load([{ Name: 'A' }])).rejects.toMatchObject({ errorCode: 'FEATURENOTENABLED' });
  });
});
