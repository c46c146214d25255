import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretMissingError } from '../../src/store/secret-repository.ts';
import { drawEndpointId } from '../../src/store/tenant-repository.ts';
import {
  applyTenant,
  at,
  connectionId,
  endpointId,
  eventOf,
  ACCEPT,
  NOW,
  openTestStore,
  recorded,
  tenantId,
  tenantOf,
  waitingUntil,
  type TestStore,
} from './open-test-store.ts';

let test: TestStore;

beforeAll(async () => {
  test = await openTestStore({ environment: { HUBSPOT_TOKEN: 'pat-1', EMPTY: '' } });
});

afterAll(async () => {
  await test.close();
});

describe('tenants', () => {
  it('gives a tenant without an endpoint id an unguessable one, and keeps it', async () => {
    const first = await test.store.tenants.upsert(tenantOf('ten_draw', []), NOW);
    const second = await test.store.tenants.upsert(tenantOf('ten_draw', [], { name: 'Renamed' }), at(60));
    expect(first.endpointId).toMatch(/^[A-Za-z0-9][A-Za-z0-9_-]{23}$/);
    expect(second.endpointId).toBe(first.endpointId);
    expect((await test.store.tenants.get(tenantId('ten_draw')))?.settings.name).toBe('Renamed');
  });

  it('draws again when the bytes make no valid id', () => {
    const draws = [Buffer.alloc(18, 0xff), Buffer.alloc(18, 0x41)];
    expect(drawEndpointId(() => draws.shift() ?? Buffer.alloc(18))).toBe('QUFBQUFBQUFBQUFBQUFBQUFB');
  });

  it('finds the tenant and its verification by endpoint, and nothing for an unknown one', async () => {
    const { endpointId: endpoint } = await test.store.tenants.upsert(tenantOf('ten_find', []), NOW);
    expect(await test.store.tenants.endpoint(endpoint)).toEqual({
      tenantId: 'ten_find',
      verification: { scheme: 'bearer', secrets: [{ env: 'WEBHOOK_SECRET' }] },
    });
    expect(await test.store.tenants.endpoint(endpointId('nobody'))).toBeUndefined();
  });

  it('moves a tenant to the endpoint id the configuration names, unless another tenant has it', async () => {
    const named = { webhook: { endpointId: 'chosen', verification: { scheme: 'bearer', secrets: [{ env: 'A' }] } } };
    await test.store.tenants.upsert(tenantOf('ten_moves', []), NOW);
    expect((await test.store.tenants.upsert(tenantOf('ten_moves', [], named), NOW)).endpointId).toBe('chosen');
    await expect(test.store.tenants.upsert(tenantOf('ten_late', [], named), NOW)).rejects.toMatchObject({
      name: 'IdTakenError',
      kind: 'endpoint',
      id: 'chosen',
    });
    await expect(test.store.tenants.list()).resolves.not.toContainEqual(expect.objectContaining({ id: 'ten_late' }));
  });
});

describe('connections', () => {
  it('reads a connection back with what its delivery needs of the tenant', async () => {
    const tenant = tenantOf('ten_conn', ['conn-a', 'conn-b'], { timezone: 'America/New_York' });
    await applyTenant(test.store, tenant);
    expect(await test.store.connections.get(connectionId('conn-a'))).toEqual({
      id: 'conn-a',
      tenantId: 'ten_conn',
      state: { kind: 'active', parkedUntil: undefined, parkReason: undefined },
      configuration: tenant.connections[0],
      tenant: {
        id: 'ten_conn',
        name: 'Tenant ten_conn',
        timezone: 'America/New_York',
        defaultCountry: 'US',
        personadesk: tenant.personadesk,
      },
    });
    expect((await test.store.connections.list(tenantId('ten_conn'))).map((one) => one.id)).toEqual([
      'conn-a',
      'conn-b',
    ]);
    expect(await test.store.connections.get(connectionId('nobody'))).toBeUndefined();
  });

  it('refuses a connection id that another tenant has', async () => {
    await applyTenant(test.store, tenantOf('ten_owner', ['conn-owned']));
    await expect(applyTenant(test.store, tenantOf('ten_thief', ['conn-owned']))).rejects.toMatchObject({
      name: 'IdTakenError',
      kind: 'connection',
    });
    expect((await test.store.connections.get(connectionId('conn-owned')))?.tenantId).toBe('ten_owner');
  });

  it('reads the state off what happened to it, and keeps it over a new configuration', async () => {
    const id = connectionId('conn-state');
    const tenant = tenantOf('ten_state', ['conn-state']);
    await applyTenant(test.store, tenant);
    const state = async () => (await test.store.connections.get(id))?.state;
    await test.store.connections.park(id, at(30), 'hubspot.RATE_LIMITS');
    expect(await state()).toEqual({ kind: 'active', parkedUntil: at(30), parkReason: 'hubspot.RATE_LIMITS' });
    await test.store.connections.unpark(id);
    expect(await state()).toEqual({ kind: 'active', parkedUntil: undefined, parkReason: undefined });
    await test.store.connections.pause(id);
    await applyTenant(test.store, tenant);
    expect(await state()).toEqual({ kind: 'paused' });
    await test.store.connections.markBroken(id, 'hubspot.EXPIRED', NOW);
    expect(await state()).toEqual({ kind: 'broken', code: 'hubspot.EXPIRED' });
    await test.store.connections.resume(id);
    expect(await state()).toEqual({ kind: 'active', parkedUntil: undefined, parkReason: undefined });
  });

  it('makes what waited for a broken connection due when it is resumed, and nothing else', async () => {
    await applyTenant(test.store, tenantOf('ten_resume', ['conn-resume']));
    const id = connectionId('conn-resume');
    await test.store.inbox.accept(
      ['c1', 'c2', 'c3'].map((name) => eventOf('ten_resume', name)),
      ACCEPT,
    );
    const fence = await test.store.connections.takeFence(id);
    await test.store.ledger.claim({ connectionId: id, fence, limit: 10, now: NOW });
    await test.store.ledger.record({
      tenantId: tenantId('ten_resume'),
      connectionId: id,
      fence,
      now: NOW,
      people: [],
      rows: [
        recorded('c1', { ...waitingUntil(at(3600)), reason: 'connection_broken' }),
        recorded('c2', { ...waitingUntil(at(3600)), reason: 'crm_rate_limited' }),
        recorded('c3', { ...waitingUntil(at(3600)), reason: 'crm_unavailable' }),
      ],
    });
    await test.store.connections.resume(id);
    const rows = await test.sql<{ conversation_id: string; state: string; due_at: Date }>(
      `select conversation_id, state, due_at from ledger where connection_id = 'conn-resume' order by 1`,
    );
    expect(rows).toEqual([
      { conversation_id: 'c1', state: 'due', due_at: NOW },
      { conversation_id: 'c2', state: 'due', due_at: NOW },
      { conversation_id: 'c3', state: 'waiting', due_at: at(3600) },
    ]);
  });

  it('hands out every fencing token once, each greater than the last', async () => {
    await applyTenant(test.store, tenantOf('ten_fence', ['conn-fence']));
    const drawn = await Promise.all(
      Array.from({ length: 20 }, () => test.store.connections.takeFence(connectionId('conn-fence'))),
    );
    expect(drawn.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    await expect(test.store.connections.takeFence(connectionId('nobody'))).rejects.toThrow('no connection nobody');
  });
});

describe('secrets', () => {
  const acme = tenantId('ten_secret');

  it('reads a secret from the environment, a file or the store', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'secrets-'));
    const file = join(folder, 'token');
    await writeFile(file, 'from-file\n');
    await test.store.secrets.put(acme, 'token', 'first');
    await test.store.secrets.put(acme, 'token', 'second');
    expect(await test.store.secrets.resolve(acme, { env: 'HUBSPOT_TOKEN' })).toBe('pat-1');
    expect(await test.store.secrets.resolve(acme, { file })).toBe('from-file');
    expect(await test.store.secrets.resolve(acme, { stored: 'token' })).toBe('second');
    await rm(folder, { recursive: true });
  });

  it.each([
    [{ env: 'ABSENT' }, 'ABSENT'],
    [{ env: 'EMPTY' }, 'EMPTY'],
    [{ file: '/nonexistent/token' }, '/nonexistent/token'],
    [{ stored: 'absent' }, 'absent'],
  ])('names the place of a secret that is missing: %j', async (ref, place) => {
    const missing = test.store.secrets.resolve(acme, ref);
    await expect(missing).rejects.toThrow(SecretMissingError);
    await expect(missing).rejects.toThrow(place);
  });

  it("does not hand out another tenant's stored secret", async () => {
    await test.store.secrets.put(tenantId('ten_a'), 'shared-name', 'of a');
    await expect(test.store.secrets.resolve(tenantId('ten_b'), { stored: 'shared-name' })).rejects.toThrow(
      SecretMissingError,
    );
  });

  it('does not open a secret whose row was moved to another name or tenant behind its back', async () => {
    await test.store.secrets.put(tenantId('ten_a'), 'original', 'of a');
    await test.store.secrets.put(tenantId('ten_b'), 'own', 'of b');
    await test.sql(`update secrets set name = 'moved' where name = 'original'`);
    await expect(test.store.secrets.resolve(tenantId('ten_a'), { stored: 'moved' })).rejects.toThrow('does not open');
    await test.sql(`update secrets set tenant_id = 'ten_b', name = 'original' where name = 'moved'`);
    await expect(test.store.secrets.resolve(tenantId('ten_b'), { stored: 'original' })).rejects.toThrow(
      'does not open',
    );
  });
});
