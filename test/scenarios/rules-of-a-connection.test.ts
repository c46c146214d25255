import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startHubSpotSandbox } from '../../sandbox/hubspot/index.ts';
import { startSalesforceSandbox } from '../../sandbox/salesforce/index.ts';
import { explainConversation } from '../../src/admin/services/explain.ts';
import { explanationText } from '../../src/admin/services/explain-text.ts';
import { configurationSchema } from '../../src/domain/configuration.ts';
import { conversationIdSchema } from '../../src/domain/ids.ts';
import { defaultDocument } from '../../src/mapping/defaults/default-document.ts';
import { DirectDelivery } from '../support/direct-delivery.ts';
import { call, completed, eventsOf } from '../support/scenario-data.ts';

const { shape } = configurationSchema.shape.tenants.element;
const connections = shape.connections.unwrap();

describe.each(['hubspot', 'salesforce'] as const)('the rules of a connection to %s', (crm) => {
  let sandbox: { readonly url: string; close(): Promise<void> };
  let delivery: DirectDelivery;
  let serial = 0;

  beforeAll(async () => {
    sandbox =
      crm === 'hubspot'
        ? await startHubSpotSandbox({ limits: { perTenSeconds: null, searchPerSecond: null, perDay: null } })
        : await startSalesforceSandbox();
    delivery = await DirectDelivery.open({ connection: connection({}), token: `sandbox-${crm}-token` });
    const [tenant] = await delivery.store.tenants.list();
    if (tenant === undefined) throw new Error('there is one tenant');
    // Open on Mondays from 9 to 12; the calls of these tests began on Monday 2 March 2026 at 10:00.
    const open = { timezone: 'UTC', businessHours: { mon: ['09:00-12:00'] } };
    await delivery.store.tenants.upsert({ ...tenant.settings, ...open }, delivery.now());
  });
  afterAll(async () => {
    await delivery.close();
    await sandbox.close();
  });

  function connection(policies: object): Readonly<Record<string, unknown>> {
    return { crm, baseUrl: sandbox.url, credentials: { accessToken: { env: 'TOKEN' } }, ...policies };
  }

  async function configure(policies: object): Promise<void> {
    const [parsed] = connections.parse([{ id: delivery.connectionId, ...connection(policies) }]);
    if (parsed === undefined) throw new Error('there is one connection');
    await delivery.store.connections.upsert(delivery.tenantId, parsed);
  }

  /** Delivers a call of a number nobody knows; returns the id. */
  async function deliver(
    more: Readonly<Record<string, unknown>> = {},
    { number = `+1555${9_000_000 + (serial += 1)}`, handoff = false } = {},
  ): Promise<string> {
    const id = `conv_rule_${(serial += 1)}`;
    delivery.personaDesk.addConversations([call(id, number, more)]);
    if (handoff) await delivery.hear(eventsOf(id, number)[2]);
    await delivery.hear(completed(id, number));
    await deliverAll();
    return id;
  }

  async function deliverAll(): Promise<void> {
    const writer = delivery.writer();
    await writer.deliver();
    await writer.close();
  }

  async function explained(id: string): Promise<string> {
    const [found] = await explainConversation({ conversationId: conversationIdSchema.parse(id) }, delivery.store);
    if (found === undefined) throw new Error(`${id} is not known`);
    return explanationText(found, delivery.now());
  }

  /** The fields of the task as they were written. */
  async function taskOf(id: string) {
    const { written } = await delivery.row(id);
    return written.task?.fields;
  }
  const dueField = crm === 'hubspot' ? 'hs_timestamp' : 'ActivityDate';
  const priorityField = crm === 'hubspot' ? 'hs_task_priority' : 'Priority';

  it('take conversations out by a filter, say which, and never a request for a person', async () => {
    await configure({ filters: [{ when: { durationBelow: 5 }, action: 'skip' }] });
    const short = await deliver({ duration_seconds: 3 });
    const asked = await deliver({ duration_seconds: 3 }, { handoff: true });
    const long = await deliver();
    expect(await delivery.row(short)).toMatchObject({ state: 'skipped', reason: 'filtered', written: {} });
    expect(await explained(short)).toMatch(/Filter +skips duration below 5 s/);
    expect(await delivery.row(asked)).toMatchObject({ state: 'synced', reason: 'written' });
    expect(await delivery.row(long)).toMatchObject({ state: 'synced', reason: 'written' });
  });

  it('write a call of an unknown caller on nobody, again without a change, and on him once he is known', async () => {
    await configure({
      unknownCaller: { action: 'create', rules: [{ when: { status: 'missed' }, action: 'log_without_person' }] },
      tasks: { rules: [{ when: { status: 'missed' } }] },
    });
    const number = '+15559900001';
    const id = await deliver({ status: 'missed' }, { number });
    const row = await delivery.row(id);
    expect(row).toMatchObject({ state: 'synced', reason: 'written' });
    expect(row.written).toMatchObject({ person: undefined, task: undefined });
    expect(row.written.activity?.linkedTo).toBeUndefined();
    expect((await delivery.trace(id)).plan?.person).toEqual({
      action: 'none',
      rule: 'nobody has this number; policy for status missed: log without person',
    });

    const again = async () => {
      await delivery.store.ledger.requeue({ conversationId: conversationIdSchema.parse(id), now: delivery.now() });
      await deliverAll();
      return delivery.row(id);
    };
    expect(await again()).toMatchObject({ reason: 'nothing_to_change', written: { person: undefined } });
    const known = await delivery.row(await deliver({ status: 'completed' }, { number }));
    const linked = await again();
    expect(linked.written.activity?.linkedTo).toEqual(known.written.person);
    expect(linked.written.activity?.ref).toEqual(row.written.activity?.ref);
    expect(linked.written.task?.linkedTo).toEqual(known.written.person);
  });

  it('leave a caller to a person by review, and skip one, as the table says', async () => {
    await configure({
      unknownCaller: {
        action: 'skip',
        rules: [
          { when: { intent: ['booking', 'complaint'] }, action: 'review' },
          { when: { durationAtLeast: 60, direction: 'inbound' }, action: 'create' },
        ],
      },
    });
    const review = await delivery.row(await deliver({ intent: 'Complaint' }));
    expect(review).toMatchObject({ state: 'needs_review', reason: 'unknown_caller_review', written: {} });
    expect(await delivery.row(await deliver())).toMatchObject({ state: 'synced', reason: 'written' });
    const skipped = await delivery.row(await deliver({ direction: 'outbound' }));
    expect(skipped).toMatchObject({ state: 'skipped', reason: 'unknown_caller_policy' });
  });

  it('know a caller who came before, and go on saying so of the conversation that came first', async () => {
    await configure({
      content: { rules: [{ when: { repeatCaller: true }, summary: false }] },
      filters: [],
    });
    const number = '+15559900002';
    const first = await deliver({}, { number });
    const second = await deliver({}, { number });
    const content = async (id: string) => (await delivery.trace(id)).plan?.content?.rule;
    expect(await content(first)).toBe('for all conversations');
    expect(await content(second)).toBe('for repeat caller yes');
    delivery.personaDesk.updateConversation(first, { summary: 'Came up again.' });
    await delivery.hear({ ...completed(first, number), id: `evt_again_${first}` });
    await deliverAll();
    expect(await content(first)).toBe('for all conversations');
  });

  it('write a task for a missed call, due by the hours of the tenant, and none for others', async () => {
    await configure({
      tasks: {
        rules: [
          { when: { status: 'missed', afterHours: false }, dueInMinutes: 150, clock: 'business', priority: 'low' },
          { when: { afterHours: true }, dueInMinutes: 30, clock: 'business', priority: 'medium' },
        ],
      },
    });
    const missed = await deliver({ status: 'missed' });
    // Two hours are left on 2 March; the last half hour is from 9:00 on the Monday after.
    expect(await taskOf(missed)).toMatchObject({
      [dueField]: crm === 'hubspot' ? '2026-03-09T09:30:00.000Z' : '2026-03-09',
      [priorityField]: crm === 'hubspot' ? 'LOW' : 'Low',
    });
    const text = await explained(missed);
    expect(text).toMatch(/Task +for status missed, after hours no\n/);
    expect(text).toMatch(/Content +summary, link to the recording \(for all conversations\)\n/);
    const late = await deliver({ started_at: '2026-03-02T20:00:00Z', ended_at: '2026-03-02T20:01:00Z' });
    expect(await taskOf(late)).toMatchObject({
      [dueField]: crm === 'hubspot' ? '2026-03-09T09:30:00.000Z' : '2026-03-09',
      [priorityField]: crm === 'hubspot' ? 'MEDIUM' : 'Normal',
    });
    expect(await taskOf(await deliver())).toBeUndefined();
    const asked = await deliver({}, { handoff: true });
    // Asked for at 10:02, a quarter of an hour by the plain clock: what it was without any policy.
    expect(await taskOf(asked)).toMatchObject({
      [dueField]: crm === 'hubspot' ? '2026-03-02T10:17:00.000Z' : '2026-03-02',
      [priorityField]: crm === 'hubspot' ? 'HIGH' : 'High',
    });
  });

  it('write by the mapping of the connection, and stamp what they wrote with its version', async () => {
    const document = defaultDocument(crm);
    const field = crm === 'hubspot' ? 'hs_call_title' : 'Subject';
    const rows = document.activities.call.map((row) =>
      row.field === field
        ? { field, mode: 'overwrite' as const, from: { cel: 'computed.afterHours ? "night" : "day"' } }
        : row,
    );
    const mapping = { ...document, name: 'acme', activities: { ...document.activities, call: rows } };
    await configure({ mapping });
    const day = await deliver();
    const night = await deliver({ started_at: '2026-03-02T20:00:00Z', ended_at: '2026-03-02T20:01:00Z' });
    const title = async (id: string) => (await delivery.row(id)).written.activity?.fields[field];
    expect([await title(day), await title(night)]).toEqual(['day', 'night']);
    expect((await delivery.row(day)).mappingVersion).toMatch(/^acme-[0-9a-f]{8}$/);
  });
});
