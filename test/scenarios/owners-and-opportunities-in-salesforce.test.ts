import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startSalesforceSandbox, type SalesforceSandbox } from '../../sandbox/salesforce/index.ts';
import { configurationSchema } from '../../src/domain/configuration.ts';
import { DirectDelivery, type Writer } from '../support/direct-delivery.ts';
import { call, completed, eventsOf } from '../support/scenario-data.ts';

const TOKEN = 'sandbox-salesforce-token';

const connections = configurationSchema.shape.tenants.element.shape.connections.unwrap();

let salesforce: SalesforceSandbox;
let delivery: DirectDelivery;
let writer: Writer;
let serial = 0;

beforeAll(async () => {
  salesforce = await startSalesforceSandbox();
  delivery = await DirectDelivery.open({ connection: connection({}), token: TOKEN });
});
afterAll(async () => {
  await delivery.close();
  await salesforce.close();
});
afterEach(async () => {
  salesforce.clearFaults();
  await writer.close();
});

function connection(policies: object): Readonly<Record<string, unknown>> {
  return { crm: 'salesforce', baseUrl: salesforce.url, credentials: { accessToken: { env: 'TOKEN' } }, ...policies };
}

/** The connection from now on, with a connector that remembers nothing of what was before. */
async function configure(policies: object): Promise<void> {
  const [parsed] = connections.parse([{ id: delivery.connectionId, ...connection(policies) }]);
  if (parsed === undefined) throw new Error('there is one connection');
  await delivery.store.connections.upsert(delivery.tenantId, parsed);
  writer = delivery.writer();
}

/** Id of the user with that name. */
function user(lastName: string): string {
  const [found] = salesforce.findByField('User', 'LastName', lastName);
  if (found === undefined) throw new Error(`nobody is called ${lastName}`);
  return found.id;
}

function queue(developerName: string): string {
  const [found] = salesforce.findByField('Group', 'DeveloperName', developerName);
  if (found === undefined) throw new Error(`no queue is called ${developerName}`);
  return found.id;
}

/** A contact of an account, with a number of its own. */
function contactWith(fields: Readonly<Record<string, string>> = {}) {
  const number = `+1555${5_000_000 + (serial += 1)}`;
  const [account = ''] = salesforce.seedRecords('Account', [{ Name: 'Acme' }]);
  const [id = ''] = salesforce.seedRecords('Contact', [
    { LastName: 'Doe', Phone: number, AccountId: account, ...fields },
  ]);
  return { id, account, number };
}

/** An opportunity in which the contact has a role. */
function opportunityOf(contact: { readonly id: string; readonly account: string }, stage: string): string {
  const given = { Name: 'Roof', StageName: stage, CloseDate: '2027-01-01', AccountId: contact.account };
  const [id = ''] = salesforce.seedRecords('Opportunity', [given]);
  salesforce.seedRecords('OpportunityContactRole', [{ ContactId: contact.id, OpportunityId: id }]);
  return id;
}

const OPEN = 'Prospecting';
const WON = 'Closed Won';

/** Delivers a conversation of that number, with a request for a person when an agent is named who was to take over. */
async function deliver(number: string, agents: { readonly handoff?: string } = {}): Promise<string> {
  const id = `conv_place_${(serial += 1)}`;
  delivery.personaDesk.addConversations([call(id, number)]);
  if (agents.handoff !== undefined) {
    const requested = eventsOf(id, number)[2];
    await delivery.hear({ ...requested, data: { ...requested.data, to_agent_id: agents.handoff } });
  }
  await delivery.hear(completed(id, number));
  await writer.deliver();
  return id;
}

async function inSalesforce(id: string, part: 'activity' | 'task') {
  const ref = (await delivery.row(id)).written[part]?.ref;
  const record = salesforce.records('Task').find((each) => each.id === ref?.id);
  if (record === undefined) throw new Error(`${id} has no ${part} in Salesforce`);
  return record.fields;
}

describe('a call of a contact', () => {
  it('has the open opportunity as its place and not the closed one, and so has the follow-up', async () => {
    await configure({ associations: { with: ['opportunity', 'account'] } });
    const contact = contactWith();
    opportunityOf(contact, WON);
    const open = opportunityOf(contact, OPEN);
    const id = await deliver(contact.number, { handoff: 'ag_nobody' });
    expect(await inSalesforce(id, 'activity')).toMatchObject({ WhoId: contact.id, WhatId: open });
    expect(await inSalesforce(id, 'task')).toMatchObject({ WhoId: contact.id, WhatId: open });
    expect((await delivery.row(id)).written.activity?.relatedTo).toEqual([{ object: 'Opportunity', id: open }]);
  });

  it('has the next kind as its place when there is no open one of the first', async () => {
    await configure({ associations: { with: ['opportunity', 'case', 'account'] } });
    const contact = contactWith();
    opportunityOf(contact, WON);
    expect((await inSalesforce(await deliver(contact.number), 'activity')).WhatId).toBe(contact.account);
    const [opened = ''] = salesforce.seedRecords('Case', [{ ContactId: contact.id, Status: 'New', Origin: 'Phone' }]);
    expect((await inSalesforce(await deliver(contact.number), 'activity')).WhatId).toBe(opened);
  });

  it('has the opportunity that was changed last of several, or the next kind when the policy says none', async () => {
    const contact = contactWith();
    const [first] = [opportunityOf(contact, OPEN), opportunityOf(contact, OPEN)];
    salesforce.editAsPerson('Opportunity', first, { Name: 'Roof and gutter' });
    await configure({ associations: { with: ['opportunity', 'account'] } });
    expect((await inSalesforce(await deliver(contact.number), 'activity')).WhatId).toBe(first);
    await writer.close();
    await configure({ associations: { with: ['opportunity', 'account'], several: 'none' } });
    expect((await inSalesforce(await deliver(contact.number), 'activity')).WhatId).toBe(contact.account);
  });

  it('is a call of a lead without any place, and of a new person too', async () => {
    await configure({ associations: { with: ['opportunity', 'account'] } });
    const number = '+15555009999';
    const id = await deliver(number);
    expect((await inSalesforce(id, 'activity')).WhatId ?? null).toBeNull();
    const again = await deliver(number);
    expect(await inSalesforce(again, 'activity')).toMatchObject({ WhoId: expect.stringMatching(/^00Q/) });
    expect((await inSalesforce(again, 'activity')).WhatId ?? null).toBeNull();
  });

  it('stays where a person has moved it', async () => {
    await configure({ associations: { with: ['opportunity'] } });
    const contact = contactWith();
    opportunityOf(contact, OPEN);
    const id = await deliver(contact.number);
    const { written } = await delivery.row(id);
    salesforce.editAsPerson('Task', written.activity?.ref.id ?? '', { WhatId: contact.account });
    delivery.personaDesk.updateConversation(id, { summary: 'Corrected.' });
    await delivery.hear({ ...completed(id, contact.number), id: `evt_${id}_corrected` });
    await writer.deliver();
    expect(await inSalesforce(id, 'activity')).toMatchObject({ Subject: 'Corrected.', WhatId: contact.account });
    const before = salesforce.requestLog().length;
    await delivery.hear({ ...completed(id, contact.number), id: `evt_${id}_again` });
    await writer.deliver();
    expect((await delivery.row(id)).reason).toBe('nothing_to_change');
    expect(salesforce.requestLog()).toHaveLength(before);
  });
});

describe('a follow-up task', () => {
  const owners = {
    agents: {
      ag_dana: 'dana.reed@example.com',
      ag_gone: 'left.company@example.com',
      ag_desk: { queue: 'Call Backs' },
      ag_leads: { queue: 'Inbound Leads' },
    },
    fallback: 'kim.osei@example.com',
  };

  it.each([
    ['the user', 'ag_dana', () => user('Reed')],
    ['the queue', 'ag_desk', () => queue('Call_Backs')],
    ['the fallback instead of an inactive user', 'ag_gone', () => user('Osei')],
    ['the fallback instead of a queue that may own no tasks', 'ag_leads', () => user('Osei')],
  ] as const)('is given to %s of the agent who was to take over', async (_, agent, owner) => {
    await configure({ owners });
    const number = `+1555${6_000_000 + (serial += 1)}`;
    const id = await deliver(number, { handoff: agent });
    expect((await inSalesforce(id, 'task')).OwnerId).toBe(owner());
  });

  it('is given to the owner of the contact when the agent has none', async () => {
    await configure({ owners });
    const contact = contactWith({ OwnerId: user('Ortiz') });
    const id = await deliver(contact.number, { handoff: 'ag_other' });
    expect((await inSalesforce(id, 'task')).OwnerId).toBe(user('Ortiz'));
    // That comes after its call was written: the contact is read for it.
    const later = await deliver(contact.number);
    await delivery.hear(eventsOf(later, contact.number)[2]);
    await writer.deliver();
    expect((await inSalesforce(later, 'task')).OwnerId).toBe(user('Ortiz'));
  });

  it('stays with whoever took it over', async () => {
    await configure({ owners: { ...owners, activity: ['record_owner'] } });
    const contact = contactWith({ OwnerId: user('Ortiz') });
    const id = await deliver(contact.number, { handoff: 'ag_dana' });
    expect((await inSalesforce(id, 'activity')).OwnerId).toBe(user('Ortiz'));
    const { written } = await delivery.row(id);
    salesforce.editAsPerson('Task', written.task?.ref.id ?? '', { OwnerId: user('Osei') });
    delivery.personaDesk.updateConversation(id, { summary: 'Corrected.' });
    await delivery.hear({ ...completed(id, contact.number), id: `evt_${id}_corrected` });
    await writer.deliver();
    expect((await inSalesforce(id, 'activity')).Subject).toBe('Corrected.');
    expect((await inSalesforce(id, 'task')).OwnerId).toBe(user('Osei'));
  });
});
