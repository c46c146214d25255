import type { Client } from '@temporalio/client';
import {
  CLIENT_DEADLINE_MS,
  connectionWorkflowId,
  SIGNALS,
  TASK_QUEUE,
  WORKFLOW_TYPES,
} from '../../temporal.config.ts';
import type { ConnectionId } from '../domain/ids.ts';

/** What the outside may ask of the workflows. */
export interface Control {
  /**
   * Starts the connection's loop or wakes it. Durable once it resolves, with or without a worker.
   * Rejects after {@link CLIENT_DEADLINE_MS} when Temporal does not answer; the sweep makes up for it.
   */
  readonly wake: (connectionId: ConnectionId) => Promise<void>;
}

/** @param options.taskQueue another queue than the default, for tests and for several installations on one cluster. */
export function createControl(client: Client, options: { readonly taskQueue?: string } = {}): Control {
  const taskQueue = options.taskQueue ?? TASK_QUEUE;
  return {
    async wake(connectionId) {
      await client.withDeadline(Date.now() + CLIENT_DEADLINE_MS, () =>
        client.workflow.signalWithStart(WORKFLOW_TYPES.syncConnection, {
          workflowId: connectionWorkflowId(connectionId),
          taskQueue,
          args: [{ connectionId }],
          signal: SIGNALS.wake,
          signalArgs: [],
        }),
      );
    },
  };
}
