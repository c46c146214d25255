/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- the client's request classes are plain shapes, and its own guide passes literals */
import { describe, expect, it } from '@jest/globals';
import { Client } from '@hubspot/api-client';
import { AssociationSpecAssociationCategoryEnum } from '@hubspot/api-client/lib/codegen/crm/associations/v4/index.js';
import { FilterOperatorEnum } from '@hubspot/api-client/lib/codegen/crm/contacts/index.js';
import { makeUniqueProperty, openSandbox, token } from './open-sandbox.ts';

async function withClient(options = {}) {
  const opened = await openSandbox(options);
  const client = new Client({ accessToken: token, basePath: opened.sandbox.url, numberOfApiCallRetries: 0 });
  return { ...opened, opened, client };
}

describe('the official client runs against the sandbox', () => {
  it('creates, upserts, reads, searches, links and archives', async () => {
    const { opened, sandbox, client } = await withClient();
    await makeUniqueProperty(opened, 'calls');
    const contact = await client.crm.contacts.basicApi.create({
      properties: { firstname: 'Ann', email: 'Ann@Example.com', phone: '+1 212 555 0100' },
    });
    expect(contact.properties.email).toBe('ann@example.com');
    expect(contact.createdAt).toBeInstanceOf(Date);
    const input = { id: 'conv_1', idProperty: 'pd_key', properties: { hs_timestamp: '0', hs_call_title: 'Call' } };
    const upserted = await client.crm.objects.calls.batchApi.upsert({ inputs: [input] });
    const call = upserted.results[0];
    expect(call?._new).toBe(true);
    const found = await client.crm.contacts.searchApi.doSearch({
      filterGroups: [
        {
          filters: [
            {
              propertyName: 'hs_searchable_calculated_phone_number',
              operator: FilterOperatorEnum.Eq,
              value: '2125550100',
            },
          ],
        },
      ],
      properties: ['firstname'],
      limit: 10,
    });
    expect(found.results.map((result) => result.id)).toEqual([contact.id]);
    const { basicApi, batchApi } = client.crm.associations.v4;
    await basicApi.createDefault('calls', call?.id ?? '', 'contacts', contact.id);
    await basicApi.create('calls', call?.id ?? '', 'contacts', contact.id, [
      { associationCategory: AssociationSpecAssociationCategoryEnum.HubspotDefined, associationTypeId: 194 },
    ]);
    const links = await batchApi.getPage('calls', 'contacts', { inputs: [{ id: call?.id ?? '' }] });
    expect(links.results[0]?.to[0]?.toObjectId).toBe(contact.id);
    expect((await client.crm.owners.ownersApi.getPage()).results).toHaveLength(3);
    expect((await client.crm.properties.coreApi.getByName('calls', 'pd_key')).hasUniqueValue).toBe(true);
    await client.crm.contacts.basicApi.archive(contact.id);
    expect(sandbox.records('contacts')[0]?.archived).toBe(true);
  });

  it('a partial batch arrives with its errors', async () => {
    const { client } = await withClient();
    const read = await client.crm.contacts.batchApi.read({
      inputs: [{ id: '1' }],
      properties: [],
      propertiesWithHistory: [],
    });
    expect(read).toMatchObject({ numErrors: 1, errors: [{ category: 'OBJECT_NOT_FOUND', context: { ids: ['1'] } }] });
  });

  it('its own ApiException carries the status and the envelope', async () => {
    const { sandbox, client } = await withClient({ limits: { perTenSeconds: 3, searchPerSecond: null, perDay: null } });
    const create = (properties: Record<string, string>) => client.crm.contacts.basicApi.create({ properties });
    await create({ email: 'ann@example.com' });
    await expect(create({ email: 'ann@example.com' })).rejects.toMatchObject({
      code: 409,
      body: { category: 'CONFLICT' },
    });
    await expect(create({ nope: 'x' })).rejects.toMatchObject({ code: 400, body: { category: 'VALIDATION_ERROR' } });
    await expect(create({})).rejects.toMatchObject({ code: 429, body: { policyName: 'TEN_SECONDLY_ROLLING' } });
    sandbox.injectFault({ match: {}, fault: { kind: 'html-502' } });
    await expect(create({})).rejects.toMatchObject({ code: 502 });
  });
});
