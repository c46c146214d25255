import { describe, expect, it } from '@jest/globals';
import { call, completed, eventsOf, inHubSpot } from '../support/scenario-data.ts';
import { Stack } from '../support/stack.ts';

const synced = (row: { readonly state: string }) => row.state === 'synced';

/** Far longer than the test: what is written is never seen by a search. */
const SEARCH_LAG_MS = 10_000;

describe('one caller is one person', () => {
  it('two conversations of one new number at the same moment make one contact, though the search lags by 10 s', async () => {
    const stack = await Stack.start({ hubspot: { searchLagMs: SEARCH_LAG_MS } });
    try {
      const number = '+15554440001';
      stack.personaDesk.addConversations([call('conv_a', number), call('conv_b', '(555) 444-0001')]);
      await Promise.all([
        stack.sender.send(completed('conv_a', number)),
        stack.sender.send(completed('conv_b', '(555) 444-0001')),
      ]);
      await Promise.all([stack.untilRow('conv_a', synced), stack.untilRow('conv_b', synced)]);
      expectOneContactWith(stack, 2);
    } finally {
      await stack.stop();
    }
  });

  it('so do two in two batches, one just after the other', async () => {
    const stack = await Stack.start({ hubspot: { searchLagMs: SEARCH_LAG_MS } });
    try {
      const number = '+15554440002';
      for (const id of ['conv_first', 'conv_second']) {
        stack.personaDesk.addConversations([call(id, number)]);
        await stack.sender.send(completed(id, number));
        await stack.untilRow(id, synced);
      }
      expectOneContactWith(stack, 2);
    } finally {
      await stack.stop();
    }
  });

  it('even when the index of people is lost in between, the key in the CRM still makes one contact', async () => {
    const stack = await Stack.start({ hubspot: { searchLagMs: SEARCH_LAG_MS } });
    try {
      const number = '+15554440003';
      for (const id of ['conv_first', 'conv_second']) {
        stack.personaDesk.addConversations([call(id, number)]);
        await stack.sender.send(completed(id, number));
        await stack.untilRow(id, synced);
        await stack.store.people.forget(stack.connectionId, [`tel:${number}` as never]);
      }
      expectOneContactWith(stack, 2);
    } finally {
      await stack.stop();
    }
  });

  it('a remembered contact that a person deleted is made anew, not written to', async () => {
    const stack = await Stack.start({ hubspot: { searchLagMs: 0 } });
    try {
      const number = '+15554440004';
      stack.personaDesk.addConversations([call('conv_before', number), call('conv_after', number)]);
      await stack.sender.send(completed('conv_before', number));
      await stack.untilRow('conv_before', synced);
      const [contact] = inHubSpot(stack.hubspot).contacts;
      stack.hubspot.deleteAsPerson('contacts', contact?.id ?? '');
      await stack.sender.send(completed('conv_after', number));
      await stack.untilRow('conv_after', synced);
      const { contacts, contactsOf } = inHubSpot(stack.hubspot);
      expect(contacts).toHaveLength(1);
      expect(contacts[0]?.id).not.toBe(contact?.id);
      const [logged] = stack.hubspot.findByProperty('calls', 'hs_call_external_id', 'conv_after');
      expect(logged && contactsOf(logged)).toEqual([contacts[0]?.id]);
    } finally {
      await stack.stop();
    }
  });

  it('a contact that people keep under another spelling is found, and nothing on it is changed', async () => {
    const stack = await Stack.start({ hubspot: { searchLagMs: 0 } });
    try {
      const properties = { firstname: 'Jane', lastname: 'Doe', mobilephone: '(555) 444-0005' };
      const [jane] = stack.hubspot.seedRecords('contacts', [properties]);
      stack.personaDesk.addConversations([call('conv_jane', '+1 555 444 0005')]);
      await stack.sender.send(completed('conv_jane', '+15554440005'));
      await stack.untilRow('conv_jane', synced);
      const { contacts, calls, contactsOf } = inHubSpot(stack.hubspot);
      expect(contacts.map(({ id }) => id)).toEqual([jane]);
      expect(contacts[0]?.properties).toMatchObject(properties);
      expect(calls.flatMap(contactsOf)).toEqual([jane]);
    } finally {
      await stack.stop();
    }
  });

  it('several people with one number are never guessed at: the call waits for a person, a handoff does not', async () => {
    const stack = await Stack.start({ hubspot: { searchLagMs: 0 } });
    try {
      const number = '+15554440006';
      stack.hubspot.seedRecords('contacts', [
        { firstname: 'Jane', phone: number },
        { firstname: 'John', phone: '555-444-0006' },
      ]);
      stack.personaDesk.addConversations([call('conv_two', number)]);
      const [, , handoff, ended] = eventsOf('conv_two', number);
      await stack.sender.send(ended);
      await stack.untilRow('conv_two', ({ state }) => state === 'needs_review');
      expect(inHubSpot(stack.hubspot)).toMatchObject({ calls: [], tasks: [] });
      await stack.sender.send(handoff);
      await stack.hubspot.waitFor((sandbox) => sandbox.records('tasks').length === 1, 10_000);
      await stack.untilRow('conv_two', (row) => row.state === 'needs_review' && row.written.task !== undefined);
      expect(inHubSpot(stack.hubspot).calls).toEqual([]);
    } finally {
      await stack.stop();
    }
  });

  it.each(['anonymous', '', null])('a caller with the number %p is skipped by a named rule', async (number) => {
    const stack = await Stack.start();
    try {
      stack.personaDesk.addConversations([call('conv_nobody', number)]);
      await stack.sender.send(completed('conv_nobody', number ?? ''));
      const row = await stack.untilRow('conv_nobody', ({ state }) => state === 'skipped');
      expect(row.reason).toBe(number === 'anonymous' ? 'caller_withheld' : 'no_caller_identity');
      expect(stack.hubspot.requestLog()).toEqual([]);
    } finally {
      await stack.stop();
    }
  });
});

function expectOneContactWith(stack: Stack, calls: number): void {
  const found = inHubSpot(stack.hubspot);
  expect(found.contacts).toHaveLength(1);
  expect(found.calls).toHaveLength(calls);
  expect(new Set(found.calls.flatMap(found.contactsOf))).toEqual(new Set([found.contacts[0]?.id]));
}
