/**
 * Records the history of a run of `syncConnection` through all of its branches, for the replay test:
 *
 *     npx node test/workflows/record-history.ts sync-connection-1
 *
 * Record a new file when the workflow's commands change (behind a patch), and keep the old ones: runs that began under
 * them are still out there.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { NativeConnection } from '@temporalio/worker';
import { startEmbeddedTemporal } from '../../src/runtime/embedded/temporal.ts';
import { installTemporalRuntime } from '../../src/runtime/temporal-runtime.ts';
import type { DeliverDueResult } from '../../activities/activities.ts';
import { scriptedWorker } from '../support/scripted-loop.ts';
import { createSignal } from '../support/signal.ts';

/** More at once, a timer, a wake-up that ends a wait without a timer, a parked connection, rest. */
const SCRIPT: readonly DeliverDueResult[] = [
  { delivered: 3, more: true },
  { delivered: 1, more: false, waitMs: 50 },
  { delivered: 0, more: false },
  { delivered: 0, more: false, parked: 'parked', waitMs: 50 },
  { delivered: 0, more: false, parked: 'broken' },
];

const [name] = process.argv.slice(2);
if (name === undefined) throw new Error('Name the history, for instance sync-connection-1.');
const target = fileURLToPath(new URL(`../histories/${name}.json`, import.meta.url));

installTemporalRuntime();
const directory = await mkdtemp(join(tmpdir(), 'crm-sync-history-'));
const server = await startEmbeddedTemporal({ dataDirectory: directory, report: (line) => console.error(line) });
const connection = await NativeConnection.connect({ address: server.address });
const client = new Client({ connection: await Connection.connect({ address: server.address }) });
const delivered = createSignal();
let deliveries = 0;
const worker = await scriptedWorker({
  connection,
  namespace: server.namespace,
  taskQueue: 'recording',
  workflows: { workflowsPath: fileURLToPath(new URL('../../workflows/index.ts', import.meta.url)) },
  script: (n) => SCRIPT[n - 1] ?? { delivered: 0, more: false },
  onDelivery: (n) => {
    deliveries = n;
    delivered.raise();
  },
});
const reached = (n: number) =>
  delivered.until(
    () => deliveries >= n,
    10_000,
    () => `delivery ${deliveries} of ${n}`,
  );
await worker.runUntil(async () => {
  const handle = await client.workflow.start('syncConnection', {
    workflowId: 'connection:recorded',
    taskQueue: 'recording',
    args: [{ connectionId: 'recorded' }],
  });
  await reached(3);
  await handle.signal('wake');
  await reached(5);
  await handle.signal('wake');
  await reached(6);
  await writeFile(target, historyToJSON(await handle.fetchHistory()));
  await handle.terminate();
});
await connection.close();
await client.connection.close();
await server.stop();
await rm(directory, { recursive: true });
console.log(`Wrote ${target}`);
