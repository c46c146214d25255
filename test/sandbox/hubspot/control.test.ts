import { describe, expect, it } from '@jest/globals';
import { makeUniqueProperty, openSandbox } from './open-sandbox.ts';

describe('the control surface', () => {
  it("a person's edit is told apart from an integration's in the history", async () => {
    const { sandbox, call } = await openSandbox();
    const { body } = await call('POST', '/crm/v3/objects/contacts', { properties: { firstname: 'Ann' } });
    sandbox.editAsPerson('contacts', body.id, { firstname: 'Anna' });
    const [record] = sandbox.records('contacts');
    expect(record?.history.firstname?.map(({ value, sourceType }) => [value, sourceType])).toEqual([
      ['Anna', 'CRM_UI'],
      ['Ann', 'INTEGRATION'],
    ]);
    const read = await call('GET', `/crm/v3/objects/contacts/${body.id}?propertiesWithHistory=firstname`);
    expect(read.body.propertiesWithHistory).toEqual({ firstname: record?.history.firstname });
  });

  it('writing the same value again makes no version', async () => {
    const { sandbox, call } = await openSandbox();
    const { body } = await call('POST', '/crm/v3/objects/contacts', { properties: { firstname: 'Ann' } });
    await call('PATCH', `/crm/v3/objects/contacts/${body.id}`, { properties: { firstname: 'Ann' } });
    expect(sandbox.records('contacts')[0]?.history.firstname).toHaveLength(1);
  });

  it('waitFor resolves by the change itself and fails after its deadline', async () => {
    const { sandbox, call } = await openSandbox();
    const waiting = sandbox.waitFor((now) => now.findByProperty('contacts', 'firstname', 'Ann').length === 1, 10_000);
    await call('POST', '/crm/v3/objects/contacts', { properties: { firstname: 'Ann' } });
    await waiting;
    await expect(sandbox.waitFor(() => false, 10)).rejects.toThrow('within 10 ms');
  });

  it('counts calls by class and logs the inputs of a batch', async () => {
    const opened = await openSandbox();
    await makeUniqueProperty(opened, 'contacts');
    const inputs = ['a', 'b', 'c'].map((id) => ({ id, idProperty: 'pd_key', properties: {} }));
    await opened.call('POST', '/crm/v3/objects/contacts/batch/upsert', { inputs });
    await opened.call('POST', '/crm/v3/objects/contacts/search', { filterGroups: [] });
    await opened.call('GET', '/nowhere');
    expect(opened.sandbox.requestCounts()).toMatchObject({ 'batch upsert': 1, search: 1, unknown: 1, update: 0 });
    expect(opened.sandbox.requestLog()[1]).toMatchObject({
      endpoint: 'batch upsert',
      objectType: 'contacts',
      inputs: 3,
    });
  });

  it('reset brings back the account of the start', async () => {
    const opened = await openSandbox();
    await makeUniqueProperty(opened, 'contacts');
    const { sandbox, call } = opened;
    const [first] = sandbox.seedRecords('contacts', [{ firstname: 'Ann' }]);
    sandbox.setOptions({ phoneOnlyContact: 'reject' });
    sandbox.revokeToken('test-token');
    sandbox.injectFault({ match: {}, fault: { kind: 'reset' } });
    sandbox.reset();
    expect(sandbox.records('contacts')).toEqual([]);
    expect(sandbox.requestLog()).toEqual([]);
    expect((await call('GET', '/crm/v3/properties/contacts/pd_key')).status).toBe(404);
    expect((await call('POST', '/crm/v3/objects/contacts', { properties: { phone: '1' } })).status).toBe(201);
    sandbox.reset();
    expect(sandbox.seedRecords('contacts', [{ firstname: 'Ann' }])).toEqual([first]);
  });

  it('seeds that HubSpot would not hold fail with codes and names only', async () => {
    const { sandbox } = await openSandbox();
    expect(() => sandbox.seedRecords('contacts', [{ email: 'secret value' }])).toThrow(/email: INVALID_EMAIL$/);
    const twice = [{ email: 'ann@example.com' }, { email: 'ANN@example.com' }];
    expect(() => sandbox.seedRecords('contacts', twice)).toThrow(/contacts: CONFLICT$/);
  });
});

describe('the control surface over HTTP', () => {
  it('does what the methods do', async () => {
    const { sandbox, call } = await openSandbox();
    const seeded = await call('POST', '/_sandbox/seed', { type: 'contacts', records: [{ firstname: 'Ann' }] });
    const [id] = (seeded.body as unknown as { ids: string[] }).ids;
    expect(sandbox.records('contacts')[0]?.id).toBe(id);
    await call('PATCH', `/_sandbox/records/contacts/${id ?? ''}`, { firstname: 'Anna' });
    const found = await call('GET', '/_sandbox/find/contacts?property=firstname&value=Anna');
    expect(found.body.records).toMatchObject([{ id, history: { firstname: [{ sourceType: 'CRM_UI' }, {}] } }]);
    await call('PATCH', '/_sandbox/options', { phoneOnlyContact: 'reject', limits: { perDay: 1 } });
    await call('POST', '/_sandbox/faults', { match: { path: 'owners' }, fault: { kind: 'html-502' } });
    expect((await fetch(`${sandbox.url}/crm/v3/owners`)).status).toBe(502);
    const counts = await call('GET', '/_sandbox/request-counts');
    expect(counts.body.counts).toMatchObject({ unknown: 1 });
    await call('DELETE', '/_sandbox/tokens', { token: 'test-token' });
    expect((await call('GET', '/crm/v3/owners')).status).toBe(401);
    await call('POST', '/_sandbox/tokens', { token: 'test-token' });
    await call('DELETE', `/_sandbox/records/contacts/${id ?? ''}`);
    expect(sandbox.records('contacts')[0]?.archived).toBe(true);
    await call('POST', '/_sandbox/reset');
    expect(sandbox.records('contacts')).toEqual([]);
  });

  it('waits for records of another process', async () => {
    const { call } = await openSandbox();
    const waiting = call('GET', '/_sandbox/wait?type=contacts&property=firstname&value=Ann&timeoutMs=10000');
    await call('POST', '/crm/v3/objects/contacts', { properties: { firstname: 'Ann' } });
    expect((await waiting).body).toEqual({ count: 1 });
  });

  it.each([
    ['GET', '/_sandbox/nothing', undefined, 404],
    ['POST', '/_sandbox/seed', { type: 'unicorns', records: [] }, 400],
    ['PATCH', '/_sandbox/options', { latency: 5 }, 400],
    ['POST', '/_sandbox/faults', { fault: { kind: 'magic' } }, 400],
    ['POST', '/_sandbox/faults', '{', 400],
  ])('%s %s with %j is refused', async (method, path, body, status) => {
    const { call } = await openSandbox();
    expect((await call(method, path, body)).status).toBe(status);
  });
});

describe('the page', () => {
  it("shows a contact's timeline newest first, escaped, and activities on no timeline apart", async () => {
    const { sandbox, call } = await openSandbox();
    const [contact = ''] = sandbox.seedRecords('contacts', [
      { firstname: '<b>Ann</b>', lastname: 'Lee', phone: '+12125550100' },
    ]);
    const [older = '', newer = ''] = sandbox.seedRecords('calls', [
      {
        hs_timestamp: '2026-05-04T10:00:00Z',
        hs_call_title: 'Older call',
        hs_call_duration: '75000',
        hs_call_direction: 'INBOUND',
        hs_call_status: 'COMPLETED',
        hubspot_owner_id: '70001',
      },
      { hs_timestamp: '2026-05-05T10:00:00Z', hs_call_title: 'Newer call' },
    ]);
    for (const id of [older, newer])
      await call('PUT', `/crm/v4/objects/calls/${id}/associations/default/contacts/${contact}`);
    sandbox.seedRecords('notes', [{ hs_timestamp: '0', hs_note_body: '<p>Loose note</p>' }]);
    const page = await (await fetch(sandbox.url)).text();
    expect(page).toContain('&lt;b&gt;Ann&lt;/b&gt; Lee');
    expect(page).not.toContain('<b>Ann');
    expect(page.indexOf('Newer call')).toBeLessThan(page.indexOf('Older call'));
    for (const part of ['1:15', 'INBOUND', 'COMPLETED', 'Dana Reed', 'Loose note', 'associations write']) {
      expect(page).toContain(part);
    }
    expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
    const single = await fetch(`${sandbox.url}/contacts/${contact}`);
    expect([single.status, (await single.text()).includes('Older call')]).toEqual([200, true]);
    expect((await fetch(`${sandbox.url}/contacts/1`)).status).toBe(404);
  });
});
