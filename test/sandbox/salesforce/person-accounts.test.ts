import { describe, expect, it } from '@jest/globals';
import type { SalesforceSandboxOptions } from '../../../sandbox/salesforce/index.ts';
import { makeRecordId } from '../../../sandbox/salesforce/record-ids.ts';
import { openSandbox, refusal, seedOne } from './open-sandbox.ts';

const person = makeRecordId('012', 1);
const company = makeRecordId('012', 2);
const type = { object: 'Account', isActive: true, isAvailable: true } as const;
const withPeople: Partial<SalesforceSandboxOptions> = {
  personAccounts: true,
  recordTypes: [
    { ...type, id: person, name: 'Person', developerName: 'PersonAccount', isPersonType: true },
    { ...type, id: company, name: 'Company', developerName: 'Company', isDefault: true },
  ],
};

const ann = { RecordTypeId: person, LastName: 'Lee', FirstName: 'Ann', PersonMobilePhone: '1', PersonEmail: 'a@b.co' };

async function openWithAnn(options: Partial<SalesforceSandboxOptions> = {}) {
  const opened = await openSandbox({ ...withPeople, ...options });
  const account = seedOne(opened.sandbox, 'Account', ann);
  const contact = String(opened.sandbox.findByField('Account', 'Id', account)[0]?.fields.PersonContactId);
  return { ...opened, account, contact };
}

describe('a person account', () => {
  it('is an account and a contact, each with the other’s id', async () => {
    const { query, account, contact } = await openWithAnn();
    const accounts = await query('SELECT Name, IsPersonAccount, PersonContactId, PersonEmail FROM Account');
    expect(accounts.body.records).toMatchObject([
      { Name: 'Ann Lee', IsPersonAccount: true, PersonContactId: contact, PersonEmail: 'a@b.co' },
    ]);
    const contacts = await query('SELECT Id, Name, AccountId, IsPersonAccount, MobilePhone FROM Contact');
    expect(contacts.body.records).toMatchObject([
      { Id: contact, Name: 'Ann Lee', AccountId: account, IsPersonAccount: true, MobilePhone: '1' },
    ]);
  });

  it('is whom a task points to by the contact’s id, never by the account’s', async () => {
    const { call, account, contact } = await openWithAnn();
    expect(refusal(await call('POST', '/sobjects/Task', { WhoId: account }))).toEqual([
      400,
      'FIELD_INTEGRITY_EXCEPTION',
    ]);
    expect((await call('POST', '/sobjects/Task', { WhoId: contact, WhatId: account })).status).toBe(201);
  });

  it('a change of the account is one of the contact, custom fields included', async () => {
    const { sandbox, call, account, contact } = await openWithAnn({
      customFields: { Contact: [{ name: 'Score__c' }] },
    });
    await call('PATCH', `/sobjects/Account/${account}`, { LastName: 'Ray', PersonTitle: 'CTO', Score__pc: '9' });
    expect(sandbox.findByField('Contact', 'Id', contact)).toMatchObject([
      { fields: { Name: 'Ann Ray', Title: 'CTO', Score__c: '9' } },
    ]);
  });

  it('its contact takes changes only where the org lets it, and never another account', async () => {
    const { sandbox, call, account, contact } = await openWithAnn();
    const path = `/sobjects/Contact/${contact}`;
    expect(refusal(await call('PATCH', path, { Title: 'CTO' }))).toEqual([400, 'INSUFFICIENT_ACCESS_OR_READONLY']);
    sandbox.setOptions({ personContactUpdate: 'accept' });
    expect((await call('PATCH', path, { Title: 'CTO' })).status).toBe(204);
    expect(sandbox.findByField('Account', 'Id', account)).toMatchObject([{ fields: { PersonTitle: 'CTO' } }]);
    expect(refusal(await call('PATCH', path, { AccountId: account }))).toEqual([
      400,
      'INVALID_FIELD_FOR_INSERT_UPDATE',
    ]);
  });

  it('has no account name, a company no personal fields, and neither becomes the other', async () => {
    const { call, account } = await openWithAnn();
    const refused = await call('POST', '/sobjects/Account', { ...ann, Name: 'Ann Lee' });
    expect(refused.body[0]).toMatchObject({
      errorCode: 'INVALID_FIELD_FOR_INSERT_UPDATE',
      message: 'Account: bad field names on insert/update call: Name',
    });
    expect(refusal(await call('POST', '/sobjects/Account', { Name: 'Acme', LastName: 'Lee' }))).toEqual([
      400,
      'INVALID_FIELD_FOR_INSERT_UPDATE',
    ]);
    expect(refusal(await call('POST', '/sobjects/Account', { RecordTypeId: person }))).toEqual([
      400,
      'REQUIRED_FIELD_MISSING',
    ]);
    expect(refusal(await call('PATCH', `/sobjects/Account/${account}`, { RecordTypeId: company }))).toEqual([
      400,
      'INVALID_FIELD_FOR_INSERT_UPDATE',
    ]);
  });

  it('shares the unique values of all contacts', async () => {
    const { sandbox, call } = await openWithAnn();
    const holder = seedOne(sandbox, 'Contact', { LastName: 'B', PersonaDesk_Person_Key__c: 'tel:+1' });
    const refused = await call('POST', '/sobjects/Account', { ...ann, PersonaDesk_Person_Key__pc: 'tel:+1' });
    expect(refusal(refused)).toEqual([400, 'DUPLICATE_VALUE']);
    expect(refused.body[0]?.message).toContain(holder);
  });

  it('goes as a whole', async () => {
    const { sandbox, account, contact } = await openWithAnn();
    sandbox.deleteAsPerson('Account', account);
    expect(sandbox.findByField('Contact', 'Id', contact)).toEqual([]);
  });
});

it('an org without person accounts shows nothing of them', async () => {
  const { call, query } = await openSandbox();
  expect(refusal(await query('SELECT IsPersonAccount FROM Contact'))).toEqual([400, 'INVALID_FIELD']);
  expect(refusal(await call('POST', '/sobjects/Account', { LastName: 'Lee' }))).toEqual([400, 'INVALID_FIELD']);
});
