import { describe, expect, it } from '@jest/globals';
import { call, completed, inHubSpot } from '../support/scenario-data.ts';
import { Stack } from '../support/stack.ts';
import { TcpGate } from '../support/tcp-gate.ts';
import { testTemporal } from '../support/temporal.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, n) => `+1555333${1000 + n}`);
const idOf = (n: number) => `conv_burst_${n}`;

/** A burst of completed calls, each from a caller of its own. */
async function sendBurst(stack: Stack, count: number): Promise<void> {
  const callers = numbers(count);
  stack.personaDesk.addConversations(callers.map((number, n) => call(idOf(n), number)));
  const report = await stack.sender.sendAll(callers.map((number, n) => completed(idOf(n), number)));
  expect(report.accepted).toHaveLength(count);
}

function expectAllOnce(stack: Stack, count: number): void {
  const { calls, contacts, contactsOf } = inHubSpot(stack.hubspot);
  const ids = calls.map(({ properties }) => properties.hs_call_external_id);
  expect(new Set(ids).size).toBe(count);
  expect(ids).toHaveLength(count);
  expect(contacts).toHaveLength(count);
  expect(calls.filter((record) => contactsOf(record).length === 1)).toHaveLength(count);
}

describe('nothing is lost', () => {
  it('a loop that is terminated by hand in the middle of a burst and started again delivers everything once', async () => {
    const count = 400;
    const stack = await Stack.start({ hubspot: { latencyMs: 15 }, policy: { batchSize: 40 }, withoutWorker: true });
    try {
      await sendBurst(stack, count);
      await stack.startWorker();
      const loop = stack.temporal.workflow.getHandle(stack.workflowId);
      for (const atLeast of [40, 160]) {
        await stack.hubspot.waitFor((sandbox) => sandbox.records('calls').length >= atLeast, 20_000);
        await loop.terminate('by hand');
      }
      // Nobody wakes it: the sweep finds what is due.
      await stack.untilCounts((counts) => counts.synced === count, 60_000);
      expectAllOnce(stack, count);
    } finally {
      await stack.stop();
    }
  });

  it('what was accepted while no worker ran and no wake-up got through is delivered when they are back', async () => {
    const count = 120;
    const stack = await Stack.start({ withoutWorker: true });
    try {
      await sendBurst(stack, count);
      await stack.waker.idle();
      await stack.temporal.workflow.getHandle(stack.workflowId).terminate('as if the wake-up had been lost');
      await stack.startWorker();
      await stack.untilCounts((counts) => counts.synced === count, 60_000);
      expectAllOnce(stack, count);
    } finally {
      await stack.stop();
    }
  });

  it('while Temporal is down events are accepted at once, and delivered when it is back', async () => {
    const count = 60;
    const gate = await TcpGate.before(testTemporal().address);
    const stack = await Stack.start({ temporalAddress: gate.address });
    try {
      gate.shut();
      const before = performance.now();
      await sendBurst(stack, count);
      // The intake waits for nobody: far less than the two seconds that one wake-up may take.
      expect(performance.now() - before).toBeLessThan(1_500);
      await stack.untilLogged(`wake_failed ${stack.connectionId}`);
      expect(await stack.counts()).toMatchObject({ due: count, synced: 0 });
      gate.open();
      await stack.untilCounts((counts) => counts.synced === count, 20_000);
      expectAllOnce(stack, count);
    } finally {
      await stack.stop();
      await gate.close();
    }
  });

  it('wake-ups for thousands of events are merged to a handful of signals', async () => {
    const count = 500;
    const stack = await Stack.start({ withoutWorker: true });
    try {
      await sendBurst(stack, count);
      await stack.waker.idle();
      const { events } = await stack.temporal.workflow.getHandle(stack.workflowId).fetchHistory();
      const signals =
        events?.filter(
          (event) =>
            event.workflowExecutionSignaledEventAttributes !== null &&
            event.workflowExecutionSignaledEventAttributes !== undefined,
        ) ?? [];
      expect(signals.length).toBeGreaterThan(0);
      expect(signals.length).toBeLessThan(count / 10);
    } finally {
      await stack.stop();
    }
  });

  it('a source that is away, slow to know, or refuses our key makes conversations wait, never fail or vanish', async () => {
    const stack = await Stack.start({ policy: { retryBase: 20, retryCap: 100 } });
    try {
      stack.personaDesk.injectFault({
        path: '/conversations/conv_s1',
        times: 2,
        effect: { kind: 'status', status: 503 },
      });
      stack.personaDesk.addConversations([call('conv_s1', '+15553330001')]);
      await stack.sender.send(completed('conv_s1', '+15553330001'));
      await stack.untilRow('conv_s1', ({ state }) => state === 'synced');

      await stack.sender.send(completed('conv_s2', '+15553330002'));
      await stack.untilRow('conv_s2', ({ reason }) => reason === 'source_conversation_unknown');
      stack.personaDesk.addConversations([call('conv_s2', '+15553330002')]);
      await stack.untilRow('conv_s2', ({ state }) => state === 'synced');
    } finally {
      await stack.stop();
    }
  });

  it('works with exactly the documented fields and resources of the source', async () => {
    const stack = await Stack.start();
    try {
      stack.personaDesk.setOptions({
        documentedFieldsOnly: true,
        offeredResources: ['tenants', 'conversations'],
      });
      stack.personaDesk.addConversations([call('conv_doc', null)]);
      await stack.sender.send(completed('conv_doc', '+15553330003'));
      await stack.untilRow('conv_doc', ({ state }) => state === 'synced');
      const { calls, contacts } = inHubSpot(stack.hubspot);
      expect(calls.map(({ properties }) => properties.hs_call_duration)).toEqual(['165000']);
      expect(contacts.map(({ properties }) => properties.phone)).toEqual(['+15553330003']);
    } finally {
      await stack.stop();
    }
  });
});
