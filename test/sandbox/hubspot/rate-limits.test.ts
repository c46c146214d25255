import { describe, expect, it } from '@jest/globals';
import { openSandbox, send, token } from './open-sandbox.ts';

const search = { filterGroups: [], limit: 1 };

describe('rate limits', () => {
  it('the ten-second limit is rolling, per token, and answers as HubSpot does', async () => {
    let now = Date.parse('2026-05-04T10:00:00Z');
    const { sandbox, call } = await openSandbox({
      now: () => now,
      limits: { perTenSeconds: 2 },
      accessTokens: [{ token }, { token: 'other' }],
    });
    const first = await call('GET', '/crm/v3/owners');
    expect(first.headers.get('x-hubspot-ratelimit-max')).toBe('2');
    expect(first.headers.get('x-hubspot-ratelimit-remaining')).toBe('1');
    expect(first.headers.get('x-hubspot-ratelimit-interval-milliseconds')).toBe('10000');
    expect(first.headers.get('x-hubspot-ratelimit-daily')).toBe('625000');
    expect(first.headers.get('x-hubspot-ratelimit-daily-remaining')).toBe('624999');
    now += 5_000;
    expect((await call('GET', '/crm/v3/owners')).status).toBe(200);
    const refused = await call('GET', '/crm/v3/owners');
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({
      status: 'error',
      message: 'You have reached your ten_secondly_rolling limit.',
      errorType: 'RATE_LIMIT',
      policyName: 'TEN_SECONDLY_ROLLING',
    });
    expect(Object.keys(refused.body).sort()).toEqual([
      'correlationId',
      'errorType',
      'message',
      'policyName',
      'requestId',
      'status',
    ]);
    expect(refused.headers.get('x-hubspot-ratelimit-remaining')).toBe('0');
    expect(refused.headers.has('retry-after')).toBe(false);
    expect((await send(sandbox.url, 'GET', '/crm/v3/owners', undefined, 'other')).status).toBe(200);
    now += 5_000;
    expect((await call('GET', '/crm/v3/owners')).status).toBe(200);
    expect((await call('GET', '/crm/v3/owners')).status).toBe(429);
  });

  it('searches have a limit of their own, for the whole account, and no rate-limit headers', async () => {
    let now = Date.parse('2026-05-04T10:00:00Z');
    const { sandbox, call } = await openSandbox({
      now: () => now,
      limits: { searchPerSecond: 2, perTenSeconds: 1 },
      accessTokens: [{ token }, { token: 'other' }],
    });
    const path = '/crm/v3/objects/contacts/search';
    const first = await call('POST', path, search);
    expect([...first.headers.keys()].filter((name) => name.startsWith('x-hubspot'))).toEqual([]);
    await send(sandbox.url, 'POST', path, search, 'other');
    const refused = await call('POST', path, search);
    expect([refused.status, refused.body.category, refused.body.message]).toEqual([
      429,
      'RATE_LIMITS',
      'You have reached your secondly limit.',
    ]);
    expect(refused.body).not.toHaveProperty('policyName');
    expect((await call('GET', '/crm/v3/owners')).status).toBe(200);
    now += 1_000;
    expect((await call('POST', path, search)).status).toBe(200);
  });

  it('the daily limit holds until midnight in the time zone of the account; a batch is one request', async () => {
    let now = Date.parse('2026-05-04T03:30:00Z');
    const { call } = await openSandbox({ now: () => now, limits: { perDay: 2 }, timeZone: 'America/New_York' });
    const inputs = [{ properties: { firstname: 'A' } }, { properties: { firstname: 'B' } }];
    expect((await call('POST', '/crm/v3/objects/contacts/batch/create', { inputs })).status).toBe(201);
    expect((await call('POST', '/crm/v3/objects/contacts/search', search)).status).toBe(200);
    const refused = await call('GET', '/crm/v3/owners');
    expect([refused.status, refused.body.policyName, refused.body.errorType]).toEqual([429, 'DAILY', 'RATE_LIMIT']);
    now = Date.parse('2026-05-04T03:59:59Z');
    expect((await call('GET', '/crm/v3/owners')).status).toBe(429);
    now = Date.parse('2026-05-04T04:00:00Z');
    expect((await call('GET', '/crm/v3/owners')).status).toBe(200);
  });

  it('limits that are switched off are neither held nor told', async () => {
    const { call } = await openSandbox();
    const replies = await Promise.all(Array.from({ length: 250 }, () => call('GET', '/crm/v3/owners')));
    expect(replies.every((reply) => reply.status === 200)).toBe(true);
    expect(replies[0]?.headers.has('x-hubspot-ratelimit-max')).toBe(false);
  });
});
