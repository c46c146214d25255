import { describe, expect, it } from '@jest/globals';
import { createEndpointDirectory } from '../../src/intake/endpoint-directory.ts';
import { createMemoryStore } from './memory-store.ts';
import { OTHER_SECRET, SECRET, signedText } from './signed-event.ts';
import { ACME, createAcmeStore } from './start-intake.ts';

function directoryOver(store = createAcmeStore(), deadlineMs = 5_000) {
  let now = new Date('2026-03-01T12:00:00Z');
  const directory = createEndpointDirectory({
    store,
    clock: () => now,
    deadlineMs,
    knownMs: 5_000,
    unknownMs: 1_000,
  });
  return {
    directory,
    store,
    now: () => now,
    pass: (ms: number) => {
      now = new Date(now.getTime() + ms);
    },
  };
}

describe('the endpoint directory', () => {
  it('asks the store once for requests that come together, and again when its memory has run out', async () => {
    const { directory, store, pass } = directoryOver();
    const found = await Promise.all(Array.from({ length: 20 }, () => directory.find(ACME.endpointId)));
    expect(found.every(({ kind }) => kind === 'found')).toBe(true);
    pass(4_999);
    await directory.find(ACME.endpointId);
    expect(store.counts.endpointLookUps).toBe(1);
    pass(1);
    await directory.find(ACME.endpointId);
    expect(store.counts.endpointLookUps).toBe(2);
  });

  it('remembers for one second only that an endpoint is unknown', async () => {
    const { directory, store, pass } = directoryOver(createMemoryStore([], {}));
    expect(await directory.find('nobody')).toEqual({ kind: 'unknown' });
    pass(999);
    await directory.find('nobody');
    expect(store.counts.endpointLookUps).toBe(1);
    pass(1);
    await directory.find('nobody');
    expect(store.counts.endpointLookUps).toBe(2);
  });

  it('does not ask the store for what cannot be an endpoint id', async () => {
    const { directory, store } = directoryOver();
    for (const text of ['', '../x', 'a b', 'x'.repeat(129), "'; drop table"]) {
      expect(await directory.find(text)).toEqual({ kind: 'unknown' });
    }
    expect(store.counts.endpointLookUps).toBe(0);
  });

  it('does not forget the real endpoints for guessed ones', async () => {
    const { directory, store } = directoryOver();
    await directory.find(ACME.endpointId);
    // More guesses than it remembers entries.
    for (let index = 0; index < 10_500; index += 1) await directory.find(`guess${index}`);
    const before = store.counts.endpointLookUps;
    await directory.find(ACME.endpointId);
    expect(store.counts.endpointLookUps).toBe(before);
  });

  it('does not remember that the store failed', async () => {
    const { directory, store } = directoryOver();
    store.beforeEndpoint = () => Promise.reject(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' }));
    expect(await directory.find(ACME.endpointId)).toEqual({
      kind: 'unavailable',
      code: 'store_unavailable',
      cause: 'ECONNREFUSED',
    });
    store.beforeEndpoint = () => Promise.resolve();
    expect((await directory.find(ACME.endpointId)).kind).toBe('found');
  });

  it('gives up on a store that hangs, and asks anew the next time', async () => {
    const { directory, store } = directoryOver(createAcmeStore(), 30);
    store.beforeEndpoint = () => Promise.withResolvers<undefined>().promise;
    expect(await directory.find(ACME.endpointId)).toMatchObject({ kind: 'unavailable', cause: 'deadline_exceeded' });
    store.beforeEndpoint = () => Promise.resolve();
    expect((await directory.find(ACME.endpointId)).kind).toBe('found');
  });

  it('reports an endpoint whose every secret is missing as unavailable, and finds it once one is there', async () => {
    const { directory, store } = directoryOver();
    store.secretsByName = {};
    expect(await directory.find(ACME.endpointId)).toMatchObject({
      kind: 'unavailable',
      code: 'verification_unavailable',
    });
    store.secretsByName = { ACME_SECRET: SECRET };
    expect((await directory.find(ACME.endpointId)).kind).toBe('found');
  });

  it('verifies with the secrets it could read, and asks for the others again after a second', async () => {
    const rotating = {
      ...ACME,
      verification: { ...ACME.verification, secrets: [{ env: 'NEW' }, { env: 'OLD' }] },
    };
    const { directory, store, pass, now } = directoryOver(createMemoryStore([rotating], { OLD: SECRET }));
    const request = (secret: string) => {
      const { headers, body } = signedText('{}', { secret, at: now() });
      return { headers, rawBody: Buffer.from(body) };
    };
    const first = await directory.find(ACME.endpointId);
    if (first.kind !== 'found') throw new Error('the endpoint was not found');
    expect(first.endpoint.allSecretsRead).toBe(false);
    expect(first.endpoint.verifier.verify(request(SECRET), now())).toEqual({ ok: true, secretIndex: 1 });

    store.secretsByName = { OLD: SECRET, NEW: OTHER_SECRET };
    pass(1_000);
    const second = await directory.find(ACME.endpointId);
    if (second.kind !== 'found') throw new Error('the endpoint was not found');
    expect(second.endpoint.allSecretsRead).toBe(true);
    expect(second.endpoint.verifier.verify(request(OTHER_SECRET), now())).toEqual({ ok: true, secretIndex: 0 });
  });
});
