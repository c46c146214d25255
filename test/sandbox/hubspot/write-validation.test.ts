import { describe, expect, it } from '@jest/globals';
import { openSandbox } from './open-sandbox.ts';

const call = { hs_timestamp: '2026-05-04T10:00:00Z' };
const message = { ...call, hs_communication_channel_type: 'SMS' };

describe('a value that does not fit its property is refused', () => {
  it.each([
    ['contacts', { firstname: 'A', nonesuch: '1' }, 'nonesuch', 'PROPERTY_DOESNT_EXIST'],
    ['contacts', { hs_object_id: '12' }, 'hs_object_id', 'READ_ONLY_VALUE'],
    ['contacts', { createdate: '2026-01-01' }, 'createdate', 'READ_ONLY_VALUE'],
    [
      'contacts',
      { hs_searchable_calculated_phone_number: '1' },
      'hs_searchable_calculated_phone_number',
      'READ_ONLY_VALUE',
    ],
    ['calls', { ...call, hs_unique_creation_key: 'k' }, 'hs_unique_creation_key', 'READ_ONLY_VALUE'],
    ['calls', { ...call, hs_call_direction: 'inbound' }, 'hs_call_direction', 'INVALID_OPTION'],
    ['calls', { ...call, hs_call_disposition: 'Connected' }, 'hs_call_disposition', 'INVALID_OPTION'],
    ['calls', { ...call, hs_call_duration: '12s' }, 'hs_call_duration', 'INVALID_INTEGER'],
    ['calls', { ...call, hs_call_duration: ' 12' }, 'hs_call_duration', 'INVALID_INTEGER'],
    ['calls', { hs_timestamp: 'yesterday' }, 'hs_timestamp', 'INVALID_LONG'],
    ['calls', { ...call, hs_call_recording_url: 'http://example.com/a.mp3' }, 'hs_call_recording_url', 'INVALID_URL'],
    ['calls', { ...call, hs_call_source: 'PHONE' }, 'hs_call_source', 'INVALID_OPTION'],
    ['calls', { ...call, hubspot_owner_id: '501' }, 'hubspot_owner_id', 'INVALID_OWNER_ID'],
    ['calls', { ...call, hs_call_body: 'x'.repeat(65_537) }, 'hs_call_body', 'INVALID_LENGTH'],
    ['tasks', { ...call, hs_task_status: 'OPEN' }, 'hs_task_status', 'INVALID_OPTION'],
    [
      'communications',
      { ...message, hs_communication_logged_from: 'API' },
      'hs_communication_logged_from',
      'INVALID_OPTION',
    ],
    [
      'communications',
      { ...call, hs_communication_channel_type: 'WEB_CHAT' },
      'hs_communication_channel_type',
      'INVALID_OPTION',
    ],
    ['contacts', { email: 'nobody' }, 'email', 'INVALID_EMAIL'],
  ])('%s %#: %j', async (type, properties, name, code) => {
    const { sandbox, call: request } = await openSandbox();
    const { status, body } = await request('POST', `/crm/v3/objects/${type}`, { properties });
    expect([status, body.category]).toEqual([400, 'VALIDATION_ERROR']);
    expect(body.errors.map((error) => [error.code, error.context.propertyName])).toContainEqual([code, [name]]);
    expect(body.message).toMatch(/^Property values were not valid: \[/);
    expect(sandbox.records('contacts')).toEqual([]);
    expect(sandbox.records('calls')).toEqual([]);
  });

  it('a date that is not midnight UTC is refused, one that is is stored as a day', async () => {
    const { call: request } = await openSandbox();
    const definition = {
      name: 'birthday',
      label: 'b',
      type: 'date',
      fieldType: 'date',
      groupName: 'contactinformation',
    };
    await request('POST', '/crm/v3/properties/contacts', definition);
    const noon = await request('POST', '/crm/v3/objects/contacts', { properties: { birthday: '1484568000000' } });
    expect(noon.body.errors[0]?.code).toBe('INVALID_DATE');
    const midnight = await request('POST', '/crm/v3/objects/contacts', { properties: { birthday: '1484524800000' } });
    expect(midnight.body.properties.birthday).toBe('2017-01-16');
  });

  it.each([[12], [null], [true], [['a']]])('a value that is %j and not a string is refused', async (value) => {
    const { call: request } = await openSandbox();
    const { status } = await request('POST', '/crm/v3/objects/contacts', { properties: { firstname: value } });
    expect(status).toBe(400);
  });

  it('all that is wrong is told at once', async () => {
    const { call: request } = await openSandbox();
    const { body } = await request('POST', '/crm/v3/objects/calls', {
      properties: { a: '1', b: '2', hs_timestamp: 'x' },
    });
    expect(body.errors.map((error) => error.code)).toEqual([
      'PROPERTY_DOESNT_EXIST',
      'PROPERTY_DOESNT_EXIST',
      'INVALID_LONG',
    ]);
  });

  it('unknown properties are dropped when the switch says so', async () => {
    const { call: request } = await openSandbox({ unknownPropertyOnWrite: 'ignore' });
    const { status, body } = await request('POST', '/crm/v3/objects/contacts', {
      properties: { firstname: 'A', nope: '1' },
    });
    expect(status).toBe(201);
    expect(body.properties).not.toHaveProperty('nope');
  });
});

describe('a record without what it must have is refused', () => {
  it.each([
    ['calls', {}, ['hs_timestamp']],
    ['notes', { hs_note_body: 'x' }, ['hs_timestamp']],
    ['tasks', { hs_timestamp: '' }, ['hs_timestamp']],
    ['communications', { hs_timestamp: '0' }, ['hs_communication_channel_type']],
  ])('%s with %j lacks %j', async (type, properties, missing) => {
    const { call: request } = await openSandbox();
    const { status, body } = await request('POST', `/crm/v3/objects/${type}`, { properties });
    expect(status).toBe(400);
    expect(body.message).toMatch(/^Error creating [A-Z]+\. Some required properties were not set\.$/);
    expect(body.context.properties).toEqual(missing);
  });

  it('a contact with only a phone number follows the switch', async () => {
    const { sandbox, call: request } = await openSandbox();
    const create = () => request('POST', '/crm/v3/objects/contacts', { properties: { phone: '+12125550100' } });
    expect((await create()).status).toBe(201);
    sandbox.setOptions({ phoneOnlyContact: 'reject' });
    expect((await create()).status).toBe(400);
  });

  it('what an administrator requires binds writes on 2026-09 paths only', async () => {
    const { call: request } = await openSandbox({ requiredByAdmin: { contacts: ['company'] } });
    const body = { properties: { firstname: 'Ann' } };
    expect((await request('POST', '/crm/v3/objects/contacts', body)).status).toBe(201);
    expect((await request('POST', '/crm/objects/2026-03/contacts', body)).status).toBe(201);
    const refused = await request('POST', '/crm/objects/2026-09/contacts', body);
    expect(refused.body.errors[0]).toMatchObject({
      code: 'MISSING_REQUIRED_PROPERTY',
      context: { propertyName: ['company'] },
    });
  });
});

describe('what is stored', () => {
  it('seconds where milliseconds belong are accepted without a word', async () => {
    const { call: request } = await openSandbox();
    const { status, body } = await request('POST', '/crm/v3/objects/calls', {
      properties: { hs_timestamp: '1767225600' },
    });
    expect(status).toBe(201);
    expect(body.properties.hs_timestamp).toMatch(/^1970-/);
  });

  it('e-mails are stored in lower case', async () => {
    const { call: request } = await openSandbox();
    const { body } = await request('POST', '/crm/v3/objects/contacts', { properties: { email: 'Ann@Example.COM' } });
    expect(body.properties).toMatchObject({ email: 'ann@example.com', hs_email_domain: 'example.com' });
  });

  it('a cleared value reads back as an empty string, one never set as null', async () => {
    const { call: request } = await openSandbox();
    const { body } = await request('POST', '/crm/v3/objects/contacts', {
      properties: { firstname: 'A', city: 'Rome' },
    });
    await request('PATCH', `/crm/v3/objects/contacts/${body.id}`, { properties: { city: '' } });
    const read = await request('GET', `/crm/v3/objects/contacts/${body.id}?properties=city,zip`);
    expect(read.body.properties).toMatchObject({ city: '', zip: null });
  });

  it.each([
    ['+1 (212) 555-0100', '2125550100', '+12125550100'],
    ['(212) 555-0100 ext. 12', '2125550100', '+12125550100'],
    ['1-212-555-0100', '2125550100', '+12125550100'],
    ['+44 (0)20 7946 0958', '2079460958', '+442079460958'],
    ['0044 20 7946 0958', '2079460958', '+442079460958'],
    ['+41 44 668 18 00', '446681800', '+41446681800'],
    ['020 7946 0958', '2079460958', ''],
    ['00004', '4', ''],
    ['call her mother', '', ''],
  ])('the phone number %s is searchable as %j and international as %j', async (phone, searchable, international) => {
    const { call: request } = await openSandbox();
    const { body } = await request('POST', '/crm/v3/objects/contacts', {
      properties: { firstname: 'A', phone, mobilephone: phone },
    });
    expect(body.properties).toMatchObject({
      hs_searchable_calculated_phone_number: searchable,
      hs_calculated_phone_number: international,
      hs_searchable_calculated_mobile_number: searchable,
      hs_calculated_mobile_number: international,
    });
  });
});
