import { describe, expect, it } from '@jest/globals';
import { defaultQueues, defaultUsers } from '../../../sandbox/salesforce/org-defaults.ts';
import { openSandbox, refusal, seedOne } from './open-sandbox.ts';

const [, dana, , , left] = defaultUsers;
const [leadQueue, callBacks] = defaultQueues;

/** What a create is refused with: status, code and fields. */
async function refusedCreate(type: string, fields: Record<string, unknown>, options = {}) {
  const { call } = await openSandbox(options);
  const reply = await call('POST', `/sobjects/${type}`, fields);
  return [...refusal(reply), reply.body[0]?.fields];
}

describe('what a save refuses', () => {
  it('an unknown column, in the words of the parser', async () => {
    const { call } = await openSandbox();
    const { body } = await call('POST', '/sobjects/Contact', { LastName: 'A', Nope__c: 1 });
    expect(body).toEqual([
      { message: "No such column 'Nope__c' on sobject of type Contact", errorCode: 'INVALID_FIELD' },
    ]);
  });

  it('fields nobody writes', async () => {
    const refused = await refusedCreate('Contact', { LastName: 'A', Name: 'A', CreatedDate: '2026-01-01T00:00:00Z' });
    expect(refused).toEqual([400, 'INVALID_FIELD_FOR_INSERT_UPDATE', ['Name', 'CreatedDate']]);
  });

  it('a lead without last name and company, a blank one included', async () => {
    const refused = await refusedCreate('Lead', { LastName: '   ' });
    expect(refused).toEqual([400, 'REQUIRED_FIELD_MISSING', ['LastName', 'Company']]);
  });

  it('fields an administrator made required', async () => {
    const options = { requiredByAdmin: { Contact: ['Email'] } };
    expect(await refusedCreate('Contact', { LastName: 'A' }, options)).toEqual([
      400,
      'REQUIRED_FIELD_MISSING',
      ['Email'],
    ]);
  });

  it('an update that empties a required field, and none that leaves it alone', async () => {
    const { sandbox, call } = await openSandbox();
    const id = seedOne(sandbox, 'Contact', { LastName: 'A' });
    expect(refusal(await call('PATCH', `/sobjects/Contact/${id}`, { LastName: null }))).toEqual([
      400,
      'REQUIRED_FIELD_MISSING',
    ]);
    sandbox.setOptions({ requiredByAdmin: { Contact: ['Email'] } });
    expect((await call('PATCH', `/sobjects/Contact/${id}`, { Title: 'x' })).status).toBe(204);
  });

  it('text that is too long, never cutting it', async () => {
    expect(await refusedCreate('Contact', { LastName: 'x'.repeat(81) })).toEqual([
      400,
      'STRING_TOO_LONG',
      ['LastName'],
    ]);
    expect(await refusedCreate('Contact', { LastName: 'A', Phone: '1'.repeat(41) })).toEqual([
      400,
      'STRING_TOO_LONG',
      ['Phone'],
    ]);
  });

  it('no e-mail address', async () => {
    expect(await refusedCreate('Contact', { LastName: 'A', Email: 'nobody' })).toEqual([
      400,
      'INVALID_EMAIL_ADDRESS',
      ['Email'],
    ]);
  });

  it('a value outside a restricted picklist, while an unrestricted one takes it', async () => {
    const refused = await refusedCreate('Task', { TaskSubtype: 'Fax' });
    expect(refused).toEqual([400, 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', ['TaskSubtype']]);
    const { call } = await openSandbox();
    expect((await call('POST', '/sobjects/Task', { CallType: 'Sideways' })).status).toBe(201);
  });

  it.each([
    ['a fraction', { CallDurationInSeconds: 1.5 }],
    ['a word for a number', { CallDurationInSeconds: 'long' }],
    ['a time stamp for a date', { ActivityDate: '2026-11-24T10:00:00Z' }],
    ['a day that is none', { ActivityDate: '2026-02-30' }],
    ['an instant without offset', { ReminderDateTime: '2026-11-24T10:00:00' }],
    ['a list', { Subject: [] }],
    ['a word for a flag', { IsReminderSet: 'maybe' }],
  ])('%s cannot be read', async (_, fields) => {
    expect((await refusedCreate('Task', fields)).slice(0, 2)).toEqual([400, 'JSON_PARSER_ERROR']);
  });

  it('a time stamp for a date is cut where the switch says so', async () => {
    const { sandbox, call } = await openSandbox({ timestampForDate: 'cut' });
    await call('POST', '/sobjects/Task', { ActivityDate: '2026-11-24T10:00:00Z' });
    expect(sandbox.records('Task')[0]?.fields.ActivityDate).toBe('2026-11-24');
  });

  it('instants are kept in whole seconds', async () => {
    const { sandbox, call } = await openSandbox();
    await call('POST', '/sobjects/Task', { ReminderDateTime: '2026-11-24T12:00:00.987+02:00' });
    expect(sandbox.records('Task')[0]?.fields.ReminderDateTime).toBe('2026-11-24T10:00:00.000+0000');
  });
});

describe('references', () => {
  it('of no id at all, of another object and of nothing', async () => {
    expect(await refusedCreate('Task', { OwnerId: 'dana' })).toEqual([400, 'MALFORMED_ID', ['OwnerId']]);
    expect(await refusedCreate('Task', { WhoId: dana?.id })).toEqual([400, 'FIELD_INTEGRITY_EXCEPTION', ['WhoId']]);
    const nobody = { WhoId: '003000000000000AAA' };
    expect(await refusedCreate('Task', nobody)).toEqual([400, 'INVALID_CROSS_REFERENCE_KEY', ['WhoId']]);
  });

  it.each(['ENTITY_IS_DELETED', 'INVALID_CROSS_REFERENCE_KEY'] as const)('of a deleted record: %s', async (code) => {
    const { sandbox, call } = await openSandbox({ deletedReference: code });
    const id = seedOne(sandbox, 'Contact', { LastName: 'A' });
    sandbox.deleteAsPerson('Contact', id);
    expect(refusal(await call('POST', '/sobjects/Task', { WhoId: id }))).toEqual([400, code]);
  });

  it('an inactive owner', async () => {
    expect(await refusedCreate('Task', { OwnerId: left?.id })).toEqual([400, 'INACTIVE_OWNER_OR_USER', ['OwnerId']]);
  });

  it('a queue that is not for the object', async () => {
    const { call } = await openSandbox();
    expect((await call('POST', '/sobjects/Task', { OwnerId: callBacks.id })).status).toBe(201);
    expect(refusal(await call('POST', '/sobjects/Task', { OwnerId: leadQueue.id }))).toEqual([
      400,
      'INVALID_OPERATION',
    ]);
  });
});

describe('rules of the org', () => {
  it('a validation rule refuses with its message, for as many saves as it says', async () => {
    const rule = { object: 'Lead', field: 'Company', matches: '^Acme', message: 'No Acme', times: 1 } as const;
    const { call } = await openSandbox({ validationRules: [rule] });
    const lead = { LastName: 'A', Company: 'Acme Ltd' };
    const refused = await call('POST', '/sobjects/Lead', lead);
    expect([...refusal(refused), refused.body[0]?.message]).toEqual([
      400,
      'FIELD_CUSTOM_VALIDATION_EXCEPTION',
      'No Acme',
    ]);
    expect((await call('POST', '/sobjects/Lead', lead)).status).toBe(201);
  });

  it('a rule with another code stands for a lock or a trigger', async () => {
    const rule = {
      object: 'Task',
      field: 'Subject',
      matches: '',
      message: 'locked',
      code: 'UNABLE_TO_LOCK_ROW',
    } as const;
    expect((await refusedCreate('Task', {}, { validationRules: [rule] })).slice(0, 2)).toEqual([
      400,
      'UNABLE_TO_LOCK_ROW',
    ]);
  });

  const twin = { LastName: 'Lee', Company: 'Acme', Email: 'ann@example.com' };
  const allowSave = { 'Sforce-Duplicate-Rule-Header': 'allowSave=true; includeRecordDetails=true' };

  it('an alert names the record it found and gives way to allowSave', async () => {
    const { sandbox, call } = await openSandbox({
      duplicateRules: [{ object: 'Lead', fields: ['Email'], action: 'alert' }],
    });
    const id = seedOne(sandbox, 'Lead', twin);
    const refused = await call('POST', '/sobjects/Lead', { ...twin, Email: 'ANN@example.com' });
    expect(refusal(refused)).toEqual([400, 'DUPLICATES_DETECTED']);
    expect(refused.body[0]).toMatchObject({
      duplicateResult: { allowSave: true, matchResults: [{ size: 1, matchRecords: [{ record: { Id: id } }] }] },
    });
    expect((await call('POST', '/sobjects/Lead', twin, allowSave)).status).toBe(201);
  });

  it('a block does not give way, and neither does an alert before version 52', async () => {
    const { sandbox, call } = await openSandbox({
      duplicateRules: [{ object: 'Lead', fields: ['Email'], action: 'block' }],
    });
    seedOne(sandbox, 'Lead', twin);
    expect(refusal(await call('POST', '/sobjects/Lead', twin, allowSave))).toEqual([400, 'DUPLICATES_DETECTED']);
    sandbox.setOptions({ duplicateRules: [{ object: 'Lead', fields: ['Email'], action: 'alert' }] });
    const old = await call('POST', '/services/data/v51.0/sobjects/Lead', twin, allowSave);
    expect(refusal(old)).toEqual([400, 'DUPLICATES_DETECTED']);
  });

  it('the result may come under its misspelt name', async () => {
    const { sandbox, call } = await openSandbox({
      duplicateRules: [{ object: 'Lead', fields: ['Email'], action: 'alert' }],
      duplicateResultKey: 'duplicateResut',
    });
    seedOne(sandbox, 'Lead', twin);
    expect((await call('POST', '/sobjects/Lead', twin)).body[0]).toHaveProperty('duplicateResut.allowSave', true);
  });

  it('assignment rules take a lead away unless told not to, on updates too', async () => {
    const { sandbox, call } = await openSandbox({ assignmentRules: { Lead: leadQueue.id } });
    const ownerOf = (id: string) => sandbox.findByField('Lead', 'Id', id)[0]?.fields.OwnerId;
    const lead = { LastName: 'A', Company: 'B', OwnerId: dana?.id };
    const assigned = (await call('POST', '/sobjects/Lead', lead)).body.id;
    const kept = (await call('POST', '/sobjects/Lead', lead, { 'Sforce-Auto-Assign': 'FALSE' })).body.id;
    expect([ownerOf(assigned), ownerOf(kept)]).toEqual([leadQueue.id, dana?.id]);
    await call('PATCH', `/sobjects/Lead/${kept}`, { Title: 'x' }, { 'Sforce-Auto-Assign': 'FALSE' });
    expect(ownerOf(kept)).toBe(dana?.id);
    await call('PATCH', `/sobjects/Lead/${kept}`, { Title: 'y' });
    expect(ownerOf(kept)).toBe(leadQueue.id);
  });
});

describe('what the integration user may see', () => {
  it('a field without access is no column; a read-only one is refused by name', async () => {
    const { sandbox, call } = await openSandbox();
    sandbox.withdrawFieldAccess('Task', 'CallObject');
    expect(refusal(await call('POST', '/sobjects/Task', { CallObject: 'x' }))).toEqual([400, 'INVALID_FIELD']);
    sandbox.withdrawFieldAccess('Task', 'CallObject', 'read');
    const reply = await call('POST', '/sobjects/Task', { CallObject: 'x' });
    expect([...refusal(reply), reply.body[0]?.fields]).toEqual([
      400,
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      ['CallObject'],
    ]);
    sandbox.restoreFieldAccess('Task', 'CallObject');
    expect((await call('POST', '/sobjects/Task', { CallObject: 'x' })).status).toBe(201);
  });

  it('an object without access is not there', async () => {
    const { call, query } = await openSandbox({ hiddenObjects: ['Lead'] });
    expect(refusal(await call('GET', '/sobjects/Lead/describe'))).toEqual([404, 'NOT_FOUND']);
    expect(refusal(await query('SELECT Id FROM Lead'))).toEqual([400, 'INVALID_TYPE']);
  });

  it('a removed field is gone, an added one is there', async () => {
    const { sandbox, call } = await openSandbox();
    sandbox.addField('Contact', { name: 'Second_Phone__c', type: 'phone' });
    const contact = { LastName: 'A', Second_Phone__c: '1' };
    expect((await call('POST', '/sobjects/Contact', contact)).status).toBe(201);
    sandbox.removeField('Contact', 'Second_Phone__c');
    expect(refusal(await call('POST', '/sobjects/Contact', contact))).toEqual([400, 'INVALID_FIELD']);
  });
});
