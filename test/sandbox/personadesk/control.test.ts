import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startPersonaDeskSandbox, type PersonaDeskSandbox } from '../../../sandbox/personadesk/index.ts';

let sandbox: PersonaDeskSandbox;

beforeEach(async () => {
  sandbox = await startPersonaDeskSandbox();
});

afterEach(() => sandbox.close());

const ask = (path: string): Promise<Response> =>
  fetch(`${sandbox.url}${path}`, { headers: { authorization: 'Bearer sandbox-key' } });

const control = (method: string, path: string, body?: unknown): Promise<Response> =>
  fetch(`${sandbox.controlUrl}${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });

describe('faults', () => {
  it('hit only the path they are for, as often as asked, and in the order injected', async () => {
    sandbox.injectFault({ path: '/conversations/*', times: 2, effect: { kind: 'status', status: 503 } });
    sandbox.injectFault({ path: '/conversations/*', effect: { kind: 'status', status: 500 } });
    const statuses: number[] = [];
    for (const path of ['/tenants', ...Array.from({ length: 4 }, () => '/conversations/conv_123')]) {
      statuses.push((await ask(path)).status);
    }
    expect(statuses).toEqual([200, 503, 503, 500, 200]);
    expect((await ask('/conversations/conv_123/messages')).status).toBe(200);
  });

  it('can break the connection, the JSON, or leave the answer as it is but late', async () => {
    sandbox.injectFault({ effect: { kind: 'reset' } });
    await expect(ask('/tenants')).rejects.toThrow();
    sandbox.injectFault({ effect: { kind: 'broken_json' } });
    const broken = await ask('/tenants');
    await expect(broken.json()).rejects.toThrow();
    sandbox.injectFault({ effect: { kind: 'stall', ms: 1, after: 'headers' } });
    const stalled = await ask('/tenants');
    await expect(stalled.text()).rejects.toThrow();
    sandbox.injectFault({ effect: { kind: 'delay', ms: 1 } });
    expect((await ask('/tenants')).status).toBe(200);
  });

  it('are gone when cleared', async () => {
    sandbox.injectFault({ times: 100, effect: { kind: 'reset' } });
    sandbox.clearFaults();
    expect((await ask('/tenants')).status).toBe(200);
  });

  it('that stall do not keep the sandbox from closing', async () => {
    sandbox.injectFault({ effect: { kind: 'stall', ms: 3_600_000 } });
    const hanging = ask('/tenants').catch(() => 'cut off');
    const deadline = Date.now() + 10_000;
    while (sandbox.requestCounts().total === 0 && Date.now() < deadline) await new Promise(setImmediate);
    await sandbox.close();
    expect(await hanging).toBe('cut off');
    sandbox = await startPersonaDeskSandbox();
  });
});

describe('the control surface over HTTP', () => {
  it('adds, shows, completes and forgets conversations', async () => {
    const resource = { id: 'conv_live', tenant_id: 'ten_demo', status: 'active', channel: 'voice' };
    expect((await control('POST', '/conversations', [{ resource }])).status).toBe(200);
    expect((await control('PATCH', '/conversations/conv_live', { status: 'completed' })).status).toBe(200);
    expect(await (await ask('/conversations/conv_live')).json()).toEqual({ ...resource, status: 'completed' });
    expect((await control('PATCH', '/conversations/conv_404', {})).status).toBe(404);
    expect((await control('POST', '/reset')).status).toBe(200);
    expect(sandbox.conversations().map((one) => one.resource.id)).toEqual(['conv_123']);
  });

  it('generates conversations', async () => {
    const series = {
      seed: 3,
      count: 20,
      tenantId: 'ten_demo',
      from: '2025-01-01T00:00:00Z',
      to: '2025-01-02T00:00:00Z',
    };
    const response = await control('POST', '/generate', series);
    expect(response.status).toBe(200);
    expect(sandbox.conversations().length).toBe(21);
  });

  it('counts requests by route and status', async () => {
    await ask('/conversations/conv_123');
    await ask('/conversations/conv_404');
    const counts = await (await control('GET', '/requests')).json();
    expect(counts).toMatchObject({ total: 2, byRoute: { 'GET /conversations/{id}': 2 }, byStatus: { 200: 1, 404: 1 } });
  });

  it('switches options and injects faults', async () => {
    await control('PATCH', '/options', { documentedFieldsOnly: true });
    expect(sandbox.options().documentedFieldsOnly).toBe(true);
    await control('POST', '/faults', { effect: { kind: 'status', status: 429, retryAfter: '7' } });
    const refused = await ask('/tenants');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7']);
  });

  it.each([
    ['PATCH', '/options', { order: 'sideways' }, 400],
    ['POST', '/faults', { effect: { kind: 'earthquake' } }, 400],
    ['POST', '/conversations', [{ resource: { id: 'conv_1' } }], 400],
    ['POST', '/nothing', undefined, 404],
  ])('refuses %s %s with %j', async (method, path, body, status) => {
    expect((await control(method, path, body)).status).toBe(status);
  });
});
