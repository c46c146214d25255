import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createPersonaDeskClient } from '../../src/source/client.ts';
import { SourceConfigurationError } from '../../src/source/errors.ts';
import type { FaultEffect } from '../../sandbox/personadesk/behaviour.ts';
import { CONV_123, failureOf, found, startSourceFixture, TENANT, type SourceFixture } from './sandbox-client.ts';

let fixture: SourceFixture;

beforeEach(async () => {
  fixture = await startSourceFixture();
});

afterEach(() => fixture.close());

async function failureUnder(effect: FaultEffect, options: Parameters<SourceFixture['client']>[0] = {}) {
  fixture.sandbox.injectFault({ effect });
  return failureOf(await fixture.client(options).getConversation(CONV_123));
}

describe('every failure has its class', () => {
  it.each([
    [400, 'bad_request'],
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [408, 'timeout'],
    [422, 'bad_request'],
    [429, 'rate_limited'],
    [500, 'unavailable'],
    [502, 'unavailable'],
    [503, 'unavailable'],
  ] as const)('status %i is %s', async (status, kind) => {
    expect(await failureUnder({ kind: 'status', status })).toEqual({ kind, status, code: `http_${status}` });
  });

  it('a wrong key is unauthorized', async () => {
    const client = fixture.client({ apiKey: () => 'wrong' });
    expect(failureOf(await client.getConversation(CONV_123)).kind).toBe('unauthorized');
  });

  it('a key that cannot be had, or could not be sent, is unauthorized and asks nothing of the source', async () => {
    const unavailable = fixture.client({ apiKey: () => Promise.reject(new Error('vault sealed: s3cret')) });
    const malformed = fixture.client({ apiKey: () => 'two words\n' });
    expect(failureOf(await unavailable.getConversation(CONV_123))).toEqual({
      kind: 'unauthorized',
      code: 'api_key_unavailable',
    });
    expect(failureOf(await malformed.getConversation(CONV_123)).code).toBe('api_key_malformed');
    expect(fixture.sandbox.requestCounts().total).toBe(0);
  });

  it('a key is asked for before every request, so that a new one is used at once', async () => {
    const keys = ['wrong', 'test-key'];
    const client = fixture.client({ apiKey: () => Promise.resolve(keys.shift() ?? '') });
    expect(failureOf(await client.getConversation(CONV_123)).kind).toBe('unauthorized');
    expect(found(await client.getConversation(CONV_123)).id).toBe(CONV_123);
  });

  it.each(['nothing', 'headers'] as const)('silence after %s is a timeout', async (after) => {
    const failure = await failureUnder({ kind: 'stall', ms: 600_000, after }, { timeoutMs: 150 });
    expect(failure).toEqual({ kind: 'timeout', code: 'timeout' });
  });

  it('an error keeps its class when its body never ends', async () => {
    const failure = await failureUnder(
      { kind: 'stall', ms: 600_000, after: 'headers', status: 503 },
      { timeoutMs: 150 },
    );
    expect(failure).toEqual({ kind: 'unavailable', status: 503, code: 'http_503' });
  });

  it('an answer within the timeout is no failure', async () => {
    fixture.sandbox.injectFault({ effect: { kind: 'delay', ms: 50 } });
    expect((await fixture.client({ timeoutMs: 10_000 }).getConversation(CONV_123)).kind).toBe('found');
  });

  it.each([[{ kind: 'reset' }], [{ kind: 'stall', ms: 1, after: 'headers' }]] as const)(
    'a connection cut by %j is unavailable',
    async (effect) => {
      const failure = await failureUnder(effect);
      expect(failure.kind).toBe('unavailable');
      expect(failure.code).toMatch(/^network_[a-z0-9_]+$/);
      expect(failure.code).not.toBe('network_unknown');
    },
  );

  it('a source that is not there is unavailable', async () => {
    const client = fixture.client();
    await fixture.sandbox.close();
    expect(failureOf(await client.getConversation(CONV_123))).toEqual({
      kind: 'unavailable',
      code: 'network_econnrefused',
    });
    fixture = await startSourceFixture();
  });

  it.each([
    ['broken JSON', { kind: 'broken_json' }, 'not_json'],
    ['a page of HTML', { kind: 'answer', status: 200, body: '<html>Please log in</html>' }, 'not_json'],
    ['nothing', { kind: 'answer', status: 204, body: '' }, 'not_json'],
    ['a list where an object belongs', { kind: 'answer', status: 200, body: '[1]' }, 'not_a_conversation'],
    ['null', { kind: 'answer', status: 200, body: 'null' }, 'not_a_conversation'],
  ] as const)('success with %s is an invalid response', async (_name, effect, code) => {
    expect(await failureUnder(effect)).toMatchObject({ kind: 'invalid_response', code });
  });

  it('a body over the limit is an invalid response, and the rest of it is not read', async () => {
    const body = 'x'.repeat(64 * 1024);
    const failure = await failureUnder({ kind: 'answer', status: 200, body }, { maxBodyBytes: 1_024 });
    expect(failure).toEqual({ kind: 'invalid_response', status: 200, code: 'body_too_large' });
  });

  it('a redirect is not followed: it would carry the key along', async () => {
    const headers = { location: `${fixture.sandbox.url}/tenants` };
    const failure = await failureUnder({ kind: 'answer', status: 302, headers, body: '' });
    expect(failure).toEqual({ kind: 'invalid_response', status: 302, code: 'redirect' });
    expect(fixture.sandbox.requestCounts().total).toBe(1);
  });

  it("a caller's abort ends the request at once", async () => {
    const stop = new AbortController();
    fixture.sandbox.injectFault({ effect: { kind: 'stall', ms: 600_000 } });
    const reading = fixture.client().getConversation(CONV_123, stop.signal);
    const deadline = Date.now() + 10_000;
    while (fixture.sandbox.requestCounts().total === 0 && Date.now() < deadline) await new Promise(setImmediate);
    stop.abort();
    expect(failureOf(await reading)).toEqual({ kind: 'unavailable', code: 'aborted' });
    const after = await fixture.client().getConversation(CONV_123, stop.signal);
    expect(failureOf(after).code).toBe('aborted');
    expect(fixture.sandbox.requestCounts().total).toBe(1);
  });

  it('a connection serves again after an error', async () => {
    const client = fixture.client();
    for (const status of [503, 404, 429]) {
      fixture.sandbox.injectFault({ effect: { kind: 'status', status } });
      await client.getConversation(CONV_123);
    }
    expect((await client.getConversation(CONV_123)).kind).toBe('found');
  });
});

describe('what the source asks us to wait', () => {
  it.each(['seconds', 'date'] as const)('is honoured when it is told in %s', async (retryAfter) => {
    fixture.sandbox.setOptions({ rateLimit: { requests: 1, perMs: 60_000, retryAfter } });
    const client = fixture.client();
    await client.getConversation(CONV_123);
    const failure = failureOf(await client.getConversation(CONV_123));
    expect(failure.kind).toBe('rate_limited');
    expect(failure.retryAfterMs).toBeGreaterThan(30_000);
    expect(failure.retryAfterMs).toBeLessThanOrEqual(61_000);
  });

  it('is left open when it is not told', async () => {
    fixture.sandbox.setOptions({ rateLimit: { requests: 1, perMs: 60_000, retryAfter: 'none' } });
    const client = fixture.client();
    await client.getConversation(CONV_123);
    expect(failureOf(await client.getConversation(CONV_123))).toEqual({
      kind: 'rate_limited',
      status: 429,
      code: 'http_429',
    });
  });

  it('is honoured for 503 too', async () => {
    const failure = await failureUnder({ kind: 'status', status: 503, retryAfter: '12' });
    expect(failure.retryAfterMs).toBe(12_000);
  });
});

describe('no data in a failure', () => {
  it('whatever the body of an answer holds', async () => {
    const told = 'Zoë Müller called from +15551234567';
    const effects: readonly FaultEffect[] = [
      { kind: 'answer', status: 400, body: told },
      { kind: 'answer', status: 500, body: told },
      { kind: 'answer', status: 200, body: told },
      { kind: 'answer', status: 200, body: JSON.stringify({ id: told, caller: told }) },
      { kind: 'answer', status: 302, headers: { location: 'http://127.0.0.1/+15551234567' }, body: '' },
      { kind: 'status', status: 429, retryAfter: '+15551234567' },
    ];
    for (const effect of effects) {
      const text = JSON.stringify(await failureUnder(effect));
      expect(text).not.toMatch(/Zo|5551234567|test-key/);
    }
  });
});

describe('the base URL', () => {
  const create = (baseUrl: string, allowInsecure = false) =>
    createPersonaDeskClient({ baseUrl, apiKey: () => 'k', tenantId: TENANT, allowInsecure });

  it.each([
    'http://api.personadesk.ai/v1',
    'http://localhost.evil.example/v1',
    'http://127.0.0.1.evil.example/v1',
    'ftp://api.personadesk.ai/v1',
    'https://user:pass@api.personadesk.ai/v1',
    'https://api.personadesk.ai/v1?key=1',
    'api.personadesk.ai/v1',
    '',
  ])('%j is refused at creation, and not quoted', (baseUrl) => {
    expect(() => create(baseUrl)).toThrow(SourceConfigurationError);
    expect(() => create(baseUrl)).not.toThrow(/pass@|key=1/);
  });

  it.each(['https://api.personadesk.ai/v1', 'http://localhost:1/v1', 'http://127.0.0.1:1/v1', 'http://[::1]:1/v1'])(
    '%j is accepted',
    (baseUrl) => {
      expect(() => create(baseUrl)).not.toThrow();
    },
  );

  it('may be plain HTTP elsewhere only when that is allowed', () => {
    expect(() => create('http://personadesk.internal/v1', true)).not.toThrow();
  });

  it('may end in a slash', async () => {
    const client = fixture.client({ baseUrl: `${fixture.sandbox.url}/` });
    expect((await client.getConversation(CONV_123)).kind).toBe('found');
  });
});
