import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applyTenant, at, connectionId, openTestStore, tenantOf, type TestStore } from './open-test-store.ts';

const acme = connectionId('acme-1');
let test: TestStore;

beforeAll(async () => {
  test = await openTestStore();
  await applyTenant(test.store, tenantOf('ten_acme', ['acme-1']));
});
afterAll(() => test.close());

const publish = (version: string, minute: number) =>
  test.store.mappings.publish({ connectionId: acme, version, document: { name: version }, now: at(minute) });

describe('published mappings', () => {
  it('are kept in order; the same one again is no news, an older one again is', async () => {
    expect(await test.store.mappings.list(acme)).toEqual([]);
    expect([await publish('a', 0), await publish('a', 1), await publish('b', 2), await publish('a', 3)]).toEqual([
      true,
      false,
      true,
      true,
    ]);
    expect(await test.store.mappings.list(acme)).toEqual([
      { number: 3, version: 'a', document: { name: 'a' }, publishedAt: at(3) },
      { number: 2, version: 'b', document: { name: 'b' }, publishedAt: at(2) },
      { number: 1, version: 'a', document: { name: 'a' }, publishedAt: at(0) },
    ]);
    expect(await test.store.mappings.list(connectionId('acme-2'))).toEqual([]);
  });

  it('by several at once are each kept, under numbers of their own', async () => {
    const versions = Array.from({ length: 8 }, (_, n) => `c${n}`);
    const news = await Promise.all(versions.map((version) => publish(version, 9)));
    expect(news.every(Boolean)).toBe(true);
    const numbers = (await test.store.mappings.list(acme)).map(({ number }) => number);
    expect(numbers).toEqual(numbers.map((_, index) => numbers.length - index));
    expect(numbers).toHaveLength(11);
  });
});
