import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { openSandbox, send, token } from './open-sandbox.ts';

const path = '/crm/v3/objects/contacts';
const ann = { properties: { firstname: 'Ann' } };

describe('faults', () => {
  it('a status comes instead of the write, the asked number of times', async () => {
    const { sandbox, call } = await openSandbox();
    sandbox.injectFault({
      match: { method: 'POST', path },
      times: 2,
      fault: { kind: 'status', status: 477, body: { message: 'migrating' }, headers: { 'retry-after': '60' } },
    });
    const hit = await call('POST', path, ann);
    expect([hit.status, hit.body.message, hit.headers.get('retry-after')]).toEqual([477, 'migrating', '60']);
    expect((await call('GET', '/crm/v3/owners')).status).toBe(200);
    expect((await call('POST', path, ann)).status).toBe(477);
    expect(sandbox.records('contacts')).toEqual([]);
    expect((await call('POST', path, ann)).status).toBe(201);
  });

  it('a fault about one record meets every request that holds it, and no other', async () => {
    const { sandbox, call } = await openSandbox();
    sandbox.injectFault({ match: { path, body: 'Ann' }, times: 2, fault: { kind: 'status', status: 400 } });
    const bob = { properties: { firstname: 'Bob' } };
    const statuses = [];
    for (const body of [ann, bob, ann, ann]) statuses.push((await call('POST', path, body)).status);
    expect(statuses).toEqual([400, 201, 400, 201]);
  });

  it('a reset cuts the connection before anything is written', async () => {
    const { sandbox, call } = await openSandbox();
    sandbox.injectFault({ match: {}, fault: { kind: 'reset' } });
    await expect(call('POST', path, ann)).rejects.toThrow('fetch failed');
    expect(sandbox.records('contacts')).toEqual([]);
  });

  it('apply-then-reset writes and loses the answer', async () => {
    const { sandbox, call } = await openSandbox();
    sandbox.injectFault({ match: {}, fault: { kind: 'apply-then-reset' } });
    await expect(call('POST', path, ann)).rejects.toThrow('fetch failed');
    expect(sandbox.records('contacts')).toHaveLength(1);
    expect(sandbox.requestLog().map(({ endpoint, status }) => [endpoint, status])).toEqual([['create', 0]]);
  });

  it('apply-then-status writes and answers a failure', async () => {
    const { sandbox, call } = await openSandbox();
    sandbox.injectFault({ match: {}, fault: { kind: 'apply-then-status', status: 504, body: '' } });
    const { status, body } = await call('POST', path, ann);
    expect([status, body]).toEqual([504, null]);
    expect(sandbox.records('contacts')).toHaveLength(1);
  });

  it('a client that gives up on a stalled request has written nothing', async () => {
    const { sandbox } = await openSandbox();
    sandbox.injectFault({ match: {}, fault: { kind: 'stall', ms: 200 } });
    const abort = new AbortController();
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const request = { method: 'POST', headers, body: JSON.stringify(ann), signal: abort.signal };
    const stalled = fetch(sandbox.url + path, request).catch(() => 'gave up');
    await sandbox.waitFor(() => sandbox.faultsHit() === 1, 10_000);
    abort.abort();
    expect(await stalled).toBe('gave up');
    await sandbox.waitFor(() => sandbox.requestLog().length === 1, 10_000);
    expect(sandbox.records('contacts')).toEqual([]);
  });

  it('a stalled body begins and does not end in its time', async () => {
    const { sandbox } = await openSandbox();
    sandbox.injectFault({ match: {}, fault: { kind: 'stall-body', ms: 60_000 } });
    const response = await fetch(`${sandbox.url}/crm/v3/owners`, { headers: { authorization: `Bearer ${token}` } });
    expect(response.status).toBe(200);
    const reader = response.body?.getReader();
    const begun = await reader?.read();
    expect(begun?.done).toBe(false);
    const rest = reader?.read().then(() => 'the rest');
    // That nothing comes can only be told by waiting for it; a stall that works never makes this fail.
    expect(await Promise.race([rest, setTimeout(100, 'nothing')])).toBe('nothing');
    await reader?.cancel();
  });

  it('a delay only delays', async () => {
    const { sandbox, call } = await openSandbox();
    sandbox.injectFault({ match: {}, fault: { kind: 'delay', ms: 80 } });
    const startedAt = performance.now();
    expect((await call('POST', path, ann)).status).toBe(201);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(75);
  });

  it('an HTML 502 is no JSON', async () => {
    const { sandbox } = await openSandbox();
    sandbox.injectFault({ match: { path: 'owners$' }, fault: { kind: 'html-502' } });
    const response = await fetch(`${sandbox.url}/crm/v3/owners`);
    expect([response.status, response.headers.get('content-type')]).toEqual([502, 'text/html']);
    expect(await response.text()).toContain('<html>');
  });

  it('nth waits for its request, and clearFaults ends what is armed', async () => {
    const { sandbox, call } = await openSandbox();
    sandbox.injectFault({ match: { nth: 2 }, fault: { kind: 'status', status: 500 } });
    const status = async () => (await call('GET', '/crm/v3/owners')).status;
    expect([await status(), await status(), await status()]).toEqual([200, 500, 200]);
    sandbox.injectFault({ match: {}, times: 9, fault: { kind: 'status', status: 500 } });
    expect(await status()).toBe(500);
    sandbox.clearFaults();
    expect(await status()).toBe(200);
  });

  it('closing cuts stalled requests at once', async () => {
    const { sandbox } = await openSandbox();
    sandbox.injectFault({ match: {}, fault: { kind: 'stall', ms: 3_600_000 } });
    const stalled = send(sandbox.url, 'GET', '/crm/v3/owners').then(
      () => 'settled',
      () => 'settled',
    );
    await sandbox.waitFor(() => sandbox.faultsHit() === 1, 10_000);
    await sandbox.close();
    expect(await stalled).toBe('settled');
  });
});
