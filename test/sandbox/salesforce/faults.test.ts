import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { base, openSandbox, refusal, send } from './open-sandbox.ts';

const account = { Name: 'A' };
const create = '/sobjects/Account';

describe('faults', () => {
  it('a status comes before anything is applied, in the shape of Salesforce or as given', async () => {
    const { sandbox, call } = await openSandbox();
    sandbox.injectFault({ match: { method: 'post', path: 'Account$' }, fault: { kind: 'status', status: 503 } });
    const body = [{ errorCode: 'UNABLE_TO_LOCK_ROW', message: 'unable to obtain exclusive access' }];
    sandbox.injectFault({ match: {}, fault: { kind: 'status', status: 400, body, headers: { 'x-a': 'b' } } });
    expect(refusal(await call('POST', create, account))).toEqual([503, 'UNKNOWN_EXCEPTION']);
    const second = await call('POST', create, account);
    expect([...refusal(second), second.headers.get('x-a')]).toEqual([400, 'UNABLE_TO_LOCK_ROW', 'b']);
    expect(sandbox.records('Account')).toEqual([]);
    expect(sandbox.faultsHit()).toBe(2);
  });

  it('a fault about one record meets every request that holds it, and no other', async () => {
    const { sandbox, call } = await openSandbox();
    sandbox.injectFault({ match: { body: '"A"' }, times: 2, fault: { kind: 'status', status: 400 } });
    const statuses = [];
    for (const body of [account, { Name: 'B' }, account, account]) {
      statuses.push((await call('POST', create, body)).status);
    }
    expect(statuses).toEqual([400, 201, 400, 201]);
  });

  it('a reset leaves the caller without an answer, applied or not', async () => {
    const { sandbox, call } = await openSandbox();
    sandbox.injectFault({ match: {}, fault: { kind: 'reset' } });
    await expect(call('POST', create, account)).rejects.toThrow();
    expect(sandbox.records('Account')).toHaveLength(0);
    sandbox.injectFault({ match: {}, fault: { kind: 'apply-then-reset' } });
    await expect(call('POST', create, account)).rejects.toThrow();
    expect(sandbox.records('Account')).toHaveLength(1);
    expect(sandbox.requestLog().map(({ status }) => status)).toEqual([0, 0]);
  });

  it('an answer may be lost behind an empty 504', async () => {
    const { sandbox, call } = await openSandbox();
    sandbox.injectFault({ match: {}, fault: { kind: 'apply-then-status', status: 504, body: '' } });
    expect(await call('POST', create, account)).toMatchObject({ status: 504, body: null });
    expect(sandbox.records('Account')).toHaveLength(1);
  });

  it('a stalled request is not applied when its caller has gone', async () => {
    const { sandbox } = await openSandbox();
    sandbox.injectFault({ match: {}, fault: { kind: 'stall', ms: 1_000 } });
    const abort = new AbortController();
    const gone = fetch(sandbox.url + base + create, { method: 'POST', signal: abort.signal }).catch(() => 'gave up');
    await sandbox.waitFor(() => sandbox.faultsHit() === 1, 10_000);
    abort.abort();
    expect(await gone).toBe('gave up');
    await sandbox.waitFor(() => sandbox.requestLog().length === 1, 10_000);
    expect(sandbox.records('Account')).toEqual([]);
  });

  it('a stalled body begins and does not end in its time', async () => {
    const { sandbox } = await openSandbox();
    sandbox.injectFault({ match: {}, fault: { kind: 'stall-body', ms: 60_000 } });
    const headers = { authorization: 'Bearer test-token' };
    const response = await fetch(`${sandbox.url}${base}/sobjects`, { headers });
    const reader = response.body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    const rest = reader?.read().then(() => 'the rest');
    // That nothing comes can only be told by waiting for it; a stall that works never makes this fail.
    expect(await Promise.race([rest, setTimeout(100, 'nothing')])).toBe('nothing');
    await reader?.cancel();
  });

  it('a delay only delays, an HTML 502 is no JSON', async () => {
    const { sandbox, call } = await openSandbox();
    sandbox.injectFault({ match: {}, fault: { kind: 'delay', ms: 80 } });
    const startedAt = performance.now();
    expect((await call('POST', create, account)).status).toBe(201);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(75);
    sandbox.injectFault({ match: {}, fault: { kind: 'html-502' } });
    const response = await fetch(`${sandbox.url}${base}/sobjects`);
    expect([response.status, response.headers.get('content-type')]).toEqual([502, 'text/html']);
  });

  it('nth waits for its request, clearFaults ends what is armed, and sign-ins meet faults too', async () => {
    const { sandbox, call } = await openSandbox();
    sandbox.injectFault({ match: { nth: 2 }, fault: { kind: 'status', status: 500 } });
    const status = async () => (await call('GET', '/sobjects')).status;
    expect([await status(), await status(), await status()]).toEqual([200, 500, 200]);
    sandbox.injectFault({ match: { path: '/oauth2/token' }, times: 9, fault: { kind: 'status', status: 503 } });
    const signIn = async () => (await fetch(`${sandbox.url}/services/oauth2/token`, { method: 'POST' })).status;
    expect(await signIn()).toBe(503);
    sandbox.clearFaults();
    expect(await signIn()).toBe(400);
  });

  it('closing cuts stalled requests at once', async () => {
    const { sandbox } = await openSandbox();
    sandbox.injectFault({ match: {}, fault: { kind: 'stall', ms: 3_600_000 } });
    const stalled = send(sandbox.url, 'GET', '/sobjects').then(
      () => 'settled',
      () => 'settled',
    );
    await sandbox.waitFor(() => sandbox.faultsHit() === 1, 10_000);
    await sandbox.close();
    expect(await stalled).toBe('settled');
  });
});
