import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { expectRefusal } from './expect-refusal.ts';
import { OTHER_SECRET, signedEvent, signedText } from './signed-event.ts';
import { createAcmeStore, problemOf, startIntake, type RunningIntake } from './start-intake.ts';

let intake: RunningIntake;
afterEach(() => intake.stop());

async function start(...[store = createAcmeStore(), overrides]: Partial<Parameters<typeof startIntake>>) {
  intake = await startIntake(store, overrides);
}

describe('a webhook is answered 401 when', () => {
  it('its signature is made with another secret', async () => {
    const store = createAcmeStore();
    await start(store);
    const response = await intake.post(signedEvent({}, { secret: OTHER_SECRET }));
    await expectRefusal(intake, response, 401, 'signature_mismatch', 'unverified');
    expect(await intake.metric('intake_verification_failures_total{reason="no_match"}')).toBe(1);
    expect(store.groups).toEqual([]);
  });

  it.each([
    ['too_old', 'timestamp_too_old', -301],
    ['too_new', 'timestamp_too_new', 301],
  ])('its timestamp is %s by the injected clock', async (reason, code, seconds) => {
    const now = new Date('2026-03-01T12:00:00Z');
    await start(createAcmeStore(), { clock: () => now });
    const response = await intake.post(signedEvent({}, { at: new Date(now.getTime() + seconds * 1_000) }));
    await expectRefusal(intake, response, 401, code, 'unverified');
    expect(await intake.metric(`intake_verification_failures_total{reason="${reason}"}`)).toBe(1);
  });

  it('it is not signed, whatever is in it', async () => {
    await start();
    const response = await intake.post({ headers: { 'content-type': 'application/json' }, body: 'no JSON' });
    await expectRefusal(intake, response, 401, 'signature_missing', 'unverified');
  });
});

describe('a webhook is answered', () => {
  it('404 at an endpoint nobody has', async () => {
    await start();
    const response = await fetch(`${intake.url}/webhooks/personadesk/nobody`, { method: 'POST', ...signedEvent() });
    await expectRefusal(intake, response, 404, 'unknown_endpoint', 'unknown_endpoint');
  });

  it('405 with the method that is allowed', async () => {
    await start();
    const response = await fetch(intake.webhookUrl);
    expect(response.headers.get('allow')).toBe('POST');
    expect(await problemOf(response)).toMatchObject({ status: 405, code: 'method_not_allowed' });
  });

  it('413 when it is larger than 1 MiB and says so', async () => {
    await start();
    const response = await intake.post(signedText('x'.repeat(1024 * 1024 + 1)));
    await expectRefusal(intake, response, 413, 'body_too_large', 'too_large');
  });

  it('413 before it is sent, when its Content-Length is over 1 MiB', async () => {
    await start();
    const headers = { ...signedEvent().headers, 'content-length': String(1024 * 1024 + 1) };
    const status = await new Promise((resolve, reject) => {
      const request = httpRequest(intake.webhookUrl, { method: 'POST', headers }, (response) => {
        resolve(response.statusCode);
        request.destroy();
      });
      request.on('error', reject);
      // One byte of many: the answer must not wait for the others.
      request.write('{');
    });
    expect(status).toBe(413);
  });

  it('413 when it is larger than 1 MiB and does not say how large', async () => {
    await start();
    const { headers } = signedEvent();
    const status = await new Promise((resolve, reject) => {
      // Without a Content-Length, Node sends the body in chunks.
      const request = httpRequest(intake.webhookUrl, { method: 'POST', headers }, (response) => {
        void text(response).then(() => resolve(response.statusCode));
      });
      request.on('error', reject);
      for (let chunk = 0; chunk < 20; chunk += 1) request.write(Buffer.alloc(64 * 1024, 'x'));
      request.end();
    });
    expect(status).toBe(413);
    expect(await intake.metric('intake_events_total{outcome="too_large"}')).toBe(1);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'json', ''])(
    '415 as "%s"',
    async (type) => {
      await start();
      const response = await intake.post(signedEvent({}, { headers: { 'content-type': type } }));
      await expectRefusal(intake, response, 415, 'not_json', 'unsupported_media');
    },
  );

  it('415 when it is compressed', async () => {
    await start();
    const { headers, body } = signedEvent();
    const compressed = { headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(body) };
    await expectRefusal(intake, await intake.post(compressed), 415, 'compressed_body', 'unsupported_media');
  });

  it('429 with Retry-After over the rate of its tenant', async () => {
    const now = new Date('2026-03-01T12:00:00Z');
    const store = createAcmeStore();
    await start(store, { clock: () => now, limits: { ratePerSecond: 0.1, rateBurst: 2 } });
    for (const id of ['evt_1', 'evt_2']) {
      expect((await intake.post(signedEvent({ id }, { at: now }))).status).toBe(202);
    }
    const response = await intake.post(signedEvent({ id: 'evt_3' }, { at: now }));
    expect(response.headers.get('retry-after')).toBe('10');
    await expectRefusal(intake, response, 429, 'rate_limited', 'rate_limited');
    expect(store.groups.flat()).toHaveLength(2);
  });

  it('as itself after any number of forged ones: a stranger uses up nobody’s rate', async () => {
    const now = new Date('2026-03-01T12:00:00Z');
    await start(createAcmeStore(), { clock: () => now, limits: { ratePerSecond: 1, rateBurst: 1 } });
    for (let count = 0; count < 5; count += 1) {
      await intake.post(signedEvent({}, { at: now, secret: OTHER_SECRET }));
    }
    expect((await intake.post(signedEvent({}, { at: now }))).status).toBe(202);
  });
});
