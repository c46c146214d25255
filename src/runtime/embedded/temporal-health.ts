import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { hasErrorCode } from './error-code.ts';

const CONNECT_TIMEOUT_MS = 1_000;
const CALL_TIMEOUT_MS = 3_000;
/** gRPC status NOT_FOUND. */
const NOT_FOUND = 5;
/** gRPC status ALREADY_EXISTS. */
const ALREADY_EXISTS = 6;
/** How long the server keeps a closed workflow, so that an operator can look at it; the dev server's default is one day. */
const RETENTION = '7 days';

/** Whether the server at this address serves the namespace now; it is registered when the server lacks it, and served soon after. */
export async function servesNamespace(address: string, namespace: string): Promise<boolean> {
  let connection: Connection;
  try {
    connection = await Connection.connect({ address, connectTimeout: CONNECT_TIMEOUT_MS });
  } catch {
    // Nobody listens yet, or it is no Temporal server: the caller watches the process and the clock.
    return false;
  }
  try {
    return await connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, () => describeOrRegister(connection, namespace));
  } finally {
    await connection.close();
  }
}

async function describeOrRegister(connection: Connection, namespace: string): Promise<boolean> {
  try {
    await connection.workflowService.describeNamespace({ namespace });
    // Describing reads the database; workflow calls know a new namespace only some seconds later.
    await connection.workflowService.countWorkflowExecutions({ namespace });
    return true;
  } catch (error) {
    if (!hasErrorCode(error, NOT_FOUND)) return false;
    await register(connection, namespace);
    return false;
  }
}

async function register(connection: Connection, namespace: string): Promise<void> {
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: msToTs(RETENTION),
    });
  } catch (error) {
    if (!hasErrorCode(error, ALREADY_EXISTS)) throw error;
  }
}
