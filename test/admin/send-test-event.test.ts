import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { sendTestEvent, type TestEventRequest } from '../../src/admin/services/send-test-event.ts';
import { createIntake } from '../../src/intake/intake.ts';
import {
  applyTenant,
  conversationId,
  openTestStore,
  tenantId,
  tenantOf,
  type TestStore,
} from '../store/open-test-store.ts';
import { SECRET_VALUES } from './configuration-file.ts';

const secrets = [{ env: 'PERSONADESK_WEBHOOK_SECRET' }];

describe('a test event', () => {
  let opened: TestStore;
  let server: Server;
  let intakeUrl: string;
  let drawn = 0;

  beforeAll(async () => {
    opened = await openTestStore({ environment: SECRET_VALUES });
    const { store } = opened;
    const schemes = {
      ten_standard: { scheme: 'standard-webhooks', secrets },
      ten_hex: { scheme: 'hmac-header', header: 'X-Signature', secrets },
      ten_base64: { scheme: 'hmac-header', header: 'X-Sig', algorithm: 'sha512', encoding: 'base64', secrets },
      ten_bearer: { scheme: 'bearer', secrets },
    };
    for (const [id, verification] of Object.entries(schemes)) {
      await applyTenant(store, tenantOf(id, [`hs-${id}`], { webhook: { verification } }));
    }
    const intake = createIntake({
      store,
      wake: () => undefined,
      clock: () => new Date(),
      registry: new Registry(),
      log: () => undefined,
    });
    server = createServer(intake);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo; // a listening TCP server has one
    intakeUrl = `http://127.0.0.1:${port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await opened.close();
  });

  function send(tenant: string, more: Partial<TestEventRequest> = {}, url = intakeUrl) {
    const { tenants, secrets: source } = opened.store;
    return sendTestEvent(
      { tenantId: tenantId(tenant), ...more },
      {
        tenants,
        secrets: source,
        intakeUrl: url,
        fetch,
        now: () => new Date(),
        newEventId: () => `evt_drawn_${(drawn += 1)}`,
      },
    );
  }

  it('is, without options, the documented example, and counts once', async () => {
    const first = await send('ten_standard');
    expect(first).toMatchObject({ kind: 'answered', status: 202, eventId: 'evt_123', conversationId: 'conv_123' });
    const again = await send('ten_standard');
    expect(again).toMatchObject({ status: 202, body: expect.stringContaining('"duplicate":true') });
    const facts = await opened.store.inbox.factsOf(tenantId('ten_standard'), [conversationId('conv_123')]);
    expect(facts.get(conversationId('conv_123'))).toEqual([
      {
        eventId: 'evt_123',
        type: 'conversation.routed',
        createdAt: '2025-01-15T10:25:12.000Z',
        fromNumber: '+15551234567',
        toAgentId: 'agent_abc',
        routeReason: 'lead_high_intent',
      },
    ]);
  });

  it.each(['ten_standard', 'ten_hex', 'ten_base64', 'ten_bearer'])(
    'is signed so that the intake of %s believes it',
    async (tenant) => {
      expect(await send(tenant, { type: 'handoff.requested' })).toMatchObject({ kind: 'answered', status: 202 });
    },
  );

  it('of one’s own has an id of its own, and carries what was asked for', async () => {
    const own = { conversationId: 'conv_own', fromNumber: '+442079460018', type: 'conversation.completed' };
    const result = await send('ten_standard', own);
    expect(result).toMatchObject({ status: 202, body: expect.stringContaining('"duplicate":false') });
    const facts = await opened.store.inbox.factsOf(tenantId('ten_standard'), [conversationId('conv_own')]);
    expect(facts.get(conversationId('conv_own'))).toMatchObject([
      { eventId: expect.stringMatching(/^evt_drawn_/), type: 'conversation.completed', fromNumber: '+442079460018' },
    ]);
  });

  it('of a type that is not documented is not sent', async () => {
    expect(await send('ten_standard', { type: 'call.exploded' })).toMatchObject({ kind: 'invalid' });
  });

  it('for a tenant that is not there says so', async () => {
    expect(await send('ten_nobody')).toEqual({ kind: 'unknown_tenant' });
  });

  it('names the address when the intake is not reachable', async () => {
    const url = await closedPort();
    expect(await send('ten_standard', {}, url)).toEqual({ kind: 'unreachable', url });
  });
});

/** An address at which nobody listens any more. */
async function closedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a listening TCP server has one
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
