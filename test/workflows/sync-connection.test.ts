import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { DeliverDueResult } from '../../activities/activities.ts';
import { installTemporalRuntime } from '../../src/runtime/temporal-runtime.ts';
import { scriptedWorker } from '../support/scripted-loop.ts';
import { createSignal } from '../support/signal.ts';
import { testTemporal, testWorkflowBundle, uniqueName } from '../support/temporal.ts';

const { address, namespace } = testTemporal();

describe('the loop of a connection', () => {
  let native: NativeConnection;
  let client: Client;
  beforeAll(async () => {
    installTemporalRuntime();
    native = await NativeConnection.connect({ address });
    client = new Client({ connection: await Connection.connect({ address }), namespace });
  });
  afterAll(async () => {
    await client.connection.close();
    await native.close();
  });

  /** Runs a loop on a script while `act` does something to it; resolves with the number of deliveries. */
  async function run(
    script: (delivery: number) => DeliverDueResult,
    act: (loop: { readonly workflowId: string; readonly reached: (n: number) => Promise<void> }) => Promise<void>,
    input: object = {},
  ): Promise<number> {
    const workflowId = uniqueName('connection');
    const delivered = createSignal();
    let deliveries = 0;
    const worker = await scriptedWorker({
      connection: native,
      namespace,
      taskQueue: workflowId,
      workflows: { workflowBundle: testWorkflowBundle() },
      script,
      onDelivery: (n) => {
        deliveries = n;
        delivered.raise();
      },
    });
    await worker.runUntil(async () => {
      const args = [{ connectionId: workflowId, ...input }];
      await client.workflow.start('syncConnection', { workflowId, taskQueue: workflowId, args });
      const reached = (n: number) =>
        delivered.until(
          () => deliveries >= n,
          25_000,
          () => `${deliveries} of ${n} deliveries`,
        );
      await act({ workflowId, reached });
      await client.workflow.getHandle(workflowId).terminate();
    });
    return deliveries;
  }

  it('goes on at once while there is more, and by itself when something becomes due', async () => {
    const script = (n: number) => (n < 4 ? { delivered: 1, more: true } : { delivered: 1, more: false, waitMs: 20 });
    await run(script, ({ reached }) => reached(6));
  });

  it('does nothing while nothing is due, until it is woken', async () => {
    const deliveries = await run(
      () => ({ delivered: 0, more: false }),
      async ({ workflowId, reached }) => {
        await reached(1);
        await client.workflow.getHandle(workflowId).signal('wake');
        await reached(2);
      },
    );
    expect(deliveries).toBe(2);
  });

  it('keeps its history short by continuing as new, and loses no beat', async () => {
    const rounds = 40;
    await run(
      (n) => ({ delivered: 1, more: n < rounds }),
      async ({ workflowId, reached }) => {
        const first = await client.workflow.getHandle(workflowId).describe();
        await reached(rounds);
        const last = await client.workflow.getHandle(workflowId).describe();
        expect(last.runId).not.toBe(first.runId);
        // A delivery is some six events; the run that sees the limit ends with it.
        expect(last.historyLength).toBeLessThan(60 + 12);
      },
      { continueAsNewAfterEvents: 60 },
    );
  });
});
