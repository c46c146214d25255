import { describe, expect, it } from '@jest/globals';
import {
  runDemoTraffic,
  runPersonaDeskSandbox,
  startPersonaDeskSandbox,
  type ApiRecord,
  type PersonaDeskSandbox,
  type WebhookEvent,
} from '../../../sandbox/personadesk/index.ts';
import { startWebhookReceiver } from './webhook-receiver.ts';

/** What the sandbox said of a conversation at the moment its event was sent. */
interface Told {
  readonly event: WebhookEvent;
  readonly resource: ApiRecord | undefined;
}

async function trafficUntil(sandbox: PersonaDeskSandbox, enough: (told: readonly Told[]) => boolean): Promise<Told[]> {
  const stop = new AbortController();
  const told: Told[] = [];
  const sender = {
    send: (event: WebhookEvent) => {
      const resource = sandbox.conversations().find((one) => one.resource.id === event.data.conversation_id)?.resource;
      told.push({ event, resource });
      if (enough(told)) stop.abort();
      return Promise.resolve({ status: 202, body: '' });
    },
  };
  await runDemoTraffic({ sandbox, sender, intervalMs: 2, stepMs: 1, signal: stop.signal, seed: 4 });
  return told;
}

const completedIn = (told: readonly Told[]): readonly Told[] =>
  told.filter(({ event }) => event.type === 'conversation.completed');

describe('demo traffic', () => {
  it('lets conversations be active first and final before their last event', async () => {
    const sandbox = await startPersonaDeskSandbox();
    try {
      const told = await trafficUntil(sandbox, (sofar) => completedIn(sofar).length >= 8);
      for (const { event, resource } of told) {
        const final = event.type === 'conversation.completed';
        expect(resource?.status === 'active').toBe(!final);
        expect(typeof resource?.ended_at === 'string').toBe(final);
        if (!final) expect(resource).not.toHaveProperty('summary');
      }
      expect(new Set(told.map(({ event }) => event.id)).size).toBe(told.length);
    } finally {
      await sandbox.close();
    }
  });

  it('tells of conversations that ended just now, not in the future', async () => {
    const sandbox = await startPersonaDeskSandbox();
    try {
      const told = await trafficUntil(sandbox, (sofar) => completedIn(sofar).length >= 8);
      for (const { resource } of completedIn(told)) {
        const endedAgo = Date.now() - Date.parse(String(resource?.ended_at));
        expect(endedAgo).toBeGreaterThanOrEqual(0);
        expect(endedAgo).toBeLessThan(60_000);
      }
    } finally {
      await sandbox.close();
    }
  });

  it('stops when told to, even in mid-conversation', async () => {
    const sandbox = await startPersonaDeskSandbox();
    try {
      const told = await trafficUntil(sandbox, () => true);
      expect(told.length).toBe(1);
    } finally {
      await sandbox.close();
    }
  });
});

describe('the sandbox as a process of its own', () => {
  it('has a history, sends live events, and ends with its signal', async () => {
    const receiver = await startWebhookReceiver();
    const stop = new AbortController();
    let url = '';
    let known = 0;
    const running = runPersonaDeskSandbox({
      port: 0,
      signal: stop.signal,
      seed: 1,
      history: { count: 30, days: 10, seed: 1 },
      webhook: { url: receiver.url, secret: 'token', scheme: 'bearer' },
      intervalMs: 5,
      onReady: (sandbox) => {
        url = sandbox.url;
        known = sandbox.conversations().length;
      },
    });
    await receiver.arrived(5);
    stop.abort();
    await running;
    await receiver.close();
    expect(known).toBe(31);
    await expect(fetch(`${url}/tenants`)).rejects.toThrow();
  });
});
