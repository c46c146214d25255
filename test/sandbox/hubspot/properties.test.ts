import { describe, expect, it } from '@jest/globals';
import { openSandbox } from './open-sandbox.ts';

const definition = (name: string, more = {}) => ({
  name,
  label: name,
  type: 'string',
  fieldType: 'text',
  groupName: 'contactinformation',
  ...more,
});

describe('property definitions', () => {
  it.each([
    ['/crm/v3/properties/contacts', '/crm/properties/2026-09/0-1'],
    ['/crm/properties/2026-03/contacts', '/crm/v3/properties/contacts'],
  ])('what is made at %s is read at %s', async (write, read) => {
    const { call } = await openSandbox();
    expect((await call('POST', write, definition('pd_id', { hasUniqueValue: true }))).status).toBe(201);
    const { status, body } = await call('GET', `${read}/pd_id`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ name: 'pd_id', hasUniqueValue: true, hubspotDefined: false });
    const names = (await call('GET', read)).body.results.map((row) => row.name);
    expect(names).toEqual(expect.arrayContaining(['pd_id', 'firstname', 'hs_object_id']));
  });

  it.each([
    ['a name that exists', definition('firstname'), 409],
    ['a name with capitals', definition('PdId'), 400],
    ["a name of HubSpot's own kind", definition('hs_mine'), 400],
    ['an unknown group', definition('pd_x', { groupName: 'nowhere' }), 400],
    ['an unknown type', definition('pd_x', { type: 'text' }), 400],
    ['a field type of another type', definition('pd_x', { fieldType: 'number' }), 400],
    ['an enumeration without options', definition('pd_x', { type: 'enumeration', fieldType: 'select' }), 400],
    ['a unique date', definition('pd_x', { type: 'date', fieldType: 'date', hasUniqueValue: true }), 400],
  ])('%s is refused', async (_name, body, status) => {
    const { call } = await openSandbox();
    expect((await call('POST', '/crm/v3/properties/contacts', body)).status).toBe(status);
  });

  it('the eleventh unique property of an object is refused, plain ones are not', async () => {
    const { call } = await openSandbox();
    const make = async (name: string, hasUniqueValue: boolean) =>
      (await call('POST', '/crm/v3/properties/contacts', definition(name, { hasUniqueValue }))).status;
    for (let count = 1; count <= 10; count++) expect(await make(`pd_${count}`, true)).toBe(201);
    expect(await make('pd_11', true)).toBe(400);
    expect(await make('pd_plain', false)).toBe(201);
  });

  it('uniqueness cannot be changed afterwards, the label can', async () => {
    const { call } = await openSandbox();
    await call('POST', '/crm/v3/properties/contacts', definition('pd_id'));
    const patch = (body: unknown) => call('PATCH', '/crm/v3/properties/contacts/pd_id', body);
    expect((await patch({ hasUniqueValue: true })).status).toBe(400);
    expect((await patch({ label: 'New' })).body.label).toBe('New');
  });

  it.each(['calls', 'communications', 'notes', 'tasks'])('unique properties of %s follow the switch', async (type) => {
    const { sandbox, call } = await openSandbox({ uniquePropertiesOnActivities: false });
    const body = definition('pd_id', { hasUniqueValue: true, groupName: type.slice(0, -1) });
    expect((await call('POST', `/crm/v3/properties/${type}`, body)).status).toBe(400);
    sandbox.setOptions({ uniquePropertiesOnActivities: true });
    expect((await call('POST', `/crm/v3/properties/${type}`, body)).status).toBe(201);
  });

  it('a group is made once, and then holds properties', async () => {
    const { call } = await openSandbox();
    const make = () => call('POST', '/crm/properties/2026-09/calls/groups', { name: 'pd', label: 'PD' });
    expect([(await make()).status, (await make()).status]).toEqual([201, 409]);
    const property = definition('pd_id', { groupName: 'pd' });
    expect((await call('POST', '/crm/properties/2026-09/calls', property)).status).toBe(201);
    const { body } = await call('GET', '/crm/v3/properties/calls/groups');
    expect(body.results).toContainEqual({ archived: false, name: 'pd', label: 'PD', displayOrder: -1 });
  });

  it('batches read and make several, and name what is not there', async () => {
    const { call } = await openSandbox();
    const inputs = [definition('pd_a'), definition('pd_b')];
    expect((await call('POST', '/crm/v3/properties/contacts/batch/create', { inputs })).status).toBe(201);
    const names = [{ name: 'pd_a' }, { name: 'pd_z' }];
    const { status, body } = await call('POST', '/crm/v3/properties/contacts/batch/read', { inputs: names });
    expect([status, body.results.map((row) => row.name)]).toEqual([207, ['pd_a']]);
    expect(body.errors).toHaveLength(1);
  });

  it('an archived property is 404 and refused in writes', async () => {
    const { call } = await openSandbox();
    await call('POST', '/crm/v3/properties/contacts', definition('pd_id'));
    expect((await call('DELETE', '/crm/v3/properties/contacts/pd_id')).status).toBe(204);
    expect((await call('GET', '/crm/v3/properties/contacts/pd_id')).status).toBe(404);
    expect((await call('POST', '/crm/v3/objects/contacts', { properties: { pd_id: 'x' } })).status).toBe(400);
    expect((await call('DELETE', '/crm/v3/properties/contacts/email')).status).toBe(400);
  });
});

describe('owners and account', () => {
  it('owners page, filter by e-mail and hide those who left', async () => {
    const { call } = await openSandbox();
    const ids = async (query: string) => (await call('GET', `/crm/v3/owners${query}`)).body.results.map(({ id }) => id);
    const first = await call('GET', '/crm/owners/2026-09?limit=2');
    expect([first.body.results.map(({ id }) => id), first.body.paging]).toEqual([
      ['70001', '70002'],
      { next: { after: '2' } },
    ]);
    expect(await ids('?limit=2&after=2')).toEqual(['70003']);
    expect(await ids('?email=SAM.ORTIZ@example.com')).toEqual(['70002']);
    expect(await ids('?archived=true')).toEqual(['70004']);
    expect((await call('GET', '/crm/v3/owners/502?idProperty=userId')).body.id).toBe('70002');
  });

  it.each(['v3', '2026-03', '2026-09'])(
    'account details on %s tell the portal, the time zone and its offset',
    async (version) => {
      const { call } = await openSandbox({ timeZone: 'Asia/Kolkata', companyCurrency: 'INR', portalId: 77 });
      expect((await call('GET', `/account-info/${version}/details`)).body).toMatchObject({
        portalId: 77,
        timeZone: 'Asia/Kolkata',
        companyCurrency: 'INR',
        utcOffset: '+05:30',
        utcOffsetMilliseconds: 19_800_000,
      });
    },
  );
});
