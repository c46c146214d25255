import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import {
  createWebhookSender,
  exampleEvent,
  generateConversations,
  type Forgery,
  type WebhookSender,
} from '../../../sandbox/personadesk/index.ts';
import { startWebhookReceiver, type Received, type WebhookReceiver } from './webhook-receiver.ts';

const SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes ....').toString('base64')}`;
const oracle = new Webhook(SECRET);

function isGenuine({ headers, body }: Received): boolean {
  const text = (name: string): string => String(headers[name]);
  try {
    oracle.verify(body, {
      'webhook-id': text('webhook-id'),
      'webhook-timestamp': text('webhook-timestamp'),
      'webhook-signature': text('webhook-signature'),
    });
    return true;
  } catch {
    // The oracle speaks by throwing.
    return false;
  }
}

let receiver: WebhookReceiver;
let sender: WebhookSender;

beforeEach(async () => {
  receiver = await startWebhookReceiver((request) => (isGenuine(request) ? 202 : 401));
  sender = createWebhookSender({ url: receiver.url, secret: SECRET, scheme: 'standard-webhooks' });
});

afterEach(async () => {
  await sender.close();
  await receiver.close();
});

const series = { seed: 5, tenantId: 'ten_demo', from: '2025-01-01T00:00:00Z', to: '2025-02-01T00:00:00Z' };
const events = generateConversations({ ...series, count: 40 }).flatMap((one) => one.events);

describe('one delivery', () => {
  it('carries a signature that the Standard Webhooks library accepts', async () => {
    const result = await sender.send(exampleEvent('ten_demo'));
    expect(result).toEqual({ status: 202, body: '{"received":true}' });
    expect(receiver.received[0]?.headers['webhook-id']).toBe('evt_123');
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toEqual(exampleEvent('ten_demo'));
  });

  it('verifies with every character a name may have', async () => {
    for (const event of events.slice(0, 20)) {
      const told = { ...event, data: { ...event.data, name: "Zoë O'Brien 李雷 🌞 \u2028" } };
      expect((await sender.send(told)).status).toBe(202);
    }
  });

  it.each<Forgery>(['stale_timestamp', 'future_timestamp', 'wrong_secret', 'tampered_body', 'unsigned'])(
    'that is forged (%s) is refused by the Standard Webhooks library',
    async (forge) => {
      expect((await sender.send(exampleEvent('ten_demo'), { forge })).status).toBe(401);
      // Still JSON: only its signature gives a forgery away.
      expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({ id: 'evt_123' });
    },
  );

  it('that nobody answers has status 0 and a code', async () => {
    await receiver.close();
    expect(await sender.send(exampleEvent('ten_demo'))).toEqual({ status: 0, body: 'ECONNREFUSED' });
  });

  it('can be signed by a header of its own', async () => {
    const other = createWebhookSender({ url: receiver.url, secret: 's3', scheme: 'hmac-header', headerName: 'x-sig' });
    await other.send(exampleEvent('ten_demo'));
    await other.close();
    const [request] = receiver.received;
    const expected = createHmac('sha256', 's3')
      .update(request?.body ?? '')
      .digest('hex');
    expect(request?.headers['x-sig']).toBe(expected);
  });

  it('can carry a bearer token, which a forgery does not know', async () => {
    const other = createWebhookSender({ url: receiver.url, secret: 't0ken', scheme: 'bearer' });
    await other.send(exampleEvent('ten_demo'));
    await other.send(exampleEvent('ten_demo'), { forge: 'wrong_secret' });
    await other.close();
    const [genuine, forged] = receiver.received.map(({ headers }) => headers.authorization);
    expect(genuine).toBe('Bearer t0ken');
    expect(forged).not.toBe(genuine);
  });
});

describe('many deliveries', () => {
  const idsReceived = (): string[] => receiver.received.map(({ headers }) => String(headers['webhook-id']));

  it('account for every event', async () => {
    const report = await sender.sendAll(events, {
      concurrency: 4,
      duplicates: 1,
      shuffleSeed: 1,
      dropEvery: 10,
      wrongSignatureEvery: 7,
    });
    const all = [...report.accepted, ...report.refused, ...report.dropped, ...report.forged];
    expect([...all].sort()).toEqual(events.map(({ id }) => id).sort());
    expect(report.dropped.length).toBe(Math.floor(events.length / 10));
    expect(report.refused).toEqual([]);
    expect(report.sent).toBe(2 * (events.length - report.dropped.length));
    expect(report.byStatus).toEqual({ 202: 2 * report.accepted.length, 401: 2 * report.forged.length });
    expect(idsReceived().filter((id) => report.dropped.includes(id))).toEqual([]);
  });

  it('come in another order, the same for the same seed', async () => {
    await sender.sendAll(events, { concurrency: 1, shuffleSeed: 1 });
    await sender.sendAll(events, { concurrency: 1, shuffleSeed: 1 });
    const ids = idsReceived();
    const first = ids.slice(0, events.length);
    expect(first).toEqual(ids.slice(events.length));
    expect(first).not.toEqual(events.map(({ id }) => id));
  });

  it('are tried again until they are accepted', async () => {
    const seen = new Map<string, number>();
    const flaky = await startWebhookReceiver(({ headers }) => {
      const id = String(headers['webhook-id']);
      seen.set(id, (seen.get(id) ?? 0) + 1);
      return seen.get(id) === 1 ? 503 : 202;
    });
    const other = createWebhookSender({ url: flaky.url, secret: SECRET, scheme: 'standard-webhooks' });
    const report = await other.sendAll(events.slice(0, 10), { attempts: 3, retryDelayMs: 1 });
    await other.close();
    await flaky.close();
    expect(report.accepted.length).toBe(10);
    expect(report.byStatus).toEqual({ 202: 10, 503: 10 });
  });
});
