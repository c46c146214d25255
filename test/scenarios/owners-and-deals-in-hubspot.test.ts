import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startHubSpotSandbox, type HubSpotSandbox } from '../../sandbox/hubspot/index.ts';
import { configurationSchema } from '../../src/domain/configuration.ts';
import { DirectDelivery, type Writer } from '../support/direct-delivery.ts';
import { call, completed, eventsOf } from '../support/scenario-data.ts';

const TOKEN = 'sandbox-hubspot-token';
const [DANA, SAM, KIM] = ['70001', '70002', '70003'];
const NO_SCOPE_TOKEN = 'hubspot-token-without-scopes';

const connections = configurationSchema.shape.tenants.element.shape.connections.unwrap();

let hubspot: HubSpotSandbox;
let delivery: DirectDelivery;
let writer: Writer;
let serial = 0;

beforeAll(async () => {
  hubspot = await startHubSpotSandbox({ limits: { perTenSeconds: null, searchPerSecond: null, perDay: null } });
  delivery = await DirectDelivery.open({ connection: connection({}), token: TOKEN });
});
afterAll(async () => {
  await delivery.close();
  await hubspot.close();
});
afterEach(async () => {
  hubspot.clearFaults();
  await writer.close();
});

function connection(policies: object): Readonly<Record<string, unknown>> {
  return { crm: 'hubspot', baseUrl: hubspot.url, credentials: { accessToken: { env: 'TOKEN' } }, ...policies };
}

/** The connection from now on, with a connector that remembers nothing of what was before. */
async function configure(policies: object): Promise<void> {
  const [parsed] = connections.parse([{ id: delivery.connectionId, ...connection(policies) }]);
  if (parsed === undefined) throw new Error('there is one connection');
  await delivery.store.connections.upsert(delivery.tenantId, parsed);
  writer = delivery.writer();
}

/** A contact with a number of its own, as people keep one. */
function contactWith(properties: Readonly<Record<string, string>> = {}): {
  readonly id: string;
  readonly number: string;
} {
  const number = `+1555${4_000_000 + (serial += 1)}`;
  const [id = ''] = hubspot.seedRecords('contacts', [{ firstname: 'Jane', phone: number, ...properties }]);
  return { id, number };
}

/** Deals of a contact, in the order in which they were changed last. */
function dealsOf(contact: string, ...stages: readonly string[]): readonly string[] {
  return stages.map((dealstage) => {
    const [id = ''] = hubspot.seedRecords('deals', [{ dealname: 'Roof', dealstage, pipeline: 'default' }]);
    hubspot.linkAsPerson({ type: 'contacts', id: contact }, { type: 'deals', id });
    return id;
  });
}

const OPEN = 'appointmentscheduled';
const WON = 'closedwon';

/** Delivers a conversation of that number, with a request for a person when an agent is named who was to take over. */
async function deliver(
  number: string,
  agents: { readonly spoke?: string; readonly handoff?: string } = {},
): Promise<string> {
  const id = `conv_place_${(serial += 1)}`;
  delivery.personaDesk.addConversations([call(id, number, { agent_id: agents.spoke ?? null })]);
  if (agents.handoff !== undefined) {
    const requested = eventsOf(id, number)[2];
    await delivery.hear({ ...requested, data: { ...requested.data, to_agent_id: agents.handoff } });
  }
  await delivery.hear(completed(id, number));
  await writer.deliver();
  return id;
}

/** The record as HubSpot holds it, with the ids of what it is on. */
async function inHubSpot(id: string, part: 'activity' | 'task') {
  const ref = (await delivery.row(id)).written[part]?.ref;
  const record = hubspot.records(part === 'task' ? 'tasks' : 'calls').find((each) => each.id === ref?.id);
  if (record === undefined) throw new Error(`${id} has no ${part} in HubSpot`);
  const on = (type: string) => record.associations.filter((link) => link.type === type).map((link) => link.id);
  return {
    owner: record.properties.hubspot_owner_id,
    deals: on('deals'),
    companies: on('companies'),
    contacts: on('contacts'),
  };
}

describe('a call of a contact', () => {
  it('is put on the open deal and not on the closed one, and so is the follow-up', async () => {
    await configure({ associations: { with: ['deal'] } });
    const contact = contactWith();
    const [open = ''] = dealsOf(contact.id, OPEN, WON);
    const id = await deliver(contact.number, { handoff: 'ag_nobody' });
    expect(await inHubSpot(id, 'activity')).toMatchObject({ deals: [open], contacts: [contact.id] });
    expect(await inHubSpot(id, 'task')).toMatchObject({ deals: [open], contacts: [contact.id] });
    expect((await delivery.trace(id)).plan?.activity?.related).toMatchObject([
      { action: 'link', ref: { object: 'deals', id: open }, rule: "the person's only open deal" },
    ]);
  });

  it('is put on the deal that was changed last of several, or on none of them, as the policy says', async () => {
    const contact = contactWith();
    const [first = '', second = ''] = dealsOf(contact.id, OPEN, OPEN);
    hubspot.editAsPerson('deals', first, { dealname: 'Roof and gutter' });
    await configure({ associations: { with: ['deal'] } });
    expect((await inHubSpot(await deliver(contact.number), 'activity')).deals).toEqual([first]);
    hubspot.editAsPerson('deals', second, { dealname: 'Windows' });
    expect((await inHubSpot(await deliver(contact.number), 'activity')).deals).toEqual([second]);
    await writer.close();
    await configure({ associations: { with: ['deal'], several: 'none' } });
    expect((await inHubSpot(await deliver(contact.number), 'activity')).deals).toEqual([]);
  });

  it('is put on all kinds of the policy, and a person who is new has none and costs no look', async () => {
    await configure({ associations: { with: ['deal', 'company'] } });
    const contact = contactWith();
    const [deal = ''] = dealsOf(contact.id, OPEN);
    const [company = ''] = hubspot.seedRecords('companies', [{ name: 'Acme' }]);
    hubspot.linkAsPerson({ type: 'contacts', id: contact.id }, { type: 'companies', id: company }, { primary: true });
    const on = await inHubSpot(await deliver(contact.number), 'activity');
    expect(on).toMatchObject({ deals: [deal], companies: [company] });
    const before = requestsTo('association');
    await deliver('+15554009999');
    expect(requestsTo('association') - before).toBe(1); // the link to the contact
  });

  it('is put nowhere twice, and not back where a person took it from', async () => {
    await configure({ associations: { with: ['deal'] } });
    const contact = contactWith();
    const [deal = ''] = dealsOf(contact.id, OPEN);
    const id = await deliver(contact.number);
    expect((await delivery.row(id)).written.activity?.relatedTo).toEqual([{ object: 'deals', id: deal }]);
    const [other = ''] = dealsOf(contact.id, OPEN);
    const before = hubspot.requestLog().length;
    await delivery.hear({ ...completed(id, contact.number), id: `evt_${id}_again` });
    await writer.deliver();
    expect((await delivery.row(id)).reason).toBe('nothing_to_change');
    expect(hubspot.requestLog()).toHaveLength(before);
    delivery.personaDesk.updateConversation(id, { summary: 'Corrected.' });
    await delivery.hear({ ...completed(id, contact.number), id: `evt_${id}_corrected` });
    await writer.deliver();
    const { deals } = await inHubSpot(id, 'activity');
    expect([deals, deals.includes(other)]).toEqual([[deal], false]);
  });

  it('is delivered without its deal when deals may not be read, and the connection goes on', async () => {
    hubspot.addToken({
      token: NO_SCOPE_TOKEN,
      scopes: [
        'crm.objects.contacts.read',
        'crm.objects.contacts.write',
        'crm.schemas.contacts.read',
        'crm.schemas.contacts.write',
      ],
    });
    const poor = await DirectDelivery.open({
      connection: connection({ associations: { with: ['deal'] } }),
      token: NO_SCOPE_TOKEN,
    });
    writer = poor.writer();
    const contact = contactWith({ hubspot_owner_id: SAM });
    dealsOf(contact.id, OPEN);
    poor.personaDesk.addConversations([call('conv_poor', contact.number)]);
    await poor.hear(eventsOf('conv_poor', contact.number)[2], completed('conv_poor', contact.number));
    await writer.deliver();
    expect((await poor.row('conv_poor')).state).toBe('synced');
    const { plan, failures } = await poor.trace('conv_poor');
    expect(failures).toEqual([]);
    expect(plan?.warnings.join('\n')).toMatch(/related records could not be looked for \(hubspot\./);
    expect(plan?.warnings.join('\n')).toMatch(
      /task: the owner of the person's record could not be checked \(hubspot\./,
    );
    expect((await poor.store.connections.get(poor.connectionId))?.state.kind).toBe('active');
    await poor.close();
  });

  it('waits when HubSpot cannot say just now what the contact has, and is written once', async () => {
    await configure({ associations: { with: ['deal'] } });
    const contact = contactWith();
    const [deal = ''] = dealsOf(contact.id, OPEN);
    hubspot.injectFault({
      match: { path: 'contacts/deals/batch/read' },
      times: 1,
      fault: { kind: 'status', status: 503 },
    });
    const id = await deliver(contact.number);
    expect(await delivery.row(id)).toMatchObject({
      state: 'waiting',
      reason: 'crm_unavailable',
      written: { activity: undefined },
    });
    delivery.passTime(60_000);
    await writer.deliver();
    expect((await delivery.row(id)).state).toBe('synced');
    expect(await inHubSpot(id, 'activity')).toMatchObject({ deals: [deal], contacts: [contact.id] });
    expect(hubspot.findByProperty('calls', 'hs_call_external_id', id)).toHaveLength(1);
  });
});

describe('a follow-up task', () => {
  const OWNERS = {
    owners: {
      agents: { ag_dana: 'Dana.Reed@example.com', ag_gone: 'left.company@example.com', ag_typo: 'dana@example.com' },
      fallback: 'kim.osei@example.com',
    },
  };

  it('is given to the owner of the agent who was to take over', async () => {
    await configure(OWNERS);
    const id = await deliver(contactWith({ hubspot_owner_id: SAM }).number, { handoff: 'ag_dana' });
    expect((await inHubSpot(id, 'task')).owner).toBe(DANA);
    expect((await delivery.trace(id)).plan?.task?.owner.rule).toBe('agent ag_dana is mapped to this owner');
    // Nobody said whose the call is: that is left to HubSpot.
    expect((await inHubSpot(id, 'activity')).owner ?? '').toBe('');
  });

  it('is given to the owner of the contact when the agent has none', async () => {
    await configure(OWNERS);
    const contact = contactWith({ hubspot_owner_id: SAM });
    expect((await inHubSpot(await deliver(contact.number, { handoff: 'ag_other' }), 'task')).owner).toBe(SAM);
    // Now that the contact is remembered, it is read instead of looked up.
    expect((await inHubSpot(await deliver(contact.number, { handoff: 'ag_other' }), 'task')).owner).toBe(SAM);
  });

  it('that comes after its call was written is given to the owner of the contact as well', async () => {
    await configure(OWNERS);
    const contact = contactWith({ hubspot_owner_id: SAM });
    const id = await deliver(contact.number);
    await delivery.hear(eventsOf(id, contact.number)[2]);
    await writer.deliver();
    expect((await inHubSpot(id, 'task')).owner).toBe(SAM);
  });

  it.each(['ag_gone', 'ag_typo'])(
    'is given to the fallback when the owner of %s is of no use, with a remark',
    async (agent) => {
      await configure(OWNERS);
      const id = await deliver(contactWith().number, { handoff: agent });
      expect((await inHubSpot(id, 'task')).owner).toBe(KIM);
      const warnings = (await delivery.trace(id)).plan?.warnings.join() ?? '';
      expect(warnings).toContain(`task: the owner of agent ${agent} is not`);
      expect(warnings).not.toContain('@');
    },
  );

  it('stays with whoever took it over', async () => {
    await configure({ owners: { ...OWNERS.owners, activity: ['agent'] } });
    const contact = contactWith();
    const id = await deliver(contact.number, { spoke: 'ag_dana', handoff: 'ag_dana' });
    expect([(await inHubSpot(id, 'task')).owner, (await inHubSpot(id, 'activity')).owner]).toEqual([DANA, DANA]);
    const { written } = await delivery.row(id);
    hubspot.editAsPerson('tasks', written.task?.ref.id ?? '', { hubspot_owner_id: SAM });
    hubspot.editAsPerson('calls', written.activity?.ref.id ?? '', { hubspot_owner_id: SAM });
    delivery.personaDesk.updateConversation(id, { summary: 'Corrected.' });
    await delivery.hear({ ...completed(id, contact.number), id: `evt_${id}_corrected` });
    await writer.deliver();
    expect((await delivery.row(id)).written.activity?.fields.hs_call_title).toBe('Corrected.');
    expect([(await inHubSpot(id, 'task')).owner, (await inHubSpot(id, 'activity')).owner]).toEqual([SAM, SAM]);
  });

  it('waits when HubSpot cannot say just now who its owners are; a call that has nobody else to wait for does not', async () => {
    await configure({ owners: { ...OWNERS.owners, activity: ['agent'] } });
    const unavailable = { match: { path: 'owners' }, times: 1, fault: { kind: 'status', status: 503 } } as const;
    hubspot.injectFault(unavailable);
    const task = await deliver(contactWith().number, { handoff: 'ag_dana' });
    expect(await delivery.row(task)).toMatchObject({
      state: 'waiting',
      reason: 'crm_unavailable',
      written: { task: undefined },
    });
    delivery.passTime(60_000);
    await writer.deliver();
    expect((await inHubSpot(task, 'task')).owner).toBe(DANA);
    await writer.close();
    await configure({ owners: { ...OWNERS.owners, activity: ['agent'] } });
    hubspot.injectFault(unavailable);
    const plain = await deliver(contactWith().number, { spoke: 'ag_dana' });
    expect((await delivery.row(plain)).state).toBe('synced');
    expect((await delivery.trace(plain)).plan?.warnings.join()).toMatch(
      /activity: the owner of agent ag_dana could not be checked/,
    );
  });
});

function requestsTo(part: string): number {
  return hubspot.requestLog().filter(({ endpoint }) => endpoint.includes(part)).length;
}
