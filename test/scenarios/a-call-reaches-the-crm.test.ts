import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { exampleConversation, exampleEvent } from '../../sandbox/personadesk/index.ts';
import { call, completed, eventsOf, inHubSpot, permutations, subsets } from '../support/scenario-data.ts';
import { Stack } from '../support/stack.ts';

const synced = (row: { readonly state: string }) => row.state === 'synced';

describe('a conversation and its events', () => {
  let stack: Stack;
  beforeAll(async () => {
    // The first poll comes at once, so that a lone `call.started` needs no quarter of an hour.
    stack = await Stack.start({ policy: { pollsAfterFirstEvent: [50, 3_600_000], retryBase: 20 } });
  });
  afterAll(() => stack.stop());
  afterEach(() => stack.hubspot.clearFaults());

  it('the documented example ends as one call on one contact with that number, and the ledger knows why', async () => {
    stack.personaDesk.addConversations([exampleConversation('ten_test')]);
    expect(await stack.sender.send(exampleEvent('ten_test'))).toEqual({
      status: 202,
      body: JSON.stringify({ received: true, duplicate: false }),
    });
    const row = await stack.untilRow('conv_123', synced);
    const { contacts, calls, contactsOf } = inHubSpot(stack.hubspot);
    const contact = contacts.find((record) => record.properties.phone === '+15551234567');
    const logged = calls.filter((record) => record.properties.hs_call_external_id === 'conv_123');
    expect(logged).toHaveLength(1);
    expect(logged.flatMap(contactsOf)).toEqual([contact?.id]);
    expect(logged[0]?.properties).toMatchObject({ hs_call_duration: '165000', hs_call_status: 'COMPLETED' });
    expect(row).toMatchObject({ reason: 'written', mappingVersion: 'default-hubspot-3' });
    const [attempt] = await stack.store.attempts.list(stack.connectionId, row.conversationId, 1);
    expect(attempt?.trace).toMatchObject({
      rawNumber: '+15551234567',
      lookUp: { by: 'search', outcome: 'none' },
      plan: { person: { action: 'create' }, activity: { action: 'upsert' } },
    });
  });

  it('the same event sent 50 times in parallel makes one call', async () => {
    stack.personaDesk.addConversations([call('conv_fifty', '+15557770001')]);
    const event = completed('conv_fifty', '+15557770001');
    const answers = await Promise.all(Array.from({ length: 50 }, () => stack.sender.send(event)));
    expect(answers.every(({ status }) => status === 202)).toBe(true);
    expect(answers.filter(({ body }) => body.includes('"duplicate":false'))).toHaveLength(1);
    await stack.untilRow('conv_fifty', synced);
    expect(stack.hubspot.findByProperty('calls', 'hs_call_external_id', 'conv_fifty')).toHaveLength(1);
    expect(stack.hubspot.findByProperty('contacts', 'phone', '+15557770001')).toHaveLength(1);
  });

  it('the four events in all 24 orders end alike: one contact, one call with the final content, one task', async () => {
    const orders = permutations([0, 1, 2, 3] as const);
    expect(orders).toHaveLength(24);
    await Promise.all(orders.map((order, n) => deliver(stack, `conv_order_${n}`, `+1555888${1000 + n}`, order)));
    orders.forEach((_, n) => expectOne(stack, `conv_order_${n}`, `+1555888${1000 + n}`, 1));
  });

  it('with any of the events missing the call is there all the same, and a task when a person was asked for', async () => {
    const choices = subsets([0, 1, 2, 3] as const);
    expect(choices).toHaveLength(15);
    await Promise.all(choices.map((chosen, n) => deliver(stack, `conv_some_${n}`, `+1555999${1000 + n}`, chosen)));
    choices.forEach((chosen, n) =>
      expectOne(stack, `conv_some_${n}`, `+1555999${1000 + n}`, chosen.includes(2) ? 1 : 0),
    );
  });

  it('a call that is still going on is not written before it ends, a request for a person is', async () => {
    const number = '+15557770002';
    const [started, , handoff, ended] = eventsOf('conv_live', number);
    stack.personaDesk.addConversations([
      call('conv_live', number, { status: 'active', ended_at: null, duration_seconds: null, summary: null }),
    ]);
    await stack.sender.send(started);
    await stack.untilRow('conv_live', (row) => row.reason === 'conversation_active');
    expect(stack.hubspot.findByProperty('contacts', 'phone', number)).toHaveLength(0);

    await stack.sender.send(handoff);
    await stack.untilRow('conv_live', (row) => row.reason === 'handoff_written_conversation_active');
    expect(
      inHubSpot(stack.hubspot).tasks.filter(({ properties }) => properties.hs_task_body?.includes(number)),
    ).toHaveLength(1);

    stack.personaDesk.updateConversation('conv_live', {
      status: 'completed',
      ended_at: '2026-03-02T10:05:00Z',
      summary: 'All well.',
    });
    await stack.sender.send(ended);
    await stack.untilRow('conv_live', synced);
    expectOne(stack, 'conv_live', number, 1);
    const [logged] = stack.hubspot.findByProperty('calls', 'hs_call_external_id', 'conv_live');
    expect(logged?.properties).toMatchObject({ hs_call_status: 'COMPLETED', hs_call_title: 'All well.' });
  });

  it('a call that a person deleted comes back whole, on its timeline, when the conversation changes', async () => {
    const number = '+15557770004';
    const ended = completed('conv_deleted', number);
    stack.personaDesk.addConversations([call('conv_deleted', number)]);
    await stack.sender.send(ended);
    const before = await stack.untilRow('conv_deleted', synced);
    stack.hubspot.deleteAsPerson('calls', before.written.activity?.ref.id ?? '');
    stack.personaDesk.updateConversation('conv_deleted', { summary: 'Corrected.' });
    await stack.sender.send({ ...ended, id: 'evt_conv_deleted_corrected' });
    await stack.untilRow(
      'conv_deleted',
      (row) => synced(row) && row.written.activity?.ref.id !== before.written.activity?.ref.id,
    );
    expectOne(stack, 'conv_deleted', number, 0);
    const [logged] = stack.hubspot.findByProperty('calls', 'hs_call_external_id', 'conv_deleted');
    expect(logged?.properties).toMatchObject({ hs_call_title: 'Corrected.', hs_call_duration: '165000' });
  });

  it('a conversation whose contact a person deleted moves to a contact that is there', async () => {
    const number = '+15557770005';
    const ended = completed('conv_moved', number);
    stack.personaDesk.addConversations([call('conv_moved', number)]);
    await stack.sender.send(ended);
    const { written } = await stack.untilRow('conv_moved', synced);
    stack.hubspot.deleteAsPerson('contacts', written.person?.id ?? '');
    stack.hubspot.deleteAsPerson('calls', written.activity?.ref.id ?? '');
    stack.personaDesk.updateConversation('conv_moved', { summary: 'Corrected.' });
    await stack.sender.send({ ...ended, id: 'evt_conv_moved_corrected' });
    await stack.untilRow('conv_moved', (row) => synced(row) && row.written.person?.id !== written.person?.id);
    expectOne(stack, 'conv_moved', number, 0);
  });

  it('a second delivery of what the CRM already holds makes no call to it', async () => {
    const number = '+15557770003';
    const ended = completed('conv_again', number);
    stack.personaDesk.addConversations([call('conv_again', number)]);
    await stack.sender.send(ended);
    await stack.untilRow('conv_again', synced);
    const before = stack.hubspot.requestCounts();
    await stack.sender.send({ ...ended, id: 'evt_conv_again_repeated' });
    await stack.untilRow('conv_again', (row) => row.reason === 'nothing_to_change');
    expect(stack.hubspot.requestCounts()).toEqual(before);
  });
});

/** Sends the chosen events of one conversation one after the other, in that order, and waits for its end. */
async function deliver(stack: Stack, id: string, number: string, chosen: readonly number[]): Promise<void> {
  stack.personaDesk.addConversations([call(id, null)]);
  const events = eventsOf(id, number);
  for (const index of chosen) {
    const event = events[index];
    if (event !== undefined) expect((await stack.sender.send(event)).status).toBe(202);
  }
  await stack.untilRow(id, (row) => synced(row) && row.dueAt === undefined, 25_000);
}

function expectOne(stack: Stack, id: string, number: string, tasks: number): void {
  const { contactsOf, tasks: allTasks } = inHubSpot(stack.hubspot);
  const contacts = stack.hubspot.findByProperty('contacts', 'phone', number);
  const calls = stack.hubspot.findByProperty('calls', 'hs_call_external_id', id);
  expect([id, contacts.length, calls.length]).toEqual([id, 1, 1]);
  expect(calls.flatMap(contactsOf)).toEqual([contacts[0]?.id]);
  const own = allTasks.filter((task) => contactsOf(task).includes(contacts[0]?.id ?? ''));
  expect([id, own.length]).toEqual([id, tasks]);
}
