import { afterEach, describe, expect, it } from '@jest/globals';
import type { TaskWrite } from '../../../src/domain/crm.ts';
import { caller, connectOrg, failureOf, TOKEN, type ConnectedOrg, type OrgOptions } from './connected-org.ts';

type Fault = Parameters<ConnectedOrg['sandbox']['injectFault']>[0]['fault'];

const orgs: ConnectedOrg[] = [];

afterEach(async () => {
  for (const org of orgs.splice(0)) await org.stop();
});

describe('an org that does not let us write', () => {
  it.each<[string, Fault, object]>([
    [
      'a 500',
      { kind: 'status', status: 500, body: [{ errorCode: 'UNKNOWN_EXCEPTION', message: 'x' }] },
      { disposition: 'retry', code: 'salesforce.UNKNOWN_EXCEPTION', status: 500 },
    ],
    ["an intermediary's 502 page", { kind: 'html-502' }, { disposition: 'retry', code: 'salesforce.HTTP_502' }],
    ['an empty 504', { kind: 'status', status: 504, body: '' }, { disposition: 'retry', code: 'salesforce.HTTP_504' }],
    ['a broken connection', { kind: 'reset' }, { disposition: 'retry', code: 'network.reset', status: undefined }],
    [
      'a login page where an answer belongs',
      { kind: 'status', status: 200, body: '<html>' },
      { disposition: 'retry', code: 'salesforce.UNREADABLE_ANSWER' },
    ],
    [
      'a redirect to a login page',
      { kind: 'status', status: 302, body: '', headers: { Location: 'https://login.example.com' } },
      { disposition: 'retry', code: 'salesforce.HTTP_302' },
    ],
    [
      'a maintenance',
      { kind: 'status', status: 503, body: [{ errorCode: 'ORG_IN_MAINTENANCE' }] },
      { disposition: 'retry' },
    ],
    [
      'a busy moment',
      { kind: 'status', status: 403, body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED' }] },
      { disposition: 'throttle', retryAfterMs: 30_000 },
    ],
    [
      'a closed API',
      { kind: 'status', status: 403, body: [{ errorCode: 'API_DISABLED_FOR_ORG' }] },
      { disposition: 'reconnect' },
    ],
  ])('%s is the result of every item, and nothing is sent again', async (_, fault, expected) => {
    const org = await connected();
    org.sandbox.injectFault({ match: { path: '/composite/sobjects' }, times: 9, fault });
    const results = await org.connector.upsertTasks(tasks(3), org.context);
    expect(results.map(failureOf)).toMatchObject([expected, expected, expected]);
    expect(org.requests).toHaveLength(1);
  });

  it('the daily limit parks the org, and what has not left by then does not leave', async () => {
    const org = await connected();
    org.sandbox.setOptions({ dailyRequests: 10 });
    org.sandbox.spendDailyRequests(1_000);
    const results = await org.connector.upsertTasks(tasks(450), org.context);
    expect(results).toHaveLength(450);
    for (const result of results) {
      expect(failureOf(result)).toMatchObject({
        disposition: 'throttle',
        code: 'salesforce.REQUEST_LIMIT_EXCEEDED',
        retryAfterMs: 900_000,
      });
    }
    expect(org.requests).toHaveLength(1);
  });

  it('a session that has ended stops the connection, and is reported once', async () => {
    const org = await connected();
    org.sandbox.revokeToken(TOKEN);
    const results = await org.connector.upsertTasks(tasks(450), org.context);
    for (const result of results) {
      expect(failureOf(result)).toMatchObject({
        disposition: 'reconnect',
        code: 'salesforce.INVALID_SESSION_ID',
        status: 401,
      });
    }
    expect(org.requests).toHaveLength(1);
  });

  it('a fresh token is used from the next request on', async () => {
    let token = TOKEN;
    const org = await connected();
    const connector = org.connect({ accessToken: () => Promise.resolve(token) });
    org.sandbox.revokeToken(token);
    org.sandbox.addToken({ token: 'fresh' });
    expect(await connector.upsertTasks(tasks(1), org.context)).toMatchObject([{ kind: 'refused' }]);
    token = 'fresh';
    expect(await connector.upsertTasks(tasks(1), org.context)).toMatchObject([{ kind: 'written' }]);
  });

  it('a schema that could not be read is the result of every item, and is asked for again', async () => {
    const org = await connected();
    const connector = org.connect();
    org.sandbox.injectFault({ match: { path: '/describe' }, times: 1, fault: { kind: 'html-502' } });
    const results = await connector.upsertTasks(tasks(2), org.context);
    expect(results.map(failureOf)).toMatchObject([{ disposition: 'retry' }, { disposition: 'retry' }]);
    expect(await connector.upsertTasks(tasks(2), org.context)).toMatchObject([
      { kind: 'written' },
      { kind: 'written' },
    ]);
  });

  it.each(['stall', 'stall-body'] as const)('a %s past the time-out ends within the deadline', async (kind) => {
    const org = await connected({ transport: { totalTimeoutMs: 400 } });
    org.sandbox.injectFault({ match: { path: '/composite/sobjects' }, times: 1, fault: { kind, ms: 60_000 } });
    const startedAt = performance.now();
    const results = await org.connector.upsertTasks(tasks(2), org.context);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(results.map(failureOf)).toMatchObject([{ code: 'timeout' }, { code: 'timeout' }]);
    const again = org.connect({ now: Date.now });
    expect(await again.upsertTasks(tasks(2), org.context)).toMatchObject([{ kind: 'written' }, { kind: 'written' }]);
    expect(org.sandbox.records('Task')).toHaveLength(2);
  });

  it('a batch that has run out of time sends nothing more', async () => {
    const org = await connected();
    const before = org.sandbox.requestLog().length;
    const results = await org.connector.upsertTasks(tasks(2), { signal: AbortSignal.abort() });
    expect(results.map(failureOf)).toMatchObject([{ code: 'network.aborted' }, { code: 'network.aborted' }]);
    expect(org.sandbox.requestLog()).toHaveLength(before);
  });

  it('a failed chunk leaves the other chunks written', async () => {
    const org = await connected();
    org.sandbox.injectFault({
      match: { path: '/composite/sobjects', nth: 2 },
      fault: { kind: 'status', status: 500, body: [] },
    });
    const kinds = (await org.connector.upsertTasks(tasks(450), org.context)).map(({ kind }) => kind);
    expect(kinds.slice(0, 200).every((kind) => kind === 'written')).toBe(true);
    expect(kinds.slice(200, 400).every((kind) => kind === 'refused')).toBe(true);
    expect(kinds.slice(400).every((kind) => kind === 'written')).toBe(true);
  });

  it('a value that fails its whole call costs no other row', async () => {
    const org = await connected();
    const body = [{ errorCode: 'JSON_PARSER_ERROR', message: 'Cannot deserialize' }];
    // The call of all, then the half with the first row, then that row by itself.
    org.sandbox.injectFault({
      match: { path: '/composite/sobjects' },
      times: 3,
      fault: { kind: 'status', status: 400, body },
    });
    const results = await org.connector.upsertTasks(tasks(4), org.context);
    expect(results.map(({ kind }) => kind)).toEqual(['refused', 'written', 'written', 'written']);
    expect(failureOf(results[0])).toMatchObject({ disposition: 'bug', code: 'salesforce.JSON_PARSER_ERROR' });
  });

  it('a column that fails its whole call costs only the rows that hold it', async () => {
    const org = await connected();
    const body = [{ errorCode: 'INVALID_FIELD', message: "No such column 'Description' on sobject of type Task" }];
    org.sandbox.injectFault({
      match: { path: '/composite/sobjects' },
      times: 1,
      fault: { kind: 'status', status: 400, body },
    });
    const [first, second] = tasks(2);
    if (first === undefined || second === undefined) throw new Error('The test needs two tasks.');
    const described = { ...first, fields: { ...first.fields, Description: 'D' } };
    const results = await org.connector.upsertTasks([described, second], org.context);
    expect(results).toMatchObject([
      { kind: 'refused', failure: { disposition: 'fix_mapping', field: 'Description' } },
      { kind: 'written' },
    ]);
  });
});

describe('calls the org counts', () => {
  it('a new caller is three, one who is known is two, and a hundred at once are 0.04 each', async () => {
    const org = await connected();
    expect(await deliver(org, 1, 0)).toBe(3);
    expect(await deliverToKnown(org, 1)).toBe(2);
    expect(await deliver(org, 100, 1)).toBe(4);
  });

  it('what is left of the day is known from the last answer', async () => {
    const org = await connected({ sandbox: { dailyRequests: 1_000 } });
    const [before] = org.connector.quota();
    await org.connector.upsertTasks(tasks(1), org.context);
    const [after] = org.connector.quota();
    expect(before).toMatchObject({ limit: 'daily', allowed: 1_000 });
    expect(after?.remaining).toBe((before?.remaining ?? 0) - 1);
    expect(org.connect().quota()).toEqual([]);
  });
});

/** New callers: look up, write people, write calls. */
async function deliver(org: ConnectedOrg, count: number, from: number): Promise<number> {
  org.requests.length = 0;
  const queries = Array.from({ length: count }, (_, index) => caller(from + index));
  await org.connector.lookUpPeople(queries, [], org.context);
  const people = await org.connector.upsertPeople(
    queries.map(({ key }) => ({ key, ref: undefined, fields: { LastName: 'L', Company: 'Unknown' } })),
    org.context,
  );
  const calls = await org.connector.upsertActivities(
    people.map((person, index) => ({
      key: `ten_a:conv_${from + index}`,
      kind: 'call' as const,
      fields: { Subject: 'S', TaskSubtype: 'Call' },
      person: person.kind === 'written' ? person.ref : undefined,
    })),
    org.context,
  );
  expect(calls.every((call) => call.kind === 'written' && call.linkedTo !== undefined)).toBe(true);
  return org.requests.length;
}

/** Known callers: read them, write calls. */
async function deliverToKnown(org: ConnectedOrg, count: number): Promise<number> {
  org.requests.length = 0;
  const refs = org.sandbox
    .records('Lead')
    .slice(0, count)
    .map(({ id }) => ({ object: 'Lead', id }));
  await org.connector.readPeople(refs, [], org.context);
  const calls = refs.map((person, index) => ({
    key: `ten_a:again_${index}`,
    kind: 'call' as const,
    fields: { Subject: 'S', TaskSubtype: 'Call' },
    person,
  }));
  await org.connector.upsertActivities(calls, org.context);
  return org.requests.length;
}

async function connected(options: OrgOptions = {}): Promise<ConnectedOrg> {
  const org = await connectOrg(options);
  orgs.push(org);
  return org;
}

function tasks(count: number): readonly TaskWrite[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `ten_a:conv_${index}:handoff`,
    fields: { Subject: 'Call back' },
    person: undefined,
  }));
}
