import { describe, expect, it } from '@jest/globals';
import { defaultQueues } from '../../../sandbox/salesforce/org-defaults.ts';
import { base, openSandbox, refusal } from './open-sandbox.ts';

const part = (referenceId: string, method: string, path: string, rest: object = {}) => ({
  referenceId,
  method,
  url: base + path,
  ...rest,
});
const soql = (text: string) => `/query?q=${encodeURIComponent(text)}`;

describe('composite', () => {
  it('later parts take values out of earlier answers, in bodies and in URLs', async () => {
    const { sandbox, call } = await openSandbox();
    const { status, body } = await call('POST', '/composite', {
      compositeRequest: [
        part('person', 'POST', '/sobjects/Contact', { body: { LastName: 'A' } }),
        part('task', 'POST', '/sobjects/Task', { body: { WhoId: '@{person.id}', Subject: 'of @{person.id}' } }),
        part('found', 'GET', soql("SELECT Id FROM Task WHERE WhoId = '") + '@{person.id}%27'),
        part('again', 'GET', '/sobjects/Task/@{found.records[0].Id}?fields=Subject'),
      ],
    });
    expect(status).toBe(200);
    expect(body.compositeResponse.map((answer) => [answer.referenceId, answer.httpStatusCode])).toEqual([
      ['person', 201],
      ['task', 201],
      ['found', 200],
      ['again', 200],
    ]);
    const contact = sandbox.records('Contact')[0]?.id;
    expect(body.compositeResponse[3]?.body.Subject).toBe(`of ${contact}`);
  });

  it('a reference to nothing halts its part inside an answer of 200', async () => {
    const { call } = await openSandbox();
    const { status, body } = await call('POST', '/composite', {
      compositeRequest: [
        part('none', 'GET', soql('SELECT Id FROM Contact')),
        part('task', 'POST', '/sobjects/Task', { body: { WhoId: '@{none.records[0].Id}' } }),
        part('bad', 'POST', '/sobjects/Contact', { body: {} }),
        part('after', 'POST', '/sobjects/Task', { body: { WhoId: '@{bad.id}' } }),
      ],
    });
    expect(status).toBe(200);
    expect(body.compositeResponse.map((answer) => [answer.httpStatusCode, answer.body[0]?.errorCode])).toEqual([
      [200, undefined],
      [400, 'PROCESSING_HALTED'],
      [400, 'REQUIRED_FIELD_MISSING'],
      [400, 'PROCESSING_HALTED'],
    ]);
  });

  it('with allOrNone one bad part takes the others back', async () => {
    const { sandbox, call } = await openSandbox();
    const compositeRequest = [
      part('a', 'POST', '/sobjects/Account', { body: { Name: 'A' } }),
      part('b', 'POST', '/sobjects/Contact', { body: {} }),
    ];
    const { body } = await call('POST', '/composite', { allOrNone: true, compositeRequest });
    expect(body.compositeResponse.map((answer) => answer.body[0]?.errorCode)).toEqual([
      'PROCESSING_HALTED',
      'REQUIRED_FIELD_MISSING',
    ]);
    expect(sandbox.records('Account')).toEqual([]);
    await call('POST', '/composite', { compositeRequest });
    expect(sandbox.records('Account')).toHaveLength(1);
  });

  it('takes 25 parts, 5 of them queries or collections, and no search', async () => {
    const { call } = await openSandbox();
    const parts = (count: number, path: string) =>
      Array.from({ length: count }, (_, at) => part(`r${at}`, 'GET', path));
    const composite = async (compositeRequest: object) => call('POST', '/composite', { compositeRequest });
    const query = soql('SELECT Id FROM Account');
    expect((await composite([...parts(5, query), part('d', 'GET', '/sobjects')])).status).toBe(200);
    expect((await composite(parts(25, '/sobjects'))).status).toBe(200);
    expect(refusal(await composite(parts(6, query)))).toEqual([400, 'LIMIT_EXCEEDED']);
    expect(refusal(await composite(parts(26, '/sobjects')))).toEqual([400, 'LIMIT_EXCEEDED']);
    const search = await composite(parts(1, '/search?q=x'));
    expect(search.body.compositeResponse[0]?.body[0]?.errorCode).toBe('INVALID_OPERATION');
  });

  it('names its parts once, in letters, digits and underscores', async () => {
    const { call } = await openSandbox();
    const names = async (...ids: string[]) =>
      refusal(await call('POST', '/composite', { compositeRequest: ids.map((id) => part(id, 'GET', '/sobjects')) }));
    expect(await names('a', 'a')).toEqual([400, 'JSON_PARSER_ERROR']);
    expect(await names('a-b')).toEqual([400, 'JSON_PARSER_ERROR']);
  });

  it('parts do not inherit the headers of the whole', async () => {
    const [queue] = defaultQueues;
    const { sandbox, call } = await openSandbox({ assignmentRules: { Lead: queue.id } });
    const body = { LastName: 'A', Company: 'B' };
    const off = { 'Sforce-Auto-Assign': 'FALSE' };
    const compositeRequest = [
      part('inherits', 'POST', '/sobjects/Lead', { body }),
      part('has', 'POST', '/sobjects/Lead', { body, httpHeaders: off }),
    ];
    await call('POST', '/composite', { compositeRequest }, off);
    const owners = sandbox.records('Lead').map(({ fields }) => fields.OwnerId);
    expect([owners[0] === queue.id, owners[1] === queue.id]).toEqual([true, false]);
  });

  it('is one call of the daily limit', async () => {
    const { call } = await openSandbox();
    const compositeRequest = [part('a', 'GET', '/sobjects'), part('b', 'GET', '/sobjects')];
    const { headers } = await call('POST', '/composite', { compositeRequest });
    expect(headers.get('sforce-limit-info')).toBe('api-usage=1/100000');
  });
});
