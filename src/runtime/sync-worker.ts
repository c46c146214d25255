import { fileURLToPath } from 'node:url';
import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import { createActivities } from '../../activities/activities.ts';
import { TASK_QUEUE, WORKER } from '../../temporal.config.ts';
import type { DeliverDependencies } from '../delivery/dependencies.ts';

/** Makes the worker that runs the workflows and the activities. */
export async function createSyncWorker(options: {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly dependencies: DeliverDependencies;
  /** Another queue than the default, for tests and for several installations on one cluster. */
  readonly taskQueue?: string;
  /** A bundle made earlier; without it the workflows are bundled now, which takes about a second. */
  readonly workflowBundle?: WorkerOptions['workflowBundle'];
}): Promise<Worker> {
  const workflows =
    options.workflowBundle === undefined
      ? { workflowsPath: fileURLToPath(new URL('../../workflows/index.ts', import.meta.url)) }
      : { workflowBundle: options.workflowBundle };
  return Worker.create({
    connection: options.connection,
    namespace: options.namespace,
    taskQueue: options.taskQueue ?? TASK_QUEUE,
    activities: createActivities(options.dependencies),
    ...workflows,
    ...WORKER,
  });
}
