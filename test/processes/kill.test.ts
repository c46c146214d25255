import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { startHubSpotSandbox, type HubSpotSandbox } from '../../sandbox/hubspot/index.ts';
import {
  createWebhookSender,
  startPersonaDeskSandbox,
  type PersonaDeskSandbox,
} from '../../sandbox/personadesk/index.ts';
import { applyConfiguration } from '../../src/admin/services/apply-configuration.ts';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from '../../src/runtime/embedded/postgres.ts';
import { stopEmbeddedTemporal } from '../../src/runtime/embedded/temporal.ts';
import { migrateToLatest } from '../../src/store/migrate.ts';
import { openStore } from '../../src/store/store.ts';
import { eventually, processTable } from '../runtime/process-table.ts';
import { call, completed, inHubSpot } from '../support/scenario-data.ts';
import {
  choosePorts,
  cleanEnvironment,
  dataFolder,
  MAIN,
  serversOf,
  START_MS,
  StartedProduct,
} from '../support/started-product.ts';

const COUNT = 200;
const SECRETS = {
  PD_KEY: 'kill-test-key',
  HS_TOKEN: 'sandbox-hubspot-token',
  WH_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
  CRM_SYNC_MASTER_KEY: randomBytes(32).toString('base64'),
};

let folder: string;
let variables: Readonly<Record<string, string>>;
let intakePort: number;
let hubspot: HubSpotSandbox;
let personaDesk: PersonaDeskSandbox;
let product: StartedProduct;

beforeAll(async () => {
  folder = await dataFolder();
  const ports = await choosePorts();
  intakePort = ports.intake;
  variables = { ...ports.variables, ...SECRETS };
  hubspot = await startHubSpotSandbox({
    latencyMs: 25,
    searchLagMs: 5_000,
    limits: { perTenSeconds: null, searchPerSecond: null, perDay: null },
  });
  personaDesk = await startPersonaDeskSandbox({ tenants: [{ id: 'ten_test', name: 'Test', apiKey: SECRETS.PD_KEY }] });
  await configure();
  product = new StartedProduct(folder, variables);
  await product.untilRunning();
}, 2 * START_MS);

afterAll(async () => {
  product.process.kill('SIGINT');
  await product.ended;
  await stopEmbeddedTemporal(join(folder, 'temporal'));
  await stopEmbeddedPostgres(join(folder, 'postgres'));
  await Promise.all([hubspot.close(), personaDesk.close()]);
  await rm(folder, { recursive: true });
}, START_MS);

/** A connection is there before the first start, so that no demo runs. */
async function configure(): Promise<void> {
  const dataDirectory = join(folder, 'postgres');
  const { url } = await startEmbeddedPostgres({ dataDirectory, database: 'crm_sync', report: () => undefined });
  await migrateToLatest(url);
  const masterKeys = { current: Buffer.from(SECRETS.CRM_SYNC_MASTER_KEY, 'base64'), previous: [] };
  const store = openStore({ databaseUrl: url, masterKeys, environment: SECRETS });
  const tenant = {
    id: 'ten_test',
    name: 'Test',
    personadesk: { baseUrl: personaDesk.url, apiKey: { env: 'PD_KEY' } },
    webhook: {
      endpointId: 'kill-test',
      verification: { scheme: 'standard-webhooks', secrets: [{ env: 'WH_SECRET' }] },
    },
    connections: [
      { id: 'kill-hubspot', crm: 'hubspot', baseUrl: hubspot.url, credentials: { accessToken: { env: 'HS_TOKEN' } } },
    ],
  };
  const yaml = stringify({ version: 1, tenants: [tenant] });
  const result = await applyConfiguration(
    { yaml, dryRun: false },
    { store, wake: () => Promise.resolve(), now: () => new Date(), crmHosts: 'any' },
  );
  expect(result.kind).toBe('applied');
  await store.close();
}

async function pidOfServer(program: 'postgres' | 'temporal'): Promise<number> {
  const pids = await serversOf(folder);
  const servers = (await processTable()).filter(({ pid }) => pids.includes(pid));
  const server = servers.find(({ command }) => command.includes(`/${program} `));
  if (server === undefined) throw new Error(`no ${program} among ${JSON.stringify(servers)}`);
  return server.pid;
}

const VICTIMS = {
  'the intake': async () => process.kill(await product.child('intake'), 'SIGKILL'),
  'the worker': async () => process.kill(await product.child('worker'), 'SIGKILL'),
  Temporal: async () => process.kill(await pidOfServer('temporal'), 'SIGKILL'),
  PostgreSQL: async () => process.kill(await pidOfServer('postgres'), 'SIGKILL'),
  'everything at once, then `npm start`': async () => {
    const servers = await serversOf(folder);
    const children = await product.children();
    product.process.kill('SIGKILL');
    for (const pid of [...children, ...servers]) process.kill(pid, 'SIGKILL');
    await product.ended;
    product = new StartedProduct(folder, variables);
    await product.untilRunning();
  },
} as const;

describe(`kill -9 in the middle of ${COUNT} conversations: all of them are in the CRM once, and the ledger agrees`, () => {
  it.each(Object.entries(VICTIMS))(
    '%s',
    async (name, kill) => {
      const victim = Object.keys(VICTIMS).indexOf(name);
      const ids = Array.from({ length: COUNT }, (_, n) => `conv_kill_${victim}_${n}`);
      const numberOf = (n: number) => `+1555${victim}${String(n).padStart(6, '0')}`;
      personaDesk.addConversations(ids.map((id, n) => call(id, numberOf(n))));
      const before = hubspot.records('calls').length;

      // PersonaDesk sends again until it is answered with 2xx.
      const sender = createWebhookSender({
        url: `http://127.0.0.1:${intakePort}/webhooks/personadesk/kill-test`,
        secret: SECRETS.WH_SECRET,
        scheme: 'standard-webhooks',
      });
      const sent = sender.sendAll(
        ids.map((id, n) => completed(id, numberOf(n))),
        { concurrency: 4, attempts: 400, retryDelayMs: 100 },
      );
      await hubspot.waitFor((sandbox) => sandbox.records('calls').length >= before + 20, 60_000);
      await kill();
      expect((await sent).accepted).toHaveLength(COUNT);
      await sender.close();

      await hubspot.waitFor((sandbox) => sandbox.records('calls').length >= before + COUNT, 60_000);
      const synced = (victim + 1) * COUNT;
      await eventually('the ledger to agree with the CRM', async () => (await counts()).synced === synced, 60_000);
      expect(await counts()).toEqual({ ...NONE, synced });
      expectOnce(ids, victim);
    },
    2 * START_MS,
  );

  it('and nothing of it all left a number or a name in a log', async () => {
    for (const log of ['intake', 'worker', 'admin']) {
      const text = await readFile(join(folder, 'logs', `${log}.log`), 'utf8');
      expect([log, text.length > 0, /\+?1555\d{7}|Summary of/.test(text)]).toEqual([log, true, false]);
    }
  });
});

const NONE = { due: 0, in_progress: 0, waiting: 0, synced: 0, skipped: 0, needs_review: 0, failed: 0 };

/** What the command line says of the ledger. */
async function counts(): Promise<Record<string, number>> {
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, 'status', '--json'], {
    env: cleanEnvironment({ ...variables, CRM_SYNC_DATA_DIR: folder }),
  });
  const { connections } = JSON.parse(stdout) as { connections: { counts: Record<string, number> }[] }; // our own output
  return connections[0]?.counts ?? {};
}

function expectOnce(ids: readonly string[], victim: number): void {
  const { calls, contacts, contactsOf } = inHubSpot(hubspot);
  const own = calls.filter(({ properties }) => properties.hs_call_external_id?.startsWith(`conv_kill_${victim}_`));
  expect(own.map(({ properties }) => properties.hs_call_external_id).toSorted()).toEqual(ids.toSorted());
  const people = contacts.filter(({ properties }) => properties.phone?.startsWith(`+1555${victim}`));
  expect(people).toHaveLength(ids.length);
  expect(new Set(own.flatMap(contactsOf))).toEqual(new Set(people.map(({ id }) => id)));
}
