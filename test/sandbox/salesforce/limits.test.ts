import { describe, expect, it } from '@jest/globals';
import { openSandbox, refusal } from './open-sandbox.ts';

const hourMs = 3_600_000;

describe('limits', () => {
  it('every answer says what was used of the day, errors too', async () => {
    const { call } = await openSandbox({ dailyRequests: 10 });
    const usage = async (path: string) => (await call('GET', path)).headers.get('sforce-limit-info');
    expect(await usage('/sobjects')).toBe('api-usage=1/10');
    expect(await usage('/nowhere')).toBe('api-usage=2/10');
    expect((await call('GET', '/limits')).body.DailyApiRequests).toEqual({ Max: 10, Remaining: 7 });
  });

  it('over the daily limit everything is 403, until the requests are a day old', async () => {
    let now = Date.parse('2026-11-24T10:30:00Z');
    const { sandbox, call } = await openSandbox({ dailyRequests: 100, now: () => now });
    sandbox.spendDailyRequests(99);
    expect((await call('GET', '/sobjects')).status).toBe(200);
    const refused = await call('GET', '/sobjects');
    expect(refusal(refused)).toEqual([403, 'REQUEST_LIMIT_EXCEEDED']);
    expect(refused.headers.get('sforce-limit-info')).toBe('api-usage=100/100');
    expect(refused.headers.has('retry-after')).toBe(false);
    now += 23 * hourMs;
    expect((await call('GET', '/sobjects')).status).toBe(403);
    now += hourMs;
    expect((await call('GET', '/sobjects')).headers.get('sforce-limit-info')).toBe('api-usage=1/100');
  });

  it('a session that is refused uses nothing up', async () => {
    const { call } = await openSandbox();
    await call('GET', '/sobjects', undefined, { authorization: 'Bearer nobody' });
    expect((await call('GET', '/sobjects')).headers.get('sforce-limit-info')).toBe('api-usage=1/100000');
  });

  it('a URI over 16,384 bytes is 414, one that is too long with its headers 431', async () => {
    const { sandbox, call } = await openSandbox();
    const headers = { authorization: 'Bearer test-token' };
    const status = async (length: number, more = {}) => {
      const path = '/services/data/v67.0/query?q=';
      const url = `${sandbox.url}${path}${'x'.repeat(length - path.length)}`;
      return (await fetch(url, { headers: { ...headers, ...more } })).status;
    };
    expect(await status(16_385)).toBe(414);
    expect(await status(16_300)).toBe(431);
    expect(await status(8_000, { 'x-long': 'y'.repeat(9_000) })).toBe(431);
    expect(await status(15_000)).toBe(400);
    expect(sandbox.requestCounts().query).toBe(1);
    expect((await call('GET', '/sobjects')).status).toBe(200);
  });
});
