import type { NativeConnection } from '@temporalio/worker';
import { Worker, type WorkerOptions } from '@temporalio/worker';
import type { DeliverDueResult } from '../../activities/activities.ts';

/** A worker whose deliveries answer what the script says, one line after the other, and the last line from then on. */
export async function scriptedWorker(options: {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly workflows: Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'>;
  readonly script: (delivery: number) => DeliverDueResult;
  readonly onDelivery?: (delivery: number) => void;
}): Promise<Worker> {
  let deliveries = 0;
  return Worker.create({
    connection: options.connection,
    namespace: options.namespace,
    taskQueue: options.taskQueue,
    ...options.workflows,
    activities: {
      deliverDue: (): Promise<DeliverDueResult> => {
        deliveries += 1;
        options.onDelivery?.(deliveries);
        return Promise.resolve(options.script(deliveries));
      },
    },
  });
}
