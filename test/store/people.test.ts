import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { emailKey } from '../../src/domain/caller.ts';
import { applyTenant, connectionId, openTestStore, tenantOf, type TestStore } from './open-test-store.ts';

const first = connectionId('acme-1');
const [zoe, ann] = [emailKey('zoe@example.com'), emailKey('ann@example.com')];
const contact = (id: string) => ({ object: 'contacts', id });
let test: TestStore;

beforeAll(async () => {
  test = await openTestStore();
  await applyTenant(test.store, tenantOf('ten_acme', ['acme-1', 'acme-2']));
});

afterAll(async () => {
  await test.close();
});

describe('the people index', () => {
  it('finds who was remembered, for that connection only, until he is forgotten', async () => {
    await test.store.people.remember(first, [
      { key: zoe, ref: contact('1'), createdByUs: true },
      { key: ann, ref: contact('2'), createdByUs: false },
    ]);
    const found = await test.store.people.find(first, [zoe, ann, emailKey('nobody@example.com')]);
    expect([...found.values()]).toEqual(
      expect.arrayContaining([
        { key: zoe, ref: contact('1'), createdByUs: true },
        { key: ann, ref: contact('2'), createdByUs: false },
      ]),
    );
    expect(found.size).toBe(2);
    expect((await test.store.people.find(connectionId('acme-2'), [zoe])).size).toBe(0);
    await test.store.people.forget(first, [ann]);
    expect([...(await test.store.people.find(first, [zoe, ann])).keys()]).toEqual([zoe]);
  });

  it('remembers that we created a record for as long as the key points at it', async () => {
    const key = emailKey('created@example.com');
    const createdByUs = async () => (await test.store.people.find(first, [key])).get(key)?.createdByUs;
    await test.store.people.remember(first, [{ key, ref: contact('1'), createdByUs: true }]);
    await test.store.people.remember(first, [{ key, ref: contact('1'), createdByUs: false }]);
    expect(await createdByUs()).toBe(true);
    await test.store.people.remember(first, [{ key, ref: contact('7'), createdByUs: false }]);
    expect(await createdByUs()).toBe(false);
  });

  it('takes one key twice, the last one counts', async () => {
    const key = emailKey('twice@example.com');
    await test.store.people.remember(first, [
      { key, ref: contact('1'), createdByUs: false },
      { key, ref: contact('2'), createdByUs: false },
    ]);
    expect((await test.store.people.find(first, [key])).get(key)?.ref).toEqual(contact('2'));
  });

  it('has nothing to do for nobody, and says so for a connection that does not exist', async () => {
    await test.store.people.remember(first, []);
    await test.store.people.forget(first, []);
    expect((await test.store.people.find(first, [])).size).toBe(0);
    await expect(test.store.people.find(connectionId('nobody'), [zoe])).rejects.toThrow('no connection nobody');
  });
});
