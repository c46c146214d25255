import { describe, expect, it } from '@jest/globals';
import { openSandbox } from './open-sandbox.ts';

const kind = (associationTypeId: number, associationCategory = 'HUBSPOT_DEFINED') => ({
  associationCategory,
  associationTypeId,
});

async function withCallAndContact() {
  const opened = await openSandbox();
  const [call = ''] = opened.sandbox.seedRecords('calls', [{ hs_timestamp: '0' }]);
  const [contact = ''] = opened.sandbox.seedRecords('contacts', [{ firstname: 'Ann' }]);
  const linksOf = () => opened.sandbox.records('calls')[0]?.associations ?? [];
  return { ...opened, activity: call, contact, linksOf };
}

const linked = (id: string) => [{ type: 'contacts', id, typeIds: [194] }];

describe('default associations', () => {
  it.each(['/crm/v4/objects', '/crm/objects/2026-03', '/crm/objects/2026-09'])(
    'PUT below %s links from both ends, again without effect',
    async (base) => {
      const { sandbox, call, activity, contact, linksOf } = await withCallAndContact();
      const put = () => call('PUT', `${base}/calls/${activity}/associations/default/contacts/${contact}`);
      const { status, body } = await put();
      expect(status).toBe(200);
      expect(body.results).toEqual([
        { from: { id: activity }, to: { id: contact }, associationSpec: kind(194) },
        { from: { id: contact }, to: { id: activity }, associationSpec: kind(193) },
      ]);
      await put();
      expect(linksOf()).toEqual(linked(contact));
      expect(sandbox.records('contacts')[0]?.associations).toEqual([{ type: 'calls', id: activity, typeIds: [193] }]);
    },
  );

  it('a body is refused on 2026-09 paths only', async () => {
    const { call, activity, contact } = await withCallAndContact();
    const path = `calls/${activity}/associations/default/contacts/${contact}`;
    expect((await call('PUT', `/crm/objects/2026-09/${path}`, {})).status).toBe(400);
    expect((await call('PUT', `/crm/v4/objects/${path}`, {})).status).toBe(200);
  });

  it('an archived or unknown record is refused with its id', async () => {
    const { sandbox, call, activity, contact, linksOf } = await withCallAndContact();
    sandbox.deleteAsPerson('contacts', contact);
    for (const id of [contact, '12']) {
      const { status, body } = await call(
        'PUT',
        `/crm/objects/2026-09/calls/${activity}/associations/default/contacts/${id}`,
      );
      expect([status, body.category]).toEqual([400, 'VALIDATION_ERROR']);
      expect(body.context.INVALID_OBJECT_IDS).toEqual([`CONTACT=${id} is not valid`]);
    }
    expect(linksOf()).toEqual([]);
  });

  it('a batch answers 200 with the pairs that could not be linked inside', async () => {
    const { call, activity, contact, linksOf } = await withCallAndContact();
    const inputs = [contact, '12'].map((id) => ({ from: { id: activity }, to: { id } }));
    const { status, body } = await call('POST', '/crm/v4/associations/calls/contacts/batch/associate/default', {
      inputs,
    });
    expect([status, body.numErrors]).toEqual([200, 1]);
    expect(body.errors[0]?.context.INVALID_OBJECT_IDS).toEqual(['CONTACT=12 is not valid']);
    expect(linksOf()).toEqual(linked(contact));
  });

  it('objects HubSpot knows no link between are refused', async () => {
    const { call, activity } = await withCallAndContact();
    expect((await call('PUT', `/crm/v4/objects/calls/${activity}/associations/default/notes/1`)).status).toBe(400);
  });
});

describe('associations by kind', () => {
  it.each([
    ['the direction contact to call', kind(193)],
    ['a kind of another object', kind(204)],
    ['an unknown kind', kind(9_999)],
    ['a kind of another category', kind(194, 'USER_DEFINED')],
  ])('%s is refused, single and in a batch, and links nothing', async (_name, wrong) => {
    const { call, activity, contact, linksOf } = await withCallAndContact();
    const single = await call('PUT', `/crm/v4/objects/calls/${activity}/associations/contacts/${contact}`, [wrong]);
    const inputs = [
      { from: { id: activity }, to: { id: contact }, types: [kind(194)] },
      { from: { id: activity }, to: { id: contact }, types: [wrong] },
    ];
    const batch = await call('POST', '/crm/associations/2026-09/calls/contacts/batch/create', { inputs });
    for (const reply of [single, batch]) {
      expect([reply.status, reply.body.message]).toEqual([400, 'One or more associations are invalid']);
    }
    expect(linksOf()).toEqual([]);
  });

  it('the right kind links; an empty list of kinds is a success and links nothing', async () => {
    const { call, activity, contact, linksOf } = await withCallAndContact();
    const path = `/crm/objects/2026-09/calls/${activity}/associations/contacts/${contact}`;
    expect((await call('PUT', path, [])).status).toBe(201);
    expect(linksOf()).toEqual([]);
    expect((await call('PUT', path, kind(194))).status).toBe(400);
    const { status, body } = await call('PUT', path, [kind(194)]);
    expect([status, body.fromObjectTypeId, body.toObjectId]).toEqual([201, '0-48', contact]);
    expect(linksOf()).toEqual(linked(contact));
  });

  it('one unknown record refuses a whole batch', async () => {
    const { call, activity, contact, linksOf } = await withCallAndContact();
    const inputs = [contact, '12'].map((id) => ({ from: { id: activity }, to: { id }, types: [kind(194)] }));
    const { status, body } = await call('POST', '/crm/v4/associations/calls/contacts/batch/create', { inputs });
    expect([status, body.context.objectId]).toEqual([400, ['12']]);
    expect(linksOf()).toEqual([]);
  });

  it('naming another primary company moves the mark and keeps the plain link', async () => {
    const { sandbox, call, contact } = await withCallAndContact();
    const [one = '', other = ''] = sandbox.seedRecords('companies', [{ name: 'One' }, { name: 'Other' }]);
    for (const company of [one, other]) {
      await call('PUT', `/crm/v4/objects/contacts/${contact}/associations/companies/${company}`, [kind(1)]);
    }
    expect(sandbox.records('contacts')[0]?.associations).toEqual([
      { type: 'companies', id: one, typeIds: [279] },
      { type: 'companies', id: other, typeIds: [279, 1] },
    ]);
  });

  it('a create links by the kinds in its body, and refuses all when one record is not there', async () => {
    const { sandbox, call, contact } = await withCallAndContact();
    const create = (id: string) =>
      call('POST', '/crm/v3/objects/notes', {
        properties: { hs_timestamp: '0' },
        associations: [{ to: { id }, types: [kind(202)] }],
      });
    expect((await create('12')).body.context.INVALID_OBJECT_IDS).toEqual(['CONTACT=12 is not valid']);
    expect(sandbox.records('notes')).toEqual([]);
    expect((await create(contact)).status).toBe(201);
    expect(sandbox.records('notes')[0]?.associations).toEqual([{ type: 'contacts', id: contact, typeIds: [202] }]);
  });
});

describe('reading and removing associations', () => {
  it('a batch read of a record without any is an error row beside the others', async () => {
    const { sandbox, call, activity, contact } = await withCallAndContact();
    const [lonely = ''] = sandbox.seedRecords('calls', [{ hs_timestamp: '0' }]);
    await call('PUT', `/crm/v4/objects/calls/${activity}/associations/default/contacts/${contact}`);
    const inputs = [{ id: activity }, { id: lonely }];
    const { status, body } = await call('POST', '/crm/associations/2026-03/calls/contacts/batch/read', { inputs });
    expect(status).toBe(207);
    expect(body.results).toEqual([
      {
        from: { id: activity },
        to: [{ toObjectId: contact, associationTypes: [{ category: 'HUBSPOT_DEFINED', typeId: 194, label: null }] }],
      },
    ]);
    expect(body.errors[0]).toMatchObject({
      category: 'OBJECT_NOT_FOUND',
      subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
      context: { fromObjectId: [lonely] },
    });
  });

  it('reads show associations when asked, and archiving a record ends them', async () => {
    const { sandbox, call, activity, contact } = await withCallAndContact();
    await call('PUT', `/crm/v4/objects/calls/${activity}/associations/default/contacts/${contact}`);
    const read = () => call('GET', `/crm/v3/objects/contacts/${contact}?associations=calls`);
    expect((await read()).body.associations).toEqual({
      calls: { results: [{ id: activity, type: 'contact_to_call' }] },
    });
    sandbox.deleteAsPerson('calls', activity);
    expect((await read()).body).not.toHaveProperty('associations');
  });

  it('removing, single or in a batch, takes the link away from both ends', async () => {
    const { call, activity, contact, linksOf } = await withCallAndContact();
    const link = () => call('PUT', `/crm/v4/objects/calls/${activity}/associations/default/contacts/${contact}`);
    await link();
    const inputs = [{ from: { id: activity }, to: [{ id: contact }] }];
    expect((await call('POST', '/crm/v4/associations/calls/contacts/batch/archive', { inputs })).status).toBe(204);
    expect(linksOf()).toEqual([]);
    await link();
    expect((await call('DELETE', `/crm/v4/objects/calls/${activity}/associations/contacts/${contact}`)).status).toBe(
      204,
    );
    expect((await call('GET', `/crm/v4/objects/contacts/${contact}/associations/calls`)).body.results).toEqual([]);
  });
});
