import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { MasterKeyError, masterKeyId, parseMasterKey } from '../../src/store/master-key.ts';
import { SealError } from '../../src/store/sealing.ts';
import { createVault } from '../../src/store/vault.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { tenantId } from './open-test-store.ts';

const acme = tenantId('ten_acme');
const other = tenantId('ten_other');

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({
    databaseUrl: database.url,
    applicationName: 'test',
    poolSize: 8,
    statementTimeoutMs: 10_000,
    onPoolError: () => undefined,
  });
});

afterAll(async () => {
  await db.destroy();
  await database.drop();
});

describe('the vault', () => {
  const keys = { current: randomBytes(32), previous: [] };

  it('opens what it sealed, and seals the same value differently each time', async () => {
    const vault = createVault(db, keys);
    const once = await vault.seal(acme, 'inbox:evt_1', 'Zoë +15551234567');
    const twice = await vault.seal(acme, 'inbox:evt_1', 'Zoë +15551234567');
    expect(once.equals(twice)).toBe(false);
    expect(once.includes('+15551234567')).toBe(false);
    expect((await vault.open(acme, 'inbox:evt_1', once)).toString()).toBe('Zoë +15551234567');
    expect(await vault.open(acme, 'b', await vault.seal(acme, 'b', Buffer.alloc(0)))).toHaveLength(0);
  });

  it('does not open a value that was moved to another place', async () => {
    const vault = createVault(db, keys);
    const sealed = await vault.seal(acme, 'inbox:evt_1', 'secret');
    await expect(vault.open(acme, 'inbox:evt_2', sealed)).rejects.toThrow(SealError);
    await expect(vault.open(acme, 'secret:evt_1', sealed)).rejects.toThrow(SealError);
  });

  it('does not open the value of another tenant', async () => {
    const vault = createVault(db, keys);
    const sealed = await vault.seal(acme, 'inbox:evt_1', 'secret');
    await expect(vault.open(other, 'inbox:evt_1', sealed)).rejects.toThrow(SealError);
  });

  it('does not open a value of which any byte was changed', async () => {
    const vault = createVault(db, keys);
    const sealed = await vault.seal(acme, 'x', 'secret');
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
      await expect(vault.open(acme, 'x', changed)).rejects.toThrow(SealError);
    }
    await expect(vault.open(acme, 'x', sealed.subarray(0, 20))).rejects.toThrow(SealError);
  });

  it('draws one data key for a tenant that many processes meet at once', async () => {
    const crowd = tenantId('ten_crowd');
    const vaults = Array.from({ length: 6 }, () => createVault(db, keys));
    // Nobody may store a key until all have looked and found none.
    const sealed = await whileNobodyWrites(vaults.length, () =>
      Promise.all(vaults.map((vault) => vault.seal(crowd, 'x', 'shared'))),
    );
    for (const value of sealed) {
      expect((await createVault(db, keys).open(crowd, 'x', value)).toString()).toBe('shared');
    }
  });

  it('does not take a data key that was moved to another tenant', async () => {
    const [from, to] = [tenantId('ten_from'), tenantId('ten_to')];
    const sealed = await createVault(db, keys).seal(from, 'x', 'secret');
    await db.updateTable('data_keys').set({ tenant_id: to }).where('tenant_id', '=', from).execute();
    await expect(createVault(db, keys).open(to, 'x', sealed)).rejects.toThrow(SealError);
  });

  it('makes equal fingerprints for equal text in one place of one tenant only', async () => {
    const vault = createVault(db, keys);
    const again = createVault(db, keys);
    const mark = await vault.fingerprint(acme, 'people:a', 'tel:+15551234567');
    expect(await again.fingerprint(acme, 'people:a', 'tel:+15551234567')).toEqual(mark);
    expect(await vault.fingerprint(acme, 'people:b', 'tel:+15551234567')).not.toEqual(mark);
    expect(await vault.fingerprint(other, 'people:a', 'tel:+15551234567')).not.toEqual(mark);
    expect(await vault.fingerprint(acme, 'people:a', 'tel:+15551234568')).not.toEqual(mark);
  });
});

describe('rotation of the master key', () => {
  it('opens everything with the new key alone afterwards', async () => {
    await db.deleteFrom('data_keys').execute();
    const [before, after] = [randomBytes(32), randomBytes(32)];
    const old = createVault(db, { current: before, previous: [] });
    const sealed = await old.seal(acme, 'x', 'kept');
    await old.seal(other, 'x', 'kept too');

    expect(await createVault(db, { current: after, previous: [before] }).rotate()).toBe(2);

    const fresh = createVault(db, { current: after, previous: [] });
    expect((await fresh.open(acme, 'x', sealed)).toString()).toBe('kept');
    expect(await fresh.rotate()).toBe(0);
    await expect(createVault(db, { current: before, previous: [] }).open(acme, 'x', sealed)).rejects.toThrow(
      MasterKeyError,
    );
  });

  it('names the missing master key by its id, and works on once it is given', async () => {
    await db.deleteFrom('data_keys').execute();
    const [lost, wrong] = [randomBytes(32), randomBytes(32)];
    const sealed = await createVault(db, { current: lost, previous: [] }).seal(acme, 'x', 'kept');
    const failing = createVault(db, { current: wrong, previous: [] });
    await expect(failing.open(acme, 'x', sealed)).rejects.toThrow(masterKeyId(lost));
    await expect(failing.rotate()).rejects.toThrow(MasterKeyError);
    const repaired = createVault(db, { current: wrong, previous: [lost] });
    expect((await repaired.open(acme, 'x', sealed)).toString()).toBe('kept');
  });
});

describe('parseMasterKey', () => {
  const key = randomBytes(32);

  it.each([
    ['hex', key.toString('hex')],
    ['upper-case hex', key.toString('hex').toUpperCase()],
    ['base64', key.toString('base64')],
    ['URL-safe base64 without padding', key.toString('base64url')],
    ['text with a line feed', `${key.toString('base64')}\n`],
  ])('reads %s', (_name, text) => {
    expect(parseMasterKey(text)).toEqual(key);
  });

  it.each([
    ['', 'neither'],
    ['correct horse battery staple', 'neither'],
    [randomBytes(16).toString('base64'), '16'],
    [randomBytes(31).toString('hex'), 'must be 32 bytes'],
    [randomBytes(64).toString('base64'), '64'],
  ])('refuses a text that is no 32 bytes, without repeating it', (text, says) => {
    const error = thrownBy(() => parseMasterKey(text));
    expect(error).toBeInstanceOf(MasterKeyError);
    expect(String(error)).toContain(says);
    if (text !== '') expect(String(error)).not.toContain(text);
  });
});

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** Runs `action` against a data_keys table that can be read only, until as many writers as said are waiting for it. */
async function whileNobodyWrites<T>(writers: number, action: () => Promise<T>): Promise<T> {
  return await db.connection().execute(async (holder) => {
    await sql`begin`.execute(holder);
    await sql`lock table data_keys in share mode`.execute(holder);
    const running = action();
    // A rejection before the wait is over is reported by the await below.
    running.catch(() => undefined);
    const deadline = performance.now() + 10_000;
    while ((await countWaiting(holder)) < writers) {
      if (performance.now() > deadline) throw new Error('the writers did not come');
    }
    await sql`commit`.execute(holder);
    return await running;
  });
}

async function countWaiting(holder: Database): Promise<number> {
  const { rows } = await sql<{ readonly waiting: number }>`
    select count(*)::integer as waiting from pg_locks
    where not granted and relation = 'data_keys'::regclass`.execute(holder);
  return rows[0]?.waiting ?? 0;
}
