import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Fault } from '../../sandbox/hubspot/index.ts';
import { call, completed, eventsOf, inHubSpot } from '../support/scenario-data.ts';
import { Stack } from '../support/stack.ts';

const synced = (row: { readonly state: string }) => row.state === 'synced';

/** What HubSpot says at each limit, as its usage guidelines show it. */
const tenSecondly = {
  status: 'error',
  message: 'You have reached your ten_secondly_rolling limit.',
  errorType: 'RATE_LIMIT',
  policyName: 'TEN_SECONDLY_ROLLING',
};

/** Each kind of trouble, once, on each kind of write and on the look-up. */
const TROUBLE: Readonly<Record<string, Fault>> = {
  '429 with Retry-After': { kind: 'status', status: 429, body: tenSecondly, headers: { 'Retry-After': '1' } },
  '500': { kind: 'status', status: 500, body: { status: 'error', message: 'internal error' } },
  '502 with an HTML page': { kind: 'html-502' },
  'a connection reset before the write': { kind: 'reset' },
  'a connection reset after the write was applied': { kind: 'apply-then-reset' },
  'a 504 after the write was applied': { kind: 'apply-then-status', status: 504 },
};

const ENDPOINTS = {
  'the look-up': 'contacts/search',
  'the contact': 'contacts/batch/create',
  'the call': 'calls/batch/upsert',
  'the task': 'tasks/batch/upsert',
  'the link': 'batch/associate/default',
};

describe('HubSpot misbehaves', () => {
  let stack: Stack;
  let serial = 0;
  beforeAll(async () => {
    stack = await Stack.start({ policy: { retryBase: 20, retryCap: 200, outagePause: 20 } });
  });
  afterAll(() => stack.stop());
  afterEach(() => stack.hubspot.clearFaults());

  const next = () => {
    serial += 1;
    return { id: `conv_fault_${serial}`, number: `+1555666${1000 + serial}` };
  };

  /** A conversation with a handoff, so that every endpoint is used. */
  async function deliverOne(): Promise<{ readonly id: string; readonly number: string }> {
    const one = next();
    stack.personaDesk.addConversations([call(one.id, one.number)]);
    const [, , handoff, ended] = eventsOf(one.id, one.number);
    await stack.sender.send(ended);
    await stack.sender.send(handoff);
    return one;
  }

  function expectOnce({ id, number }: { readonly id: string; readonly number: string }): void {
    const { contactsOf, tasks } = inHubSpot(stack.hubspot);
    const contacts = stack.hubspot.findByProperty('contacts', 'phone', number);
    const calls = stack.hubspot.findByProperty('calls', 'hs_call_external_id', id);
    const own = tasks.filter((task) => contactsOf(task).includes(contacts[0]?.id ?? ''));
    expect([id, contacts.length, calls.length, own.length]).toEqual([id, 1, 1, 1]);
    expect(calls.flatMap(contactsOf)).toEqual([contacts[0]?.id]);
  }

  for (const [where, path] of Object.entries(ENDPOINTS)) {
    it.each(Object.entries(TROUBLE))(`%s on ${where} is retried and leaves no duplicate`, async (_name, fault) => {
      stack.hubspot.injectFault({ match: { method: 'POST', path }, times: 1, fault });
      const one = await deliverOne();
      await stack.untilRow(one.id, (row) => synced(row) && row.dueAt === undefined);
      expectOnce(one);
    });
  }

  it('401 marks the connection broken, its work waits without calls, and one command resumes it', async () => {
    stack.hubspot.revokeToken('sandbox-hubspot-token');
    const one = await deliverOne();
    await stack.untilRow(one.id, (row) => row.reason === 'connection_broken');
    const connection = await stack.store.connections.get(stack.connectionId);
    expect(connection?.state).toMatchObject({ kind: 'broken', code: 'hubspot.EXPIRED_AUTHENTICATION' });

    const callsBefore = stack.hubspot.requestLog().length;
    const second = await deliverOne();
    await stack.control.wake(stack.connectionId);
    expect((await stack.row(second.id))?.state).toBe('due');
    expect(stack.hubspot.requestLog()).toHaveLength(callsBefore);

    stack.hubspot.addToken({ token: 'sandbox-hubspot-token' });
    await stack.resume();
    await stack.untilRow(one.id, synced);
    await stack.untilRow(second.id, synced);
    expectOnce(one);
    expectOnce(second);
  });

  it('400 on one record of twenty fails that record with the reason in plain words, and its neighbours are written', async () => {
    const ones = Array.from({ length: 20 }, next);
    const bad = ones[7];
    if (bad === undefined) throw new Error('there are twenty');
    // HubSpot's properties guide: a string holds 65,536 characters at most. The CRM's own limit is hit through a field
    // that is passed on as the source has it.
    stack.personaDesk.addConversations(
      ones.map(({ id, number }) => call(id, number, id === bad.id ? { to_number: '9'.repeat(70_000) } : {})),
    );
    await stack.stopWorker();
    await Promise.all(ones.map(({ id, number }) => stack.sender.send(completed(id, number))));
    await stack.startWorker();
    await stack.untilRow(bad.id, (row) => row.state === 'failed');
    for (const { id } of ones) {
      if (id !== bad.id) await stack.untilRow(id, synced);
    }
    const row = await stack.row(bad.id);
    expect(row).toMatchObject({ reason: 'crm_refused_record', vendorCode: expect.stringContaining('hubspot.') });
    const [attempt] = await stack.store.attempts.list(stack.connectionId, row?.conversationId ?? (bad.id as never), 1);
    expect(attempt?.trace).toMatchObject({ failures: [{ field: 'hs_call_to_number' }] });
    for (const { id } of ones) {
      expect(stack.hubspot.findByProperty('calls', 'hs_call_external_id', id)).toHaveLength(id === bad.id ? 0 : 1);
    }
  });

  it('a field that was deleted in HubSpot fails the mapping, not the record, and its name is known', async () => {
    const one = next();
    stack.personaDesk.addConversations([call(one.id, one.number)]);
    stack.hubspot.injectFault({
      match: { path: 'calls/batch/upsert' },
      fault: {
        kind: 'status',
        status: 400,
        body: {
          status: 'error',
          category: 'VALIDATION_ERROR',
          message: 'Property values were not valid',
          errors: [{ message: 'gone', code: 'PROPERTY_DOESNT_EXIST', context: { propertyName: ['hs_call_title'] } }],
        },
      },
    });
    await stack.sender.send(completed(one.id, one.number));
    const row = await stack.untilRow(one.id, ({ state }) => state === 'failed');
    expect(row.reason).toBe('crm_refused_mapping');
  });
});

describe('HubSpot stalls', () => {
  it('a stalled answer holds nothing longer than the time-out, and the call arrives once', async () => {
    const stack = await Stack.start({ policy: { retryBase: 20, outagePause: 20 }, requestTimeoutMs: 300 });
    try {
      stack.personaDesk.addConversations([call('conv_stall', '+15556650001')]);
      const match = { path: 'calls/batch/upsert' };
      stack.hubspot.injectFault({ match, times: 1, fault: { kind: 'stall', ms: 60_000 } });
      stack.hubspot.injectFault({ match, times: 1, fault: { kind: 'stall-body', ms: 60_000 } });
      const before = Date.now();
      await stack.sender.send(completed('conv_stall', '+15556650001'));
      await stack.untilRow('conv_stall', synced);
      expect(Date.now() - before).toBeLessThan(5_000);
      expect(stack.hubspot.findByProperty('calls', 'hs_call_external_id', 'conv_stall')).toHaveLength(1);
    } finally {
      await stack.stop();
    }
  });
});
