import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RecordRef } from '../../../src/domain/crm.ts';
import { connectOrg, recordSent, type ConnectedOrg } from './connected-org.ts';

let org: ConnectedOrg;

beforeEach(async () => {
  org = await connectOrg();
});
afterEach(() => org.stop());

describe('reading known people', () => {
  it('leads and contacts are read in one call, with the fields that were asked for', async () => {
    const refs = [seed('Lead', { LastName: 'L', Company: 'X' }), seed('Contact', { LastName: 'C', Title: 'CTO' })];
    expect(await read(refs, ['LastName', 'Title', 'Not_There__c'])).toEqual([
      { kind: 'present', ref: refs[0], fields: { LastName: 'L' } },
      { kind: 'present', ref: refs[1], fields: { LastName: 'C', Title: 'CTO' } },
    ]);
    expect(org.requests).toHaveLength(1);
  });

  it('a lead that was converted is the contact it became', async () => {
    const lead = seed('Lead', { LastName: 'L', Company: 'X' });
    const id = org.sandbox.convertLead(lead.id);
    expect(await read([lead], ['LastName'])).toEqual([
      { kind: 'present', ref: { object: 'Contact', id }, fields: { LastName: 'L' } },
    ]);
  });

  it('a contact that was merged into another is that one', async () => {
    const master = seed('Contact', { LastName: 'Master' });
    const merged = { object: 'Contact', id: '003000000000001AAA' };
    // What Salesforce answers about a merged record: deleted, with the survivor's id.
    const row = { Id: merged.id, IsDeleted: true, MasterRecordId: master.id };
    const compositeResponse = [
      { body: { done: true, records: [row] }, httpHeaders: {}, httpStatusCode: 200, referenceId: 'q0' },
    ];
    org.sandbox.injectFault({
      match: { path: '/composite' },
      times: 1,
      fault: { kind: 'status', status: 200, body: { compositeResponse } },
    });
    const { transport, sent } = recordSent();
    const connector = org.connect({ transport });
    expect(await connector.readPeople([merged], ['LastName'], org.context)).toEqual([
      { kind: 'present', ref: master, fields: { LastName: 'Master' } },
    ]);
    await transport.close();
    // Ordinary queries do not show what was deleted, and merged records are.
    const composites = sent.filter(({ endpoint }) => endpoint === 'composite-query');
    expect(composites.map(({ body }) => body?.includes('/queryAll?q='))).toEqual([true, true]);
  });

  it('who was deleted, whose contact was deleted after a conversion, or who never was, is gone', async () => {
    const deleted = seed('Contact', { LastName: 'C' });
    org.sandbox.deleteAsPerson('Contact', deleted.id);
    const lead = seed('Lead', { LastName: 'L', Company: 'X' });
    org.sandbox.deleteAsPerson('Contact', org.sandbox.convertLead(lead.id));
    const never = [
      { object: 'Contact', id: '003000000000009AAA' },
      { object: 'Contact', id: "x' OR Name != '" },
      { object: 'contacts', id: '51' },
    ];
    expect(await read([deleted, lead, ...never], [])).toEqual(Array.from({ length: 5 }, () => ({ kind: 'gone' })));
  });

  it('an org that does not answer does not say that anybody is gone', async () => {
    const lead = seed('Lead', { LastName: 'L', Company: 'X' });
    org.sandbox.injectFault({ match: { path: '/composite' }, times: 1, fault: { kind: 'html-502' } });
    expect(await read([lead], [])).toMatchObject([{ kind: 'could_not_check', failure: { disposition: 'retry' } }]);
  });

  it('an object that the user may not see does not make its people gone', async () => {
    const contact = seed('Contact', { LastName: 'C' });
    org.sandbox.setOptions({ hiddenObjects: ['Contact'] });
    const connector = org.connect({ objectOrder: ['Lead'] });
    expect(await connector.readPeople([contact], [], org.context)).toMatchObject([{ kind: 'could_not_check' }]);
  });
});

function read(refs: readonly RecordRef[], fields: readonly string[]) {
  return org.connector.readPeople(refs, fields, org.context);
}

function seed(object: 'Lead' | 'Contact', fields: Record<string, string>): RecordRef {
  const [id = ''] = org.sandbox.seedRecords(object, [fields]);
  return { object, id };
}
