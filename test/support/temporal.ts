import { randomUUID } from 'node:crypto';
import { fromRun } from './run-environment.ts';

/** The dev server of this test run. */
export function testTemporal(): { readonly address: string; readonly namespace: string } {
  return { address: fromRun('temporalAddress'), namespace: 'default' };
}

/** The bundle of all workflows, for a worker's `workflowBundle`: made once per run, since it takes a second. */
export function testWorkflowBundle(): { readonly codePath: string } {
  return { codePath: fromRun('workflowBundle') };
}

/** For task queues and workflow ids: test files share one server, and none may take another's work. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomUUID()}`;
}
