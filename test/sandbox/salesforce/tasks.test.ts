import { describe, expect, it } from '@jest/globals';
import { conversationId, openSandbox, refusal, seedOne } from './open-sandbox.ts';

const dayMs = 86_400_000;

describe('tasks', () => {
  it('are open until their status says otherwise, by the values the administrator made', async () => {
    const taskStatuses = [
      { name: 'Offen', isClosed: false, isDefault: true },
      { name: 'Erledigt', isClosed: true, isDefault: false },
    ];
    const { sandbox, call, query } = await openSandbox({ taskStatuses });
    await call('POST', '/sobjects/Task', {});
    await call('POST', '/sobjects/Task', { Status: 'Erledigt' });
    expect(sandbox.records('Task').map(({ fields }) => [fields.Status, fields.IsClosed])).toEqual([
      ['Offen', false],
      ['Erledigt', true],
    ]);
    const { body } = await query('SELECT ApiName FROM TaskStatus WHERE IsClosed = true');
    expect(body.records.map((row) => row.ApiName)).toEqual(['Erledigt']);
  });

  it('take their account from what they are about, or from whom', async () => {
    const { sandbox, call } = await openSandbox();
    const [acme, bolt] = sandbox.seedRecords('Account', [{ Name: 'Acme' }, { Name: 'Bolt' }]);
    const contact = seedOne(sandbox, 'Contact', { LastName: 'A', AccountId: acme ?? null });
    const deal = seedOne(sandbox, 'Opportunity', {
      Name: 'Deal',
      StageName: 'Proposal',
      CloseDate: '2026-12-01',
      AccountId: bolt ?? null,
    });
    await call('POST', '/sobjects/Task', { WhoId: contact });
    await call('POST', '/sobjects/Task', { WhoId: contact, WhatId: deal });
    await call('POST', '/sobjects/Task', {});
    expect(sandbox.records('Task').map(({ fields }) => fields.AccountId)).toEqual([acme, bolt, null]);
  });

  it('of a lead are related to nothing else', async () => {
    const { sandbox, call } = await openSandbox();
    const WhoId = seedOne(sandbox, 'Lead', { LastName: 'A', Company: 'B' });
    const WhatId = seedOne(sandbox, 'Account', { Name: 'C' });
    expect((await call('POST', '/sobjects/Task', { WhoId })).status).toBe(201);
    expect(refusal(await call('POST', '/sobjects/Task', { WhoId, WhatId }))).toEqual([
      400,
      'FIELD_INTEGRITY_EXCEPTION',
    ]);
  });

  it('keep the subtype they were made with', async () => {
    const { sandbox, call } = await openSandbox();
    const path = `/sobjects/Task/${conversationId}/c`;
    expect((await call('PATCH', path, { TaskSubtype: 'Call' })).status).toBe(201);
    const refused = await call('PATCH', path, { TaskSubtype: 'Call' });
    expect([...refusal(refused), refused.body[0]?.fields]).toEqual([
      400,
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      ['TaskSubtype'],
    ]);
    sandbox.setOptions({ taskSubtypeOnUpdate: 'accept' });
    expect((await call('PATCH', path, { TaskSubtype: 'Task' })).status).toBe(200);
  });

  it('have a Type only in some orgs', async () => {
    const { sandbox, call } = await openSandbox();
    expect(refusal(await call('POST', '/sobjects/Task', { Type: 'Call' }))).toEqual([400, 'INVALID_FIELD']);
    sandbox.setOptions({ taskTypeField: true });
    expect((await call('POST', '/sobjects/Task', { Type: 'Call' })).status).toBe(201);
  });

  it('disappear from queries when they are archived, and can still be updated by their external id', async () => {
    const { sandbox, call, query } = await openSandbox();
    const old = new Date(Date.now() - 366 * dayMs).toISOString().slice(0, 10);
    sandbox.seedRecords('Task', [
      { [conversationId]: 'closed', Status: 'Completed', ActivityDate: old },
      { [conversationId]: 'open', ActivityDate: old },
    ]);
    const soql = `SELECT ${conversationId}, IsArchived FROM Task ORDER BY ${conversationId}`;
    expect((await query(soql)).body.records.map((row) => row[conversationId])).toEqual(['open']);
    expect((await query(soql, 'queryAll')).body.records.map((row) => row.IsArchived)).toEqual([true, false]);
    expect((await call('PATCH', `/sobjects/Task/${conversationId}/closed`, { Description: 'x' })).status).toBe(200);
    sandbox.setOptions({ archiveAfterDays: null });
    expect((await query(soql)).body.totalSize).toBe(2);
  });

  it('move to the contact when their lead is converted, and the lead takes no more', async () => {
    const { sandbox, call } = await openSandbox();
    const lead = seedOne(sandbox, 'Lead', { LastName: 'A', Company: 'B', Phone: '1' });
    const task = seedOne(sandbox, 'Task', { WhoId: lead });
    const contact = sandbox.convertLead(lead);
    expect(sandbox.findByField('Task', 'Id', task)[0]?.fields.WhoId).toBe(contact);
    expect(sandbox.findByField('Lead', 'Id', lead)[0]?.fields).toMatchObject({
      IsConverted: true,
      ConvertedContactId: contact,
    });
    const converted = [400, 'CANNOT_UPDATE_CONVERTED_LEAD'];
    expect(refusal(await call('PATCH', `/sobjects/Lead/${lead}`, { Title: 'x' }))).toEqual(converted);
    expect(refusal(await call('PATCH', `/sobjects/Task/${task}`, { WhoId: lead }))).toEqual(converted);
    expect((await call('PATCH', `/sobjects/Task/${task}`, { Description: 'x' })).status).toBe(204);
  });

  it('go with the person they are of', async () => {
    const { sandbox, call } = await openSandbox();
    const contact = seedOne(sandbox, 'Contact', { LastName: 'A' });
    seedOne(sandbox, 'Task', { WhoId: contact });
    await call('DELETE', `/sobjects/Contact/${contact}`);
    expect(sandbox.records('Task').map(({ deleted }) => deleted)).toEqual([true]);
  });
});
