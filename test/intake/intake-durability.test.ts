import { afterEach, describe, expect, it } from '@jest/globals';
import { INTAKE_LIMITS } from '../../src/intake/limits.ts';
import { createMemoryStore } from './memory-store.ts';
import { OTHER_SECRET, SECRET, signedEvent } from './signed-event.ts';
import { ACME, createAcmeStore, problemOf, startIntake, type RunningIntake } from './start-intake.ts';

let intake: RunningIntake;
afterEach(() => intake.stop());

/** A store call that never answers. */
function hang(): Promise<void> {
  return Promise.withResolvers<undefined>().promise;
}

function connectionLost(): Promise<void> {
  return Promise.reject(Object.assign(new Error('connection lost'), { code: 'ECONNRESET', retryable: true }));
}

async function expectComeBack(response: Response, code: string): Promise<void> {
  expect(response.headers.get('retry-after')).toBe(String(INTAKE_LIMITS.retryAfterSeconds));
  expect(await problemOf(response)).toMatchObject({ status: 503, code });
  expect(await intake.metric('intake_events_total{outcome="unavailable"}')).toBe(1);
}

describe('an event that arrives 50 times at once', () => {
  it('is accepted once, is a duplicate 49 times, and wakes once', async () => {
    const store = createAcmeStore();
    intake = await startIntake(store);
    const responses = await Promise.all(Array.from({ length: 50 }, () => intake.post(signedEvent())));
    expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 202));
    const bodies = await Promise.all(responses.map((response) => response.json()));
    expect(bodies.filter((body) => JSON.stringify(body) === '{"received":true,"duplicate":false}')).toHaveLength(1);
    expect(await intake.metric('intake_events_total{outcome="accepted"}')).toBe(1);
    expect(await intake.metric('intake_events_total{outcome="duplicate"}')).toBe(49);
    expect(intake.wakes).toEqual([['acme-hubspot']]);
  });
});

describe('many events at once', () => {
  it('share an insert, and each gets its own answer', async () => {
    const store = createAcmeStore();
    intake = await startIntake(store, { limits: { waitingEvents: 30 } });
    const gate = Promise.withResolvers<undefined>();
    const arrived = Promise.withResolvers<undefined>();
    store.beforeAccept = () => {
      arrived.resolve(undefined);
      return gate.promise;
    };
    const first = intake.post(signedEvent({ id: 'evt_first' }));
    await arrived.promise;
    const others = Array.from({ length: 31 }, (_, index) => intake.post(signedEvent({ id: `evt_${index}` })));
    // One is more than may wait: its refusal says that the other thirty are waiting.
    expect((await Promise.race(others)).status).toBe(503);
    gate.resolve(undefined);
    const statuses = (await Promise.all([first, ...others])).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([...Array.from({ length: 31 }, () => 202), 503]);
    expect(store.groups.map((group) => group.length)).toEqual([1, 30]);
  });

  it('do not hold up a lone one: it is stored by itself', async () => {
    const store = createAcmeStore();
    intake = await startIntake(store);
    expect((await intake.post(signedEvent())).status).toBe(202);
    expect(store.groups.map((group) => group.length)).toEqual([1]);
  });
});

describe('a webhook is answered 503 with Retry-After, and nobody is woken, when the store', () => {
  it('cannot be reached for the event', async () => {
    const store = createAcmeStore();
    store.beforeAccept = connectionLost;
    intake = await startIntake(store);
    await expectComeBack(await intake.post(signedEvent()), 'store_unavailable');
    expect(intake.wakes).toEqual([]);
    expect(intake.logLines).toEqual([
      'intake.unavailable {"tenantId":"ten_acme","code":"store_unavailable","cause":"ECONNRESET"}',
    ]);
  });

  it('cannot be reached for the endpoint', async () => {
    const store = createAcmeStore();
    store.beforeEndpoint = connectionLost;
    intake = await startIntake(store);
    await expectComeBack(await intake.post(signedEvent()), 'store_unavailable');
    expect(store.groups).toEqual([]);
  });

  it('hangs while it stores the event', async () => {
    const store = createAcmeStore();
    store.beforeAccept = hang;
    intake = await startIntake(store, { limits: { commitDeadlineMs: 50 } });
    await expectComeBack(await intake.post(signedEvent()), 'store_timeout');
  });

  it('hangs while it looks for the endpoint', async () => {
    const store = createAcmeStore();
    store.beforeEndpoint = hang;
    intake = await startIntake(store, { limits: { lookUpDeadlineMs: 50 } });
    await expectComeBack(await intake.post(signedEvent()), 'store_unavailable');
  });

  it('lets too many wait', async () => {
    const store = createAcmeStore();
    intake = await startIntake(store, { limits: { waitingEvents: 0 } });
    await expectComeBack(await intake.post(signedEvent()), 'overloaded');
    expect(store.groups).toEqual([]);
  });

  it('has no secret to verify with', async () => {
    intake = await startIntake(createMemoryStore([ACME], {}));
    await expectComeBack(await intake.post(signedEvent()), 'verification_unavailable');
  });

  it('has only a secret that cannot be used', async () => {
    intake = await startIntake(createMemoryStore([ACME], { ACME_SECRET: 'whsec_' }));
    await expectComeBack(await intake.post(signedEvent()), 'verification_unavailable');
    expect(await intake.metric('intake_verification_failures_total{reason="bad_secret"}')).toBe(1);
  });

  it('could not read the secret that may have signed it', async () => {
    const verification = { ...ACME.verification, secrets: [{ env: 'NEW' }, { env: 'OLD' }] };
    intake = await startIntake(createMemoryStore([{ ...ACME, verification }], { OLD: SECRET }));
    await expectComeBack(await intake.post(signedEvent({}, { secret: OTHER_SECRET })), 'verification_unavailable');
    expect((await intake.post(signedEvent())).status).toBe(202);
  });
});

describe('after a 503', () => {
  it('the same event is new when it is sent again, and wakes', async () => {
    const store = createAcmeStore();
    store.beforeAccept = connectionLost;
    intake = await startIntake(store);
    expect((await intake.post(signedEvent())).status).toBe(503);
    store.beforeAccept = () => Promise.resolve();
    const response = await intake.post(signedEvent());
    expect(await response.json()).toEqual({ received: true, duplicate: false });
    expect(intake.wakes).toEqual([['acme-hubspot']]);
  });

  it('an event that was stored late is delivered all the same, and is a duplicate when it is sent again', async () => {
    const store = createAcmeStore();
    const gate = Promise.withResolvers<undefined>();
    const woken = Promise.withResolvers<undefined>();
    store.beforeAccept = () => gate.promise;
    intake = await startIntake(store, {
      limits: { commitDeadlineMs: 50 },
      wake: () => {
        woken.resolve(undefined);
      },
    });
    expect((await intake.post(signedEvent())).status).toBe(503);
    gate.resolve(undefined);
    await woken.promise;
    const response = await intake.post(signedEvent());
    expect(await response.json()).toEqual({ received: true, duplicate: true });
  });
});

describe('the intake', () => {
  it('waits for the store no longer than 5 s in all', () => {
    expect(INTAKE_LIMITS.lookUpDeadlineMs + INTAKE_LIMITS.commitDeadlineMs).toBeLessThanOrEqual(5_000);
  });

  it('answers 202 for an event that is on disk, even when the wake-up fails', async () => {
    intake = await startIntake(createAcmeStore(), {
      wake: () => {
        throw new Error('no Temporal');
      },
    });
    expect((await intake.post(signedEvent())).status).toBe(202);
    expect(intake.logLines).toEqual(['intake.wake_failed {"connections":1,"code":"Error"}']);
  });
});
