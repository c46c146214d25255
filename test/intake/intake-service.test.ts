import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { PROBLEM_TYPE } from './expect-refusal.ts';
import { createMemoryStore } from './memory-store.ts';
import { eventOf, signedEvent } from './signed-event.ts';
import { ACME, createAcmeStore, problemOf, startIntake, type RunningIntake } from './start-intake.ts';

let intake: RunningIntake;
afterEach(() => intake.stop());

async function start(...[store = createAcmeStore(), overrides]: Partial<Parameters<typeof startIntake>>) {
  intake = await startIntake(store, overrides);
}

/** Waits for a counter that no answer tells of. */
async function waitForMetric(sample: string, wanted: number): Promise<void> {
  const deadline = Date.now() + 10_000;
  while ((await intake.metric(sample)) !== wanted) {
    if (Date.now() > deadline) throw new Error(`${sample} did not become ${wanted}`);
  }
}

describe('the intake', () => {
  it('verifies each endpoint by its own scheme', async () => {
    const secrets = [{ env: 'SHARED' }];
    const hmacHeader = { scheme: 'hmac-header', header: 'X-Signature', algorithm: 'sha256', encoding: 'hex' } as const;
    const endpoints = [
      { ...ACME, endpointId: 'hmac', verification: { ...hmacHeader, secrets } },
      { ...ACME, endpointId: 'bearer', verification: { scheme: 'bearer', secrets } as const },
    ];
    await start(createMemoryStore(endpoints, { SHARED: 's3cret' }));
    const body = JSON.stringify(eventOf());
    const proofs = {
      hmac: { 'x-signature': createHmac('sha256', 's3cret').update(body).digest('hex') },
      bearer: { authorization: 'Bearer s3cret' },
    };
    async function statusOf(endpointId: string, proof: Record<string, string>): Promise<number> {
      const headers = { 'content-type': 'application/json', ...proof };
      return (await fetch(`${intake.url}/webhooks/personadesk/${endpointId}`, { method: 'POST', headers, body }))
        .status;
    }
    expect(await statusOf('hmac', proofs.hmac)).toBe(202);
    expect(await statusOf('hmac', proofs.bearer)).toBe(401);
    expect(await statusOf('bearer', proofs.bearer)).toBe(202);
    expect(await statusOf('bearer', proofs.hmac)).toBe(401);
  });

  it('outlives a sender that hangs up in the middle of a body', async () => {
    const store = createAcmeStore();
    await start(store);
    const { headers, body } = signedEvent();
    const request = httpRequest(intake.webhookUrl, {
      method: 'POST',
      headers: { ...headers, 'content-length': String(body.length) },
    });
    request.on('error', () => undefined);
    request.write(body.slice(0, 10), () => request.destroy());
    await waitForMetric('intake_events_total{outcome="malformed"}', 1);
    expect(store.groups).toEqual([]);
    expect((await intake.post({ headers, body })).status).toBe(202);
  });

  it('says nothing of what it is built with', async () => {
    await start();
    for (const response of [await intake.post(signedEvent()), await fetch(`${intake.url}/nothing`)]) {
      expect(response.headers.get('x-powered-by')).toBeNull();
      expect(response.headers.get('etag')).toBeNull();
    }
  });

  it('answers a path that is none with a problem', async () => {
    await start();
    expect(await problemOf(await fetch(`${intake.url}/nothing`))).toMatchObject({ status: 404, code: 'not_found' });
    const broken = await fetch(`${intake.url}/webhooks/personadesk/%E0%A4%A`, { method: 'POST' });
    expect(await problemOf(broken)).toMatchObject({ status: 400, code: 'invalid_path', type: PROBLEM_TYPE });
  });

  it('is healthy whatever the database does, and ready only while it answers', async () => {
    const store = createAcmeStore();
    await start(store);
    expect((await fetch(`${intake.url}/readyz`)).status).toBe(200);
    for (const ping of [() => Promise.resolve(false), () => Promise.reject(new Error('gone'))]) {
      store.pingAnswer = ping;
      expect(await problemOf(await fetch(`${intake.url}/readyz`))).toMatchObject({ status: 503 });
      expect((await fetch(`${intake.url}/healthz`)).status).toBe(200);
    }
  });

  it('is not ready when the database hangs', async () => {
    const store = createAcmeStore();
    await start(store);
    store.pingAnswer = () => Promise.withResolvers<boolean>().promise;
    expect((await fetch(`${intake.url}/readyz`)).status).toBe(503);
  });
});
