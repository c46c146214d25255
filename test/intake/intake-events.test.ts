import { afterEach, describe, expect, it } from '@jest/globals';
import { expectRefusal, PROBLEM_TYPE } from './expect-refusal.ts';
import { eventOf, signedBytes, signedEvent, signedText } from './signed-event.ts';
import { createAcmeStore, problemOf, startIntake, type RunningIntake } from './start-intake.ts';

let intake: RunningIntake;
afterEach(() => intake.stop());

async function start(...[store = createAcmeStore(), overrides]: Partial<Parameters<typeof startIntake>>) {
  intake = await startIntake(store, overrides);
}

describe('a webhook is answered 202 when it', () => {
  it('is new: it is on disk, as it came, and its connection is woken', async () => {
    const store = createAcmeStore();
    await start(store);
    const { headers, body } = signedEvent({ created_at: '2026-01-15T05:25:12.5-05:00' });
    const response = await intake.post({ headers, body });
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ received: true, duplicate: false });
    expect(store.groups).toEqual([
      [
        {
          tenantId: 'ten_acme',
          eventId: 'evt_123',
          type: 'conversation.completed',
          known: true,
          conversationId: 'conv_123',
          createdAt: '2026-01-15T10:25:12.500Z',
          body: Buffer.from(body),
        },
      ],
    ]);
    expect(intake.wakes).toEqual([['acme-hubspot']]);
    expect(await intake.metric('intake_events_total{outcome="accepted"}')).toBe(1);
    expect(await intake.metric('intake_group_size_count')).toBe(1);
    expect(await intake.metric('intake_accept_seconds_count')).toBe(1);
  });

  it('came before: it is called a duplicate, and nobody is woken', async () => {
    await start();
    await intake.post(signedEvent());
    const response = await intake.post(signedEvent());
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ received: true, duplicate: true });
    expect(intake.wakes).toHaveLength(1);
    expect(await intake.metric('intake_events_total{outcome="duplicate"}')).toBe(1);
  });

  it.each([
    ['without data', undefined],
    ['with data of another form', { anything: ['goes'] }],
    ['with the tenant of the endpoint', { tenant_id: 'ten_acme' }],
  ])('is of an unknown type %s: it is kept, marked, and nobody is woken', async (_what, data) => {
    const store = createAcmeStore();
    await start(store);
    const response = await intake.post(signedEvent({ type: 'agent.updated', data }));
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ received: true, duplicate: false });
    expect(store.groups.flat()).toMatchObject([{ type: 'agent.updated', known: false, eventId: 'evt_123' }]);
    expect(intake.wakes).toEqual([]);
    expect(await intake.metric('intake_events_total{outcome="ignored"}')).toBe(1);
  });

  it('has odd optional fields: only the ids and the instant decide', async () => {
    await start();
    const data = { conversation_id: 'conv_1', tenant_id: 'ten_acme', from_number: { odd: true }, extra: [1, 2] };
    expect((await intake.post(signedEvent({ data, another: 'field' }))).status).toBe(202);
  });

  it('is JSON by another name of the type', async () => {
    await start();
    for (const type of ['application/json; charset=utf-8', 'APPLICATION/JSON', 'application/cloudevents+json']) {
      expect((await intake.post(signedEvent({}, { headers: { 'content-type': type } }))).status).toBe(202);
    }
  });

  it('has the largest body that is allowed', async () => {
    await start();
    const event = JSON.stringify(eventOf());
    const response = await intake.post(signedText(event + ' '.repeat(1024 * 1024 - event.length)));
    expect(response.status).toBe(202);
  });
});

describe('a webhook is answered 400 when it', () => {
  it.each(['', '{', '"text', '{"a":1}}', 'undefined'])('is no JSON but "%s"', async (body) => {
    const store = createAcmeStore();
    await start(store);
    await expectRefusal(intake, await intake.post(signedText(body)), 400, 'invalid_json', 'malformed');
    expect(store.groups).toEqual([]);
  });

  it('is signed, but not UTF-8', async () => {
    await start();
    const bytes = Buffer.from(JSON.stringify(eventOf({ type: 'é' })), 'latin1');
    await expectRefusal(intake, await intake.post(signedBytes(bytes)), 400, 'invalid_json', 'malformed');
  });

  it.each([
    ['no object', '[]', ''],
    ['null', 'null', ''],
    ['an event without type', JSON.stringify(eventOf({ type: undefined })), 'type'],
    ['an event without id', JSON.stringify(eventOf({ id: undefined })), 'id'],
    ['an event with a bad id', JSON.stringify(eventOf({ id: 'a b' })), 'id'],
    ['an event without time', JSON.stringify(eventOf({ created_at: undefined })), 'created_at'],
    ['an event of no real time', JSON.stringify(eventOf({ created_at: '2026-02-30T00:00:00Z' })), 'created_at'],
    [
      'an event of a year no database holds',
      JSON.stringify(eventOf({ created_at: '0000-01-01T00:00:00Z' })),
      'created_at',
    ],
    ['an event of the year 10000', JSON.stringify(eventOf({ created_at: '9999-12-31T23:59:59-12:00' })), 'created_at'],
    ['a known event without data', JSON.stringify(eventOf({ data: undefined })), 'data'],
    [
      'a known event without conversation',
      JSON.stringify(eventOf({ data: { tenant_id: 'ten_acme' } })),
      'data.conversation_id',
    ],
    ['a known event without tenant', JSON.stringify(eventOf({ data: { conversation_id: 'c' } })), 'data.tenant_id'],
    ['an unknown event without id', '{"type":"agent.updated","created_at":"2026-01-15T10:25:12Z"}', 'id'],
    ['a type with a NUL character', JSON.stringify(eventOf({ type: 'a\u0000b' })), 'type'],
  ])('is %s, and says where', async (_what, body, at) => {
    const store = createAcmeStore();
    await start(store);
    const response = await intake.post(signedText(body));
    const problem = await problemOf(response);
    expect(problem).toMatchObject({ status: 400, code: 'invalid_event', type: PROBLEM_TYPE });
    if (at !== '') expect(problem.text).toContain(` at ${at}.`);
    expect(store.groups).toEqual([]);
    expect(await intake.metric('intake_events_total{outcome="malformed"}')).toBe(1);
  });

  it.each(['conversation.completed', 'agent.updated'])('names another tenant than the endpoint (%s)', async (type) => {
    const store = createAcmeStore();
    await start(store);
    const data = { conversation_id: 'conv_1', tenant_id: 'ten_globex' };
    await expectRefusal(intake, await intake.post(signedEvent({ type, data })), 400, 'tenant_mismatch', 'malformed');
    expect(store.groups).toEqual([]);
    expect(intake.wakes).toEqual([]);
  });
});
