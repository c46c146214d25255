import { beforeEach, describe, expect, it } from '@jest/globals';
import { remember, type RememberOptions } from '../../../connectors/schema/remembered.ts';

type Result = { readonly kind: 'known'; readonly value: number } | { readonly kind: 'failed' };

let now: number;
let readings: number;
let outcome: () => Promise<Result>;

beforeEach(() => {
  now = 1_000_000;
  readings = 0;
  outcome = () => Promise.resolve({ kind: 'known', value: readings });
});

describe('what was read of an account', () => {
  it('is read once by all who need it at once, and once more when it is no longer fresh', async () => {
    const schema = remembered({ freshForMs: 10_000 });
    expect(await Promise.all([schema.get('a'), schema.get('b')])).toEqual([known(1), known(1)]);
    now += 9_999;
    expect(await schema.get('c')).toEqual(known(1));
    now += 1;
    expect(await schema.get('d')).toEqual(known(2));
  });

  it('is forgotten when the account contradicts it, but not right after it was read', async () => {
    const schema = remembered();
    expect(schema.doubt()).toBe(false);
    await schema.get('a');
    now += 59_999;
    expect(schema.doubt()).toBe(false);
    now += 1;
    expect(schema.doubt()).toBe(true);
    expect(await schema.get('b')).toEqual(known(2));
  });

  it('is asked for again after a failure', async () => {
    const schema = remembered();
    outcome = () => Promise.resolve({ kind: 'failed' });
    expect(await schema.get('a')).toEqual({ kind: 'failed' });
    await schema.get('b');
    expect(readings).toBe(2);
  });

  it('a failure is the answer for as long as that was asked for, and no longer', async () => {
    const schema = remembered({ failedForMs: 1_000 });
    outcome = () => Promise.resolve({ kind: 'failed' });
    await schema.get('a');
    now += 999;
    await schema.get('b');
    expect(readings).toBe(1);
    now += 1;
    await schema.get('c');
    expect(readings).toBe(2);
  });

  it('a rejection reaches who waits for it, and the next one reads again', async () => {
    const schema = remembered();
    outcome = () => Promise.reject(new Error('no token'));
    await expect(schema.get('a')).rejects.toThrow('no token');
    outcome = () => Promise.resolve({ kind: 'known', value: readings });
    expect(await schema.get('b')).toEqual(known(2));
  });
});

function remembered(options: Omit<RememberOptions, 'now'> = {}) {
  return remember<string, Result>(
    () => {
      readings += 1;
      return outcome();
    },
    { now: () => now, ...options },
  );
}

function known(value: number): Result {
  return { kind: 'known', value };
}
