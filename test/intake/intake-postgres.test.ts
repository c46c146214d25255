import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { configurationSchema } from '../../src/domain/configuration.ts';
import type { IntakeLimits } from '../../src/intake/limits.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { SECRET, signedEvent } from './signed-event.ts';
import { ACME, startIntake, type RunningIntake } from './start-intake.ts';

const CONFIGURATION = configurationSchema.parse({
  version: 1,
  tenants: [
    {
      id: ACME.tenantId,
      name: 'Acme Dental',
      personadesk: { apiKey: { env: 'API_KEY' } },
      webhook: { endpointId: ACME.endpointId, verification: ACME.verification },
      connections: [{ id: ACME.connectionId, crm: 'hubspot', credentials: { accessToken: { env: 'TOKEN' } } }],
    },
  ],
});

let database: TestDatabase;
let store: Store;
let observer: Client;
let intake: RunningIntake | undefined;

beforeEach(async () => {
  database = await createTestDatabase();
  store = openStore({
    databaseUrl: database.url,
    masterKeys: { current: Buffer.alloc(32, 7), previous: [] },
    environment: { ACME_SECRET: SECRET },
  });
  for (const { connections, ...settings } of CONFIGURATION.tenants) {
    await store.tenants.upsert(settings, new Date());
    for (const connection of connections) await store.connections.upsert(settings.id, connection);
  }
  observer = new Client({ connectionString: database.url });
  await observer.connect();
});

afterEach(async () => {
  await intake?.stop();
  await observer.end();
  await store.close();
  await database.drop();
});

async function start(limits: Partial<IntakeLimits> = {}, wake?: () => void): Promise<RunningIntake> {
  intake = await startIntake(store, { limits, ...(wake === undefined ? {} : { wake }) });
  return intake;
}

async function storedEvents(): Promise<readonly string[]> {
  const { rows } = await observer.query<{ event_id: string }>('select event_id from inbox order by event_id');
  return rows.map((row) => row.event_id);
}

describe('the intake on PostgreSQL', () => {
  it('keeps an event that arrives 50 times at once a single time, and wakes its connection once', async () => {
    const { post, wakes } = await start();
    const responses = await Promise.all(Array.from({ length: 50 }, () => post(signedEvent())));
    expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 202));
    const answers = await Promise.all(responses.map((response) => response.text()));
    expect(answers.filter((text) => text === '{"received":true,"duplicate":false}')).toHaveLength(1);
    expect(answers.filter((text) => text === '{"received":true,"duplicate":true}')).toHaveLength(49);
    expect(await storedEvents()).toEqual(['evt_123']);
    expect(wakes).toEqual([[ACME.connectionId]]);
  });

  it('has on disk every event that it answered with 202', async () => {
    const { post } = await start();
    const ids = Array.from({ length: 200 }, (_, index) => `evt_${String(index).padStart(3, '0')}`);
    const responses = await Promise.all(ids.map((id) => post(signedEvent({ id }))));
    expect(responses.every(({ status }) => status === 202)).toBe(true);
    expect(await storedEvents()).toEqual(ids);
  });

  it('keeps an unknown type without waking anybody', async () => {
    const { post, wakes } = await start();
    expect((await post(signedEvent({ type: 'agent.updated', data: null }))).status).toBe(202);
    const { rows } = await observer.query('select type, ignored from inbox');
    expect(rows).toEqual([{ type: 'agent.updated', ignored: true }]);
    expect(wakes).toEqual([]);
  });

  it('answers 503 in time while the inbox is locked, and delivers what is stored after all', async () => {
    const woken = Promise.withResolvers<undefined>();
    const { post } = await start({ commitDeadlineMs: 100 }, () => {
      woken.resolve(undefined);
    });
    await observer.query('begin');
    await observer.query('lock table inbox in access exclusive mode');
    expect((await post(signedEvent())).status).toBe(503);
    await observer.query('rollback');
    await woken.promise;
    const again = await post(signedEvent());
    expect(await again.json()).toEqual({ received: true, duplicate: true });
    expect(await storedEvents()).toEqual(['evt_123']);
  });

  it('answers 503 and is not ready when the database is gone', async () => {
    const { post, url, wakes } = await start();
    expect((await post(signedEvent())).status).toBe(202);
    await observer.end();
    await database.drop();
    observer = new Client({ connectionString: database.url });
    expect((await post(signedEvent({ id: 'evt_2' }))).status).toBe(503);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect(wakes).toHaveLength(1);
  });
});
