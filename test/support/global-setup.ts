import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { startEmbeddedPostgres } from '../../src/runtime/embedded/postgres.ts';
import { startEmbeddedTemporal } from '../../src/runtime/embedded/temporal.ts';
import { migrateToLatest } from '../../src/store/migrate.ts';
import { createEmptyDatabase } from './database.ts';
import { createRunDirectory, removeAbandonedRuns, removeRunDirectory, serverFolders } from './run-directory.ts';
import { RUN_ENVIRONMENT } from './run-environment.ts';

declare global {
  /** Jest's own way from global setup to global teardown: both run in one process, test files in others. */
  var stopTestServers: (() => Promise<void>) | undefined;
}

const ADMIN_DATABASE = 'crm_sync_test';
const TEMPLATE_DATABASE = 'crm_sync_template';

/** One PostgreSQL, one Temporal dev server and one workflow bundle for the whole run. */
export default async function globalSetup(): Promise<void> {
  const directory = await createRunDirectory();
  const settled = startAll(directory);
  globalThis.stopTestServers = async () => {
    // A server that is still starting could not be found and would stay.
    await settled;
    await removeRunDirectory(directory);
  };
  stopServersOnSignals(globalThis.stopTestServers);
  const parts = await settled;
  const failed = parts.find((part) => part.status === 'rejected');
  if (!failed) return;
  // Jest runs no teardown after a setup that failed.
  await globalThis.stopTestServers();
  throw failed.reason;
}

async function startAll(directory: string): Promise<readonly PromiseSettledResult<void>[]> {
  await removeAbandonedRuns();
  return await Promise.allSettled([prepareDatabase(directory), startTemporal(directory), bundleWorkflows(directory)]);
}

async function prepareDatabase(directory: string): Promise<void> {
  const { url } = await startEmbeddedPostgres({
    dataDirectory: serverFolders(directory).postgres,
    database: ADMIN_DATABASE,
    // Test data may be lost with the machine, so nothing waits for the disk.
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
    report,
  });
  await migrateToLatest(await createEmptyDatabase(url, TEMPLATE_DATABASE));
  process.env[RUN_ENVIRONMENT.databaseUrl] = url;
  process.env[RUN_ENVIRONMENT.templateDatabase] = TEMPLATE_DATABASE;
}

async function startTemporal(directory: string): Promise<void> {
  const { address } = await startEmbeddedTemporal({ dataDirectory: serverFolders(directory).temporal, report });
  process.env[RUN_ENVIRONMENT.temporalAddress] = address;
}

async function bundleWorkflows(directory: string): Promise<void> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../../workflows/index.ts', import.meta.url)),
    logger: new DefaultLogger('WARN'),
  });
  const file = join(directory, 'workflow-bundle.js');
  await writeFile(file, code);
  process.env[RUN_ENVIRONMENT.workflowBundle] = file;
}

function stopServersOnSignals(stop: () => Promise<void>): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // Not `once`: a library in Jest ends the process itself when it finds no listener but its own.
    process.on(signal, () => void stop().finally(() => process.exit(1)));
  }
}

function report(line: string): void {
  console.error(line);
}
