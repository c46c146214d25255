import { describe, expect, it } from '@jest/globals';
import type { HubSpotSandboxOptions } from '../../../sandbox/hubspot/index.ts';
import { openSandbox, token, type OpenSandbox } from './open-sandbox.ts';

const ACTIVITIES = ['calls', 'communications', 'notes', 'tasks'] as const;

/** HubSpot's association types, from activity to record and back. */
const KINDS = [
  ['calls', 'companies', 182, 181],
  ['calls', 'deals', 206, 205],
  ['calls', 'tickets', 220, 219],
  ['communications', 'companies', 87, 88],
  ['communications', 'deals', 85, 86],
  ['communications', 'tickets', 83, 84],
  ['notes', 'companies', 190, 189],
  ['notes', 'deals', 214, 213],
  ['notes', 'tickets', 228, 227],
  ['tasks', 'companies', 192, 191],
  ['tasks', 'deals', 216, 215],
  ['tasks', 'tickets', 230, 229],
] as const;

function seedAll(sandbox: OpenSandbox['sandbox']) {
  const at = { hs_timestamp: '0' };
  const records = {
    companies: [{ name: 'Acme' }],
    deals: [{ dealname: 'Big', dealstage: 'qualifiedtobuy' }],
    tickets: [{ subject: 'Broken', hs_pipeline_stage: '1' }],
    calls: [at],
    communications: [{ ...at, hs_communication_channel_type: 'SMS' }],
    notes: [at],
    tasks: [at],
  };
  const idOf = (type: keyof typeof records) => sandbox.seedRecords(type, records[type])[0] ?? '';
  return Object.fromEntries(
    (['companies', 'deals', 'tickets', ...ACTIVITIES] as const).map((type) => [type, idOf(type)]),
  );
}

describe('links of activities to companies, deals and tickets', () => {
  it.each(KINDS)('%s to %s are of kind %i there and %i back, and of no other', async (from, to, there, back) => {
    const { sandbox, call } = await openSandbox();
    const ids = seedAll(sandbox);
    const pair = { from: { id: ids[from] }, to: { id: ids[to] } };
    const made = await call('POST', `/crm/associations/2026-03/${from}/${to}/batch/associate/default`, {
      inputs: [pair],
    });
    expect([made.status, made.body.results.length]).toEqual([200, 2]);
    const typesOf = (type: typeof from | typeof to) => sandbox.records(type)[0]?.associations[0]?.typeIds;
    expect([typesOf(from), typesOf(to)]).toEqual([[there], [back]]);

    const labelled = (associationTypeId: number) =>
      call('POST', `/crm/associations/2026-09/${from}/${to}/batch/create`, {
        inputs: [{ ...pair, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId }] }],
      });
    expect((await labelled(there)).status).toBe(200);
    for (const wrong of [back, 194]) {
      const { status, body } = await labelled(wrong);
      expect([status, body.message]).toEqual([400, 'One or more associations are invalid']);
    }
  });
});

describe('closed deals and tickets', () => {
  it('a deal is closed by its stage, and open again by another one', async () => {
    const { sandbox } = await openSandbox();
    const [deal = ''] = sandbox.seedRecords('deals', [{ dealname: 'Big', dealstage: 'contractsent' }]);
    const closing = () => {
      const { hs_is_closed, hs_is_closed_won } = sandbox.records('deals')[0]?.properties ?? {};
      return [hs_is_closed, hs_is_closed_won];
    };
    expect(closing()).toEqual(['false', 'false']);
    sandbox.editAsPerson('deals', deal, { dealstage: 'closedwon' });
    expect(closing()).toEqual(['true', 'true']);
    sandbox.editAsPerson('deals', deal, { amount: '12' });
    expect(closing()).toEqual(['true', 'true']);
    sandbox.editAsPerson('deals', deal, { dealstage: 'closedlost' });
    expect(closing()).toEqual(['true', 'false']);
    sandbox.editAsPerson('deals', deal, { dealstage: 'contractsent' });
    expect(closing()).toEqual(['false', 'false']);
  });

  it('whether a deal is closed is not for a client to say', async () => {
    const { call } = await openSandbox();
    const { body } = await call('POST', '/crm/v3/objects/deals', {
      properties: { dealname: 'Big', hs_is_closed: 'true' },
    });
    expect(body.errors[0]?.code).toBe('READ_ONLY_VALUE');
  });

  it.each([
    ['clear', ''],
    ['keep', '2026-11-24T12:00:00.000Z'],
  ] as const)('a ticket that is opened again: %s', async (closeDateOfReopenedTicket, after) => {
    let now = Date.UTC(2026, 10, 24, 12);
    const { sandbox } = await openSandbox({ now: () => now, closeDateOfReopenedTicket });
    const [ticket = ''] = sandbox.seedRecords('tickets', [{ subject: 'Broken', hs_pipeline_stage: '1' }]);
    const dates = () => {
      const { closed_date, hs_ticket_reopened_at } = sandbox.records('tickets')[0]?.properties ?? {};
      return [closed_date, hs_ticket_reopened_at];
    };
    expect(dates()).toEqual([undefined, undefined]);
    sandbox.editAsPerson('tickets', ticket, { hs_pipeline_stage: '4' });
    expect(dates()).toEqual(['2026-11-24T12:00:00.000Z', undefined]);
    now += 60_000;
    sandbox.editAsPerson('tickets', ticket, { hs_pipeline_stage: '2' });
    expect(dates()).toEqual([after, '2026-11-24T12:01:00.000Z']);
  });
});

describe('reading links in batches', () => {
  it('a contact with more than 500 deals is answered in pages, the others in one', async () => {
    const { sandbox, call } = await openSandbox();
    const [many = '', one = ''] = sandbox.seedRecords('contacts', [{ firstname: 'Ann' }, { firstname: 'Bob' }]);
    const deals = sandbox.seedRecords(
      'deals',
      Array.from({ length: 501 }, (_, index) => ({ dealname: `D ${index}` })),
    );
    for (const id of deals) sandbox.linkAsPerson({ type: 'contacts', id: many }, { type: 'deals', id });
    sandbox.linkAsPerson({ type: 'contacts', id: one }, { type: 'deals', id: deals[0] ?? '' });
    const read = async (inputs: readonly unknown[]) => {
      const { body } = await call('POST', '/crm/associations/2026-09/contacts/deals/batch/read', { inputs });
      return new Map(body.results.map((row) => [(row.from as { readonly id: string }).id, row]));
    };
    const first = await read([{ id: many }, { id: one }]);
    expect(first.get(many)).toMatchObject({ paging: { next: { after: '500' } } });
    expect(first.get(many)?.to).toHaveLength(500);
    expect(first.get(one)).not.toHaveProperty('paging');
    const second = await read([{ id: many, after: '500' }]);
    expect(second.get(many)?.to).toHaveLength(1);
    expect(second.get(many)).not.toHaveProperty('paging');
  });

  it('the primary company has both kinds of link, another one the plain kind', async () => {
    const { sandbox, call } = await openSandbox();
    const [contact = ''] = sandbox.seedRecords('contacts', [{ firstname: 'Ann' }]);
    const [main = '', other = ''] = sandbox.seedRecords('companies', [{ name: 'Main' }, { name: 'Other' }]);
    sandbox.linkAsPerson({ type: 'contacts', id: contact }, { type: 'companies', id: main }, { primary: true });
    sandbox.linkAsPerson({ type: 'contacts', id: contact }, { type: 'companies', id: other });
    const { body } = await call('POST', '/crm/associations/2026-03/contacts/companies/batch/read', {
      inputs: [{ id: contact }],
    });
    expect(body.results[0]?.to).toEqual([
      {
        toObjectId: main,
        associationTypes: [
          { category: 'HUBSPOT_DEFINED', typeId: 279, label: null },
          { category: 'HUBSPOT_DEFINED', typeId: 1, label: 'Primary' },
        ],
      },
      { toObjectId: other, associationTypes: [{ category: 'HUBSPOT_DEFINED', typeId: 279, label: null }] },
    ]);
  });
});

describe('who may read and link them', () => {
  const CONTACTS = ['crm.objects.contacts.read', 'crm.objects.contacts.write'];
  const LINK = '/crm/associations/2026-09/calls/deals/batch/associate/default';
  const opened = (options: Partial<HubSpotSandboxOptions>, scopes: readonly string[]) =>
    openSandbox({ ...options, accessTokens: [{ token, scopes }] });

  it.each(['companies', 'deals', 'tickets'])('%s are guarded by a scope of their own', async (object) => {
    const { call } = await opened({}, CONTACTS);
    const { status, body } = await call('POST', `/crm/objects/2026-03/${object}/batch/read`, { inputs: [] });
    expect([status, body.category]).toEqual([403, 'MISSING_SCOPES']);
    expect(body.errors[0]?.context.requiredGranularScopes).toContain(`crm.objects.${object}.read`);
  });

  it('links take a scope of either object, or, where it is switched so, of both', async () => {
    const { sandbox, call } = await opened({}, CONTACTS);
    expect((await call('POST', LINK, { inputs: [] })).status).not.toBe(403);
    sandbox.setOptions({ associationScopes: 'both' });
    const { status, body } = await call('POST', LINK, { inputs: [] });
    expect([status, body.errors[0]?.context.requiredGranularScopes]).toEqual([403, ['crm.objects.deals.write']]);
    sandbox.addToken({ token, scopes: [...CONTACTS, 'crm.objects.deals.write'] });
    expect((await call('POST', LINK, { inputs: [] })).status).not.toBe(403);
  });

  it('a user who may not edit associations is refused with a 400, on 2026-09 paths only', async () => {
    const { sandbox, call } = await openSandbox({ accessTokens: [{ token, mayEditAssociations: false }] });
    const ids = seedAll(sandbox);
    const inputs = [{ from: { id: ids.calls }, to: { id: ids.deals } }];
    const { status, body } = await call('POST', LINK, { inputs });
    expect([status, body.category, body.message]).toEqual([
      400,
      'VALIDATION_ERROR',
      "Missing 'Edit Associations' permission.",
    ]);
    expect(sandbox.records('calls')[0]?.associations).toEqual([]);
    expect((await call('POST', LINK.replace('2026-09', '2026-03'), { inputs })).status).toBe(200);
  });
});

describe('what a person or an administrator does', () => {
  it('links that HubSpot does not know, or of records that are not there, are a mistake of the test', async () => {
    const { sandbox } = await openSandbox();
    const ids = seedAll(sandbox);
    const call = { type: 'calls', id: ids.calls ?? '' } as const;
    expect(() => sandbox.linkAsPerson(call, { type: 'tasks', id: ids.tasks ?? '' })).toThrow('no such link');
    expect(() => sandbox.linkAsPerson(call, { type: 'deals', id: '12' })).toThrow('no live record');
  });

  it('options that were replaced are the ones that are taken, until the reset', async () => {
    const { sandbox, call } = await openSandbox();
    const write = async (value: string) => {
      const properties = { hs_timestamp: '0', hs_activity_type: value };
      return (await call('POST', '/crm/v3/objects/calls', { properties })).status;
    };
    sandbox.setPropertyOptions('calls', 'hs_activity_type', [{ value: 'consult', label: 'Consultation' }]);
    expect([await write('consult'), await write('Consultation'), await write('Reception')]).toEqual([201, 400, 400]);
    expect(() => sandbox.setPropertyOptions('calls', 'hs_call_title', [])).toThrow('no list');
    sandbox.reset();
    expect(await write('Reception')).toBe(201);
  });

  it('both are reachable from another process', async () => {
    const { sandbox } = await openSandbox();
    const ids = seedAll(sandbox);
    const steer = async (method: string, path: string, body: unknown) =>
      (await fetch(`${sandbox.url}/_sandbox/${path}`, { method, body: JSON.stringify(body) })).status;
    const ends = { from: { type: 'tickets', id: ids.tickets }, to: { type: 'companies', id: ids.companies } };
    expect(await steer('POST', 'links', { ...ends, primary: true })).toBe(200);
    expect(sandbox.records('tickets')[0]?.associations[0]?.typeIds).toEqual([339, 26]);
    const options = [{ value: 'x', label: 'X' }];
    expect(await steer('PUT', 'property-options/calls/hs_activity_type', { options })).toBe(200);
    expect(await steer('PUT', 'property-options/calls/hs_activity_type', { options: [{ value: '' }] })).toBe(400);
  });
});
