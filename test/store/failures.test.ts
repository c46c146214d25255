import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { sql } from 'kysely';
import { openDatabase } from '../../src/store/database.ts';
import { retryConflicts } from '../../src/store/retry-conflicts.ts';
import { StoreError, toStoreError } from '../../src/store/store-error.ts';
import { openStore } from '../../src/store/store.ts';
import {
  ACCEPT,
  applyTenant,
  eventOf,
  MASTER_KEY,
  openTestStore,
  tenantOf,
  type TestStore,
} from './open-test-store.ts';

let test: TestStore;

beforeAll(async () => {
  test = await openTestStore();
  await applyTenant(test.store, tenantOf('ten_acme', ['acme-1']));
});

afterAll(async () => {
  await test.close();
});

describe('a StoreError', () => {
  it('carries the code and the constraint, and none of the values', async () => {
    const db = openDatabase({
      databaseUrl: test.url,
      applicationName: 'test',
      poolSize: 1,
      statementTimeoutMs: 1000,
      onPoolError: () => undefined,
    });
    const insert = sql`
      insert into tenants values ('+15557654321', '+15557654321', '{}', now(), now()), ('+15557654321', 'x', '{}', now(), now())`;
    const error: unknown = await insert.execute(db).catch((thrown: unknown) => thrown);
    await db.destroy();
    expect(error).toBeInstanceOf(StoreError);
    expect(error).toMatchObject({ code: '23505', retryable: false, constraint: 'tenants_pkey' });
    // The stack repeats the message, and inspecting shows every own property.
    expect(
      `${String(error)} ${JSON.stringify(error)} ${error instanceof Error ? String(error.stack) : ''}`,
    ).not.toContain('5557654321');
    expect(error).not.toHaveProperty('cause');
  });

  it.each([
    [{ code: '40P01' }, '40P01', true],
    [{ code: '57P01' }, '57P01', true],
    [{ code: '08006' }, '08006', true],
    [{ code: '22001' }, '22001', false],
    [{ code: 'ECONNRESET' }, 'ECONNRESET', true],
    [new Error('Query read timeout'), 'timeout', true],
    [new Error('timeout exceeded when trying to connect'), 'timeout', true],
    [new Error('Connection terminated unexpectedly'), 'connection_lost', true],
    [new Error('+15557654321 is odd'), 'unknown', false],
    ['not an error', 'unknown', false],
  ])('reads %j as %s', (thrown, code, retryable) => {
    expect(toStoreError(thrown)).toMatchObject({ code, retryable });
  });
});

describe('retryConflicts', () => {
  it('runs a transaction again that lost a deadlock, a bounded number of times, and nothing else', async () => {
    const attempts = async (code: string, failures: number) => {
      let runs = 0;
      await retryConflicts(() => {
        runs += 1;
        return runs <= failures ? Promise.reject(new StoreError(code, true)) : Promise.resolve();
      }).catch((error: unknown) => expect(error).toMatchObject({ code }));
      return runs;
    };
    expect(await attempts('40P01', 2)).toBe(3);
    expect(await attempts('40001', 9)).toBe(3);
    expect(await attempts('23505', 9)).toBe(1);
  });
});

describe('a database that fails', () => {
  it('that ends our idle connections does not end the process, and the next operation works', async () => {
    const heard = Promise.withResolvers<string>();
    const store = openStore({
      databaseUrl: test.url,
      masterKeys: { current: MASTER_KEY, previous: [] },
      onPoolError: heard.resolve,
    });
    await store.tenants.list();
    await test.sql(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'crm-sync' and datname = current_database() and pid <> pg_backend_pid()`,
    );
    expect(await heard.promise).toBe('57P01');
    expect(await store.ping(5000)).toBe(true);
    await store.close();
  });

  it('that takes connections and never answers fails the ping within its deadline', async () => {
    const silent = await listen();
    const store = openStore({
      databaseUrl: `postgres://nobody@127.0.0.1:${silent.port}/nothing`,
      masterKeys: { current: MASTER_KEY, previous: [] },
    });
    const before = performance.now();
    expect(await store.ping(100)).toBe(false);
    // Below the 3 seconds after which the driver itself would give up.
    expect(performance.now() - before).toBeLessThan(2000);
    await expect(store.tenants.list()).rejects.toMatchObject({ name: 'StoreError', code: 'timeout', retryable: true });
    await store.close();
    await silent.close();
  });

  it('that holds a lock too long is told off by the statement time-out, and half of a group is never kept', async () => {
    const store = openStore({
      databaseUrl: test.url,
      masterKeys: { current: MASTER_KEY, previous: [] },
      statementTimeoutMs: 300,
    });
    await test.sql('begin');
    await test.sql('lock table ledger in exclusive mode');
    const event = eventOf('ten_acme', 'locked-1');
    await expect(store.inbox.accept([event], ACCEPT)).rejects.toMatchObject({ code: '57014', retryable: true });
    await test.sql('rollback');
    expect(await test.sql('select 1 from inbox where event_id = $1', [event.eventId])).toEqual([]);
    expect((await store.inbox.accept([event], ACCEPT)).outcomes).toEqual(['accepted']);
    await store.close();
  });
});

/** A server that accepts and says nothing. */
async function listen(): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    // The client hangs up hard; that is what is expected here.
    socket.on('error', () => sockets.delete(socket));
  });
  const sockets = new Set<Socket>();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // A TCP server has an address of this shape.
  return {
    port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
