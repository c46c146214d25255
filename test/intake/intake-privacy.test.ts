import { afterEach, describe, expect, it } from '@jest/globals';
import { eventOf, OTHER_SECRET, SECRET, signedEvent, signedText } from './signed-event.ts';
import { ACME, createAcmeStore, startIntake, type RunningIntake } from './start-intake.ts';

let intake: RunningIntake;
afterEach(() => intake.stop());

const NUMBER = '+15558675309';
const NAME = 'Zoe Planted-Marker';
const DATA = { conversation_id: 'conv_1', tenant_id: 'ten_acme', from_number: NUMBER, route_reason: NAME };
const MARKERS = [NUMBER, NUMBER.slice(2), NAME, 'Planted', SECRET, SECRET.slice('whsec_'.length), ACME.endpointId];

function leakingError(extra: Readonly<Record<string, unknown>> = {}): Error {
  return Object.assign(new Error(`invalid value ${NUMBER} of ${NAME} with ${SECRET}`), extra);
}

describe('no log line, no refusal and no metric holds a number, a name, a secret or an endpoint id', () => {
  it('whatever goes wrong', async () => {
    const store = createAcmeStore();
    intake = await startIntake(store, {
      wake: () => {
        throw leakingError();
      },
    });
    const texts: string[] = [];
    const statuses: number[] = [];
    async function post(request: Parameters<RunningIntake['post']>[0]): Promise<void> {
      const response = await intake.post(request);
      statuses.push(response.status);
      texts.push(await response.text());
    }

    await post(signedEvent({ data: DATA }));
    await post(signedEvent({ data: DATA }, { secret: OTHER_SECRET }));
    await post(signedEvent({ data: DATA }, { at: new Date(0) }));
    await post(signedEvent({ data: { ...DATA, conversation_id: NAME } }));
    await post(signedEvent({ data: { ...DATA, tenant_id: NUMBER.slice(1) } }));
    await post(signedEvent({ data: DATA, created_at: NAME }));
    await post(signedEvent({ data: DATA, type: { [NAME]: NUMBER } }));
    await post(signedText(JSON.stringify(eventOf({ data: DATA })).slice(0, -3)));
    await post(signedEvent({ data: DATA }, { headers: { 'content-type': `text/plain; name="${NAME}"` } }));
    store.beforeAccept = () => Promise.reject(leakingError({ retryable: true, code: `${NAME} ${NUMBER}` }));
    await post(signedEvent({ id: 'evt_2', data: DATA }));
    store.beforeAccept = () => Promise.reject(leakingError({ code: '22P02', detail: NUMBER }));
    await post(signedEvent({ id: 'evt_3', data: DATA }));
    store.pingAnswer = () => Promise.reject(leakingError());
    texts.push(await (await fetch(`${intake.url}/readyz`)).text());
    texts.push(await (await fetch(`${intake.url}/metrics`)).text());

    expect(statuses).toEqual([202, 401, 401, 400, 400, 400, 400, 400, 415, 503, 503]);
    // One line each: the wake-up, the ten refusals, the ping.
    expect(intake.logLines).toHaveLength(12);
    const everything = [...texts, ...intake.logLines].join('\n');
    expect(MARKERS.filter((marker) => everything.includes(marker))).toEqual([]);
  });

  it('not even when the fault is our own', async () => {
    let broken = false;
    intake = await startIntake(createAcmeStore(), {
      clock: () => {
        if (broken) throw leakingError();
        return new Date();
      },
    });
    await intake.post(signedEvent({ data: DATA }));
    broken = true;
    const response = await intake.post(signedEvent({ data: DATA }));
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await intake.metric('intake_events_total{outcome="internal_error"}')).toBe(1);
    const everything = [text, ...intake.logLines].join('\n');
    expect(MARKERS.filter((marker) => everything.includes(marker))).toEqual([]);
  });
});
