import { describe, expect, it } from '@jest/globals';
import { defaultUsers } from '../../../sandbox/salesforce/org-defaults.ts';
import { conversationId, openSandbox, refusal, seedOne } from './open-sandbox.ts';

const [integration, dana] = defaultUsers;

describe('the control surface', () => {
  it('tells the writes of people from those of the integration', async () => {
    const { sandbox, call } = await openSandbox();
    const { body } = await call('POST', '/sobjects/Account', { Name: 'A' });
    sandbox.editAsPerson('Account', body.id, { Name: 'B' });
    const [account] = sandbox.records('Account');
    expect(account?.writes.map(({ by }) => by)).toEqual([integration?.id, dana?.id]);
    expect(account?.fields).toMatchObject({ Name: 'B', LastModifiedById: dana?.id, CreatedById: integration?.id });
  });

  it('refuses to seed what Salesforce would refuse, without repeating the value', async () => {
    const { sandbox } = await openSandbox();
    const seed = () => sandbox.seedRecords('Contact', [{ LastName: 'A', Email: 'secret' }]);
    expect(seed).toThrow('the Salesforce sandbox cannot take this Contact: INVALID_EMAIL_ADDRESS Email');
    expect(() => sandbox.withdrawFieldAccess('Contact', 'Nope')).toThrow('no field Nope');
    expect(() => sandbox.deleteAsPerson('Contact', '003000000000000AAA')).toThrow('no live record');
  });

  it('reset brings the start back: records, options, tokens, counts and faults', async () => {
    const { sandbox, call } = await openSandbox();
    const first = seedOne(sandbox, 'Account', { Name: 'A' });
    sandbox.setOptions({ dailyRequests: 0 });
    sandbox.revokeToken('test-token');
    sandbox.injectFault({ match: {}, fault: { kind: 'reset' } });
    sandbox.reset();
    expect((await call('GET', '/sobjects')).headers.get('sforce-limit-info')).toBe('api-usage=1/100000');
    expect(sandbox.requestCounts().describe).toBe(1);
    expect(sandbox.records('User')).toHaveLength(defaultUsers.length);
    expect(seedOne(sandbox, 'Account', { Name: 'A' })).toBe(first);
  });

  it('counts what calls were spent on, with rows and objects', async () => {
    const { sandbox, call } = await openSandbox();
    const records = [{ attributes: { type: 'Account' }, Name: 'A' }];
    await call('POST', '/composite/sobjects', { records: [...records, ...records] });
    await call('GET', '/sobjects/Task/describe');
    expect(sandbox.requestCounts()).toMatchObject({ 'collection create': 1, describe: 1, query: 0 });
    expect(sandbox.requestLog()).toMatchObject([
      { endpoint: 'collection create', inputs: 2, status: 200 },
      { endpoint: 'describe', objectType: 'Task', inputs: 1 },
    ]);
  });

  it('waitFor resolves with the change itself and gives up at its deadline', async () => {
    const { sandbox, call } = await openSandbox();
    const waiting = sandbox.waitFor((at) => at.records('Account').length === 1, 10_000);
    await call('POST', '/sobjects/Account', { Name: 'A' });
    await waiting;
    await expect(sandbox.waitFor(() => false, 10)).rejects.toThrow('within 10 ms');
  });
});

describe('an org between two starts', () => {
  it('a snapshot brings everything back with its ids, and new ids go on after the old ones', async () => {
    const before = await openSandbox();
    before.sandbox.addField('Task', { name: 'Extra__c' });
    const contact = seedOne(before.sandbox, 'Contact', { LastName: 'A', Phone: '1212' });
    seedOne(before.sandbox, 'Task', { WhoId: contact, [conversationId]: 'c', Extra__c: 'x' });
    before.sandbox.deleteAsPerson('Account', seedOne(before.sandbox, 'Account', { Name: 'gone' }));
    const stored = JSON.parse(JSON.stringify(before.sandbox.snapshot())) as ReturnType<typeof before.sandbox.snapshot>;

    const after = await openSandbox({ seed: 2, searchLagMs: 600_000 });
    after.sandbox.restore(stored);
    for (const type of ['Account', 'Contact', 'Task', 'User'] as const) {
      expect(after.sandbox.records(type)).toEqual(before.sandbox.records(type));
    }
    const search = await after.call('GET', `/search?q=${encodeURIComponent('FIND {1212} RETURNING Contact(Id)')}`);
    expect(search.body.searchRecords).toHaveLength(1);
    const upsert = await after.call('PATCH', `/sobjects/Task/${conversationId}/c`, { Extra__c: 'y' });
    expect(upsert.body.created).toBe(false);
    const made = await after.call('POST', '/sobjects/Contact', { LastName: 'B' });
    expect(made.body.id > contact).toBe(true);
    expect(after.sandbox.records('Contact')).toHaveLength(2);
  });

  it('merged people leave their tasks to the one that was kept', async () => {
    const { sandbox, query } = await openSandbox();
    const [kept = '', lost = ''] = sandbox.seedRecords('Contact', [{ LastName: 'A' }, { LastName: 'B' }]);
    seedOne(sandbox, 'Task', { WhoId: lost });
    sandbox.mergeAsPerson('Contact', kept, lost);
    expect(sandbox.records('Task')[0]).toMatchObject({ deleted: false, fields: { WhoId: kept } });
    const { body } = await query(`SELECT MasterRecordId FROM Contact WHERE Id = '${lost}'`, 'queryAll');
    expect(body.records[0]?.MasterRecordId).toBe(kept);
  });
});

describe('the control surface over HTTP', () => {
  async function openControl() {
    const { sandbox, call } = await openSandbox();
    const control = async (method: string, path: string, body?: unknown) => {
      const init = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
      const response = await fetch(`${sandbox.url}/_sandbox/${path}`, init);
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    return { sandbox, call, control };
  }

  it('seeds, edits, finds, waits and deletes', async () => {
    const { sandbox, control } = await openControl();
    const { body } = await control('POST', 'seed', { type: 'Lead', records: [{ LastName: 'A', Company: 'B' }] });
    const [id] = body.ids as readonly string[]; // what seed answers
    expect((await control('PATCH', `records/Lead/${id}`, { Title: 'x' })).status).toBe(200);
    expect((await control('GET', 'find/Lead?field=Title&value=x')).body.records).toHaveLength(1);
    expect((await control('GET', 'wait?type=Lead&field=Title&value=x')).body).toEqual({ count: 1 });
    expect((await control('POST', 'convert-lead', { id })).body.contactId).toMatch(/^003/);
    expect((await control('DELETE', `records/Lead/${id}`)).status).toBe(200);
    expect((await control('GET', 'records/Lead')).body.records).toMatchObject([{ deleted: true }]);
    const stored = (await control('GET', 'snapshot')).body;
    expect((await control('POST', 'reset')).status).toBe(200);
    expect(sandbox.records('Lead')).toEqual([]);
    expect((await control('POST', 'restore', stored)).status).toBe(200);
    expect(sandbox.records('Lead')).toHaveLength(1);
    expect((await control('POST', 'restore', {})).status).toBe(400);
    const { body: two } = await control('POST', 'seed', {
      type: 'Contact',
      records: [{ LastName: 'A' }, { LastName: 'B' }],
    });
    const [keptId, lostId] = two.ids as readonly string[]; // what seed answers
    expect((await control('POST', 'merge', { type: 'Contact', keptId, lostId })).status).toBe(200);
    await control('POST', 'reset');
    expect(sandbox.records('Lead')).toEqual([]);
  });

  it('changes fields, options, tokens, limits and faults', async () => {
    const { sandbox, call, control } = await openControl();
    await control('POST', 'fields/Task', { name: 'Extra__c' });
    expect((await call('POST', '/sobjects/Task', { Extra__c: 'x' })).status).toBe(201);
    await control('DELETE', 'field-access/Task/Extra__c?left=read');
    expect(refusal(await call('POST', '/sobjects/Task', { Extra__c: 'x' }))[1]).toBe('INVALID_FIELD_FOR_INSERT_UPDATE');
    await control('POST', 'field-access/Task/Extra__c');
    await control('DELETE', 'fields/Task/Extra__c');
    expect(refusal(await call('POST', '/sobjects/Task', { Extra__c: 'x' }))[1]).toBe('INVALID_FIELD');
    await control('PATCH', 'options', { dailyRequests: 5 });
    await control('POST', 'spend', { requests: 5 });
    expect((await call('GET', '/sobjects')).status).toBe(403);
    await control('PATCH', 'options', { dailyRequests: null });
    await control('POST', 'faults', { fault: { kind: 'status', status: 500 } });
    expect((await call('GET', '/sobjects')).status).toBe(500);
    await control('DELETE', 'tokens', { token: 'test-token' });
    expect((await call('GET', '/sobjects')).status).toBe(401);
    await control('POST', 'tokens', { token: 'test-token' });
    expect((await call('GET', '/sobjects')).status).toBe(200);
    expect((await control('GET', 'request-counts')).body.counts).toEqual(sandbox.requestCounts());
    const app = { clientId: 'late', runAs: integration?.id };
    expect((await control('POST', 'connected-apps', app)).status).toBe(200);
  });

  it('says what is wrong with a request', async () => {
    const { control } = await openControl();
    expect((await control('PATCH', 'options', { nope: 1 })).status).toBe(400);
    expect((await control('POST', 'seed', { type: 'Nope', records: [] })).status).toBe(400);
    expect((await control('GET', 'nowhere')).status).toBe(404);
  });
});

describe('the page', () => {
  it('shows people with their tasks, and tasks of nobody', async () => {
    const { sandbox } = await openSandbox();
    const contact = seedOne(sandbox, 'Contact', { FirstName: '<b>Ann', LastName: 'Lee', Phone: '(415) 555-1212' });
    sandbox.seedRecords('Task', [
      {
        WhoId: contact,
        Subject: 'Call about Tuesday',
        TaskSubtype: 'Call',
        CallType: 'Inbound',
        CallDurationInSeconds: 165,
      },
      { Subject: 'Lost' },
    ]);
    const text = await (await fetch(sandbox.url)).text();
    expect(text).toContain('&lt;b&gt;Ann Lee');
    expect(text).toContain('(415) 555-1212');
    expect(text).toMatch(/Call about Tuesday[\s\S]*Inbound[\s\S]*2:45[\s\S]*Not Started[\s\S]*Dana Reed/);
    expect(text).toMatch(/Tasks of nobody[\s\S]*Lost/);
    const person = await fetch(`${sandbox.url}/people/${contact}`);
    expect([person.status, (await person.text()).includes('Lost')]).toEqual([200, false]);
    expect((await fetch(`${sandbox.url}/people/x`)).status).toBe(404);
    expect((await fetch(`${sandbox.url}/nowhere`)).status).toBe(404);
  });
});
