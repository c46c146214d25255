/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- the client's request classes are plain shapes, and its own guide passes literals */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { literal } from '../../../connectors/salesforce/soql.ts';
import { createHttpTransport } from '../../../connectors/transport/http-transport.ts';
import { startSalesforceSandbox } from '../../../sandbox/salesforce/index.ts';
import { createOfficialOAuth, createOfficialSalesforce } from '../../support/official-clients.ts';
import { startScriptedServer } from '../scripted-server.ts';
import { CALLS, connectOfficial, endOf, FAILURES, TOKEN, type Connected, type Ending } from './official-failures.ts';

const KEY = 'PersonaDesk_Conversation_Id__c';
const run = promisify(execFile);
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function connect(options: Parameters<typeof connectOfficial>[0] = {}): Promise<Connected> {
  const connected = await connectOfficial(options);
  closing.push(() => connected.close());
  return connected;
}

function errorOf(ending: Ending): unknown {
  if ('value' in ending) throw new Error(`the call succeeded: ${JSON.stringify(ending.value)}`);
  return ending.error;
}

describe('the official clients, unmodified, over our transport', () => {
  it('HubSpot’s creates, upserts in a batch and searches, and shows status and headers', async () => {
    const { hubspot, answers } = await connect();
    const created = await hubspot.basicApi.create('contacts', {
      properties: { email: 'ann@example.com', firstname: 'Ann', lastname: `O'Hara \\ "x"` },
    });
    expect(created.properties.lastname).toBe(`O'Hara \\ "x"`);
    const inputs = ['ann@example.com', 'bob@example.com'].map((id) => ({
      id,
      idProperty: 'email',
      properties: { email: id, city: 'Boston' },
    }));
    const upserted = await hubspot.batchApi.upsertWithHttpInfo('contacts', { inputs });
    expect(upserted.httpStatusCode).toBe(200);
    expect(upserted.headers['x-hubspot-ratelimit-remaining']).toMatch(/^\d+$/);
    expect(upserted.data.results.map((result) => result._new).toSorted()).toEqual([false, true]);
    const found = await hubspot.searchApi.doSearch('contacts', { query: 'ann@example.com', limit: 5 });
    expect(found.results.map(({ id }) => id)).toEqual([created.id]);
    expect(answers.map(({ status }) => status)).toEqual([201, 200, 200]);
  });

  it('Salesforce’s creates, upserts in a collection, queries and searches, and its limits are known', async () => {
    const { salesforce, answers } = await connect();
    const person = await salesforce.sobject('Contact').create({ LastName: `O'Hara \\ "x"`, Phone: '415 555 1212' });
    const rows = ['conv-1', 'conv-2'].map((id) => ({ [KEY]: id, Subject: 'Call' }));
    const upserted = await salesforce.sobject('Task').upsert(rows, KEY, { allOrNone: false });
    expect(upserted.map(({ success }) => success)).toEqual([true, true]);
    const soql = `SELECT Id FROM Contact WHERE LastName = ${literal(`O'Hara \\ "x"`)}`;
    expect((await salesforce.query(soql)).records.map(({ Id }) => Id)).toEqual([person.id]);
    const found = await salesforce.search('FIND {1212} IN PHONE FIELDS RETURNING Contact(Id)');
    expect(found.searchRecords.map(({ Id }) => Id)).toEqual([person.id]);
    expect(salesforce.limitInfo.apiUsage?.used).toBe(4);
    expect(answers.map(({ status }) => status)).toEqual([201, 200, 200, 200]);
    expect(answers.at(-1)?.headers['sforce-limit-info']).toMatch(/^api-usage=4\//);
  });
});

/** What a caller learns, whichever client it called; a client's own error where the answer was one. */
const LEARNED: Readonly<Record<string, object | number>> = {
  'a connection that is reset before the answer': { kind: 'no_answer', code: 'reset' },
  'a connection that is reset in the middle of the body': { kind: 'no_answer', code: 'reset' },
  'headers that never come': { kind: 'no_answer', code: 'timeout' },
  'a body that stops half-way': { kind: 'no_answer', code: 'timeout' },
  'a body that trickles': { kind: 'no_answer', code: 'timeout' },
  'a body over the limit': { kind: 'no_answer', code: 'too_large' },
  'a page of an intermediary': 502,
  'an empty 504': 504,
  'a limit': 429,
  'a redirect': { kind: 'answer_refused', code: 'redirect', status: 302 },
  'a login page in the place of an answer': { kind: 'answer_refused', code: 'page', status: 200 },
  'an answer that is cut off in its JSON': 400,
  'a token that is refused': 401,
};

describe.each(Object.entries(CALLS))('%s, when the other side fails', (_, call) => {
  it.each(Object.entries(FAILURES))('%s: ends as a rejection, in time', async (name, failure) => {
    const startedAt = performance.now();
    const { ending, answers } = await endOf(failure, call);
    // The deadline is 0.4 s; without one, headers or a body that stay away are waited for half an hour or for ever.
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    const error = errorOf(ending);
    expect(error).toBeInstanceOf(Error);
    const learned = LEARNED[name];
    if (typeof learned === 'object') expect(error).toMatchObject(learned);
    // jsforce's errors name neither status nor headers; whoever listens has them.
    else expect(answers.map(({ status }) => status)).toEqual([learned]);
    expect(String(error)).not.toContain(TOKEN);
  });
});

describe('both clients together', () => {
  it('meet every failure in one process, which lives on', async () => {
    const { stdout } = await run(process.execPath, [resolve('test/connectors/transport/official-survival.ts')]);
    expect(Number(stdout)).toBe(Object.keys(FAILURES).length * Object.keys(CALLS).length);
  });

  it('without our transport a body that is reset ends the process that uses jsforce', async () => {
    await using server = await startScriptedServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"records":[', () => response.destroy());
    });
    const code = `
      import { Connection } from 'jsforce';
      const connection = new Connection({ instanceUrl: '${server.origin}', accessToken: 't', version: '67.0' });
      const timer = setTimeout(() => process.exit(0), 20_000);
      await connection.query('SELECT Id FROM Contact').catch(() => clearTimeout(timer));
    `;
    const env = { PATH: process.env.PATH };
    const died = run(process.execPath, ['--input-type=module', '-e', code], { cwd: resolve('.'), env });
    await expect(died).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('TypeError: terminated') });
  });

  it('end with their caller', async () => {
    const controller = new AbortController();
    const { hubspot, salesforce, sandboxes } = await connect({ signal: controller.signal });
    for (const sandbox of [sandboxes.hubspot, sandboxes.salesforce]) {
      sandbox.injectFault({ match: {}, times: 2, fault: { kind: 'stall', ms: 60_000 } });
    }
    const calls = [
      hubspot.searchApi.doSearch('contacts', { limit: 1 }),
      salesforce.query('SELECT Id FROM Contact').execute(),
    ];
    const ended = Promise.allSettled(calls);
    await Promise.all([
      sandboxes.hubspot.waitFor(() => sandboxes.hubspot.faultsHit() === 1, 10_000),
      sandboxes.salesforce.waitFor(() => sandboxes.salesforce.faultsHit() === 1, 10_000),
    ]);
    controller.abort();
    expect(await ended).toMatchObject([
      { status: 'rejected', reason: { code: 'aborted' } },
      { status: 'rejected', reason: { code: 'aborted' } },
    ]);
  });

  it('are not led to another host, which would get the token', async () => {
    await using other = await startScriptedServer((_, response) => response.end('{}'));
    const { salesforce } = await connect();
    for (const url of [`${other.origin}/services/data`, 'http://127.0.0.1:1@other.example/']) {
      await expect(salesforce.request(url)).rejects.toMatchObject({ kind: 'refused', code: 'other_host' });
    }
    expect(other.received).toEqual([]);
  });
});

describe('what jsforce itself would get wrong', () => {
  it('a token that is refused for ever, though it is renewed each time: two requests and one renewal', async () => {
    let renewals = 0;
    const renew = () => Promise.resolve(`renewed-${(renewals += 1)}`);
    const { salesforce, sandboxes } = await connect({ renew });
    sandboxes.salesforce.revokeToken(TOKEN);
    await expect(salesforce.query('SELECT Id FROM Contact')).rejects.toMatchObject({
      code: 'unauthorized_again',
      status: 401,
    });
    expect([renewals, sandboxes.salesforce.requestLog().length]).toEqual([1, 2]);
  });

  it('thirty calls at once whose token has ended: one renewal, and all succeed', async () => {
    let renewals = 0;
    const { salesforce, sandboxes } = await connect({
      renew: () => {
        renewals += 1;
        sandboxes.salesforce.addToken({ token: 'fresh' });
        return Promise.resolve('fresh');
      },
    });
    sandboxes.salesforce.revokeToken(TOKEN);
    const calls = Array.from({ length: 30 }, async () => salesforce.query('SELECT Id FROM Contact'));
    expect((await Promise.all(calls)).every(({ done }) => done)).toBe(true);
    expect(renewals).toBe(1);
  });

  it('a renewal that fails is the rejection of the call', async () => {
    const { salesforce, sandboxes } = await connect({ renew: () => Promise.reject(new Error('the app was removed')) });
    sandboxes.salesforce.revokeToken(TOKEN);
    await expect(salesforce.query('SELECT Id FROM Contact')).rejects.toThrow('the app was removed');
  });

  it('refresh token rotation: each renewal goes on with the token of the one before', async () => {
    const salesforce = await startSalesforceSandbox({ refreshTokenRotation: true });
    const transport = createHttpTransport();
    closing.push(
      () => salesforce.close(),
      () => transport.close(),
    );
    const userId = String(salesforce.records('User')[0]?.id);
    salesforce.addConnectedApp({ clientId: 'ours', clientSecret: 's', refreshTokens: [{ token: 'first', userId }] });
    const shared = { transport, origin: salesforce.url, signal: new AbortController().signal };
    const oauth = await createOfficialOAuth({ clientId: 'ours', clientSecret: 's' }, shared);
    let current = 'first';
    const used: string[] = [];
    const renew = async () => {
      used.push(current);
      const answer = await oauth.refreshToken(current);
      current = answer.refresh_token ?? current;
      return answer.access_token;
    };
    const connection = await createOfficialSalesforce({ ...shared, accessToken: 'ended', renew });
    for (let round = 0; round < 3; round += 1) {
      expect((await connection.query('SELECT Id FROM Contact')).done).toBe(true);
      salesforce.revokeToken(connection.accessToken ?? '');
    }
    expect(new Set(used).size).toBe(3);
  });

  it.each(['a/b', 'a?b', 'a#b', 'a%2Fb', 'a b/c?d#e%2F'])(
    'the external id %s: alone it is refused before it leaves, in a collection it is written as it stands',
    async (id) => {
      const { salesforce, sandboxes } = await connect();
      await expect(salesforce.sobject('Task').upsert({ [KEY]: id, Subject: 'Call' }, KEY)).rejects.toMatchObject({
        kind: 'refused',
        code: 'unsafe_path',
      });
      expect(sandboxes.salesforce.records('Task')).toEqual([]);
      await salesforce.sobject('Task').upsert([{ [KEY]: id, Subject: 'Call' }], KEY);
      expect(sandboxes.salesforce.findByField('Task', KEY, id)).toHaveLength(1);
    },
  );

  it('a backslash in its own query builder: what it makes of it is a refusal, ours finds the record', async () => {
    const { salesforce, sandboxes } = await connect();
    sandboxes.salesforce.seedRecords('Contact', [{ LastName: 'back\\' }]);
    await expect(salesforce.sobject('Contact').find({ LastName: 'back\\' }, ['Id'])).rejects.toMatchObject({
      errorCode: 'MALFORMED_QUERY',
    });
    const found = await salesforce.query(`SELECT Id FROM Contact WHERE LastName = ${literal('back\\')}`);
    expect(found.totalSize).toBe(1);
  });
});

describe('what HubSpot’s client would get wrong', () => {
  it.each(['a/b@example.com', 'a?b@example.com', 'a#b@example.com', 'a%2Fb@example.com'])(
    'the id %s leads to the record of that id and no other',
    async (email) => {
      const { hubspot, sandboxes } = await connect();
      sandboxes.hubspot.seedRecords('contacts', [{ email }]);
      const idProperty = 'email';
      const read = await hubspot.basicApi.getById(
        'contacts',
        email,
        ['email'],
        undefined,
        undefined,
        false,
        idProperty,
      );
      expect(read.properties.email).toBe(email.toLowerCase());
    },
  );
});
