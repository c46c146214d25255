import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { createGroupCommit, type GroupCommitOptions } from '../../src/intake/group-commit.ts';

interface Call {
  readonly items: readonly string[];
  readonly succeed: () => void;
  readonly fail: (error: Error) => void;
}

/** A group commit whose store answers when the test says so. */
function commitWithManualStore(overrides: Partial<GroupCommitOptions<string, string>> = {}) {
  const calls: Call[] = [];
  const sizes: number[] = [];
  const commit = createGroupCommit<string, string>({
    accept: (items) => {
      const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>();
      calls.push({
        items,
        succeed: () => {
          resolve(items.map((item) => `stored ${item}`));
        },
        fail: reject,
      });
      return promise;
    },
    bytesOf: (item) => item.length,
    maxGroup: 200,
    maxGroupBytes: 1_000,
    maxWaiting: 5_000,
    maxWaitingBytes: 100_000,
    deadlineMs: 20_000,
    onGroup: (size) => sizes.push(size),
    ...overrides,
  });
  /** The nth call of the store, once it is made. */
  async function call(index: number): Promise<Call> {
    const deadline = Date.now() + 5_000;
    for (;;) {
      const made = calls[index];
      if (made !== undefined) return made;
      if (Date.now() > deadline) throw new Error(`call ${index} was not made; ${calls.length} were`);
      await setImmediate();
    }
  }
  return { commit, calls, sizes, call };
}

function retryable(): Error {
  return Object.assign(new Error('connection lost'), { code: 'ECONNRESET', retryable: true });
}

function stored(item: string) {
  return { kind: 'committed', result: `stored ${item}` };
}

describe('group commit', () => {
  it('stores a lone item at once', () => {
    const { commit, calls } = commitWithManualStore();
    void commit.submit('a');
    expect(calls.map((call) => call.items)).toEqual([['a']]);
    calls[0]?.succeed();
  });

  it('gathers what arrives while a group is under way, and stores it in one go', async () => {
    const { commit, call, sizes } = commitWithManualStore();
    const results = ['a', 'b', 'c', 'd'].map((item) => commit.submit(item));
    (await call(0)).succeed();
    const second = await call(1);
    expect(second.items).toEqual(['b', 'c', 'd']);
    second.succeed();
    expect(await Promise.all(results)).toEqual(['a', 'b', 'c', 'd'].map(stored));
    expect(sizes).toEqual([1, 3]);
  });

  it('never has two groups under way', async () => {
    let underWay = 0;
    let most = 0;
    const { commit } = commitWithManualStore({
      maxGroup: 7,
      accept: async (items) => {
        underWay += 1;
        most = Math.max(most, underWay);
        await setImmediate();
        underWay -= 1;
        return items;
      },
    });
    const results = await Promise.all(Array.from({ length: 100 }, (_, index) => commit.submit(`item ${index}`)));
    expect(results).toEqual(
      Array.from({ length: 100 }, (_, index) => ({ kind: 'committed', result: `item ${index}` })),
    );
    expect(most).toBe(1);
  });

  it('keeps a group within its count and its bytes', async () => {
    const { commit, calls, call } = commitWithManualStore({ maxGroup: 2, maxGroupBytes: 10 });
    const items = ['a', 'b', 'c', 'd', 'eeeeeeee', 'ffffffff', 'g'.repeat(50)];
    const results = items.map((item) => commit.submit(item));
    for (let index = 0; index < 5; index += 1) (await call(index)).succeed();
    expect(await Promise.all(results)).toEqual(items.map(stored));
    const groups = [['a'], ['b', 'c'], ['d', 'eeeeeeee'], ['ffffffff'], ['g'.repeat(50)]];
    expect(calls.map((made) => made.items)).toEqual(groups);
  });

  it('fails each item of a group when the store was not reached, without a second try', async () => {
    const { commit, calls, call } = commitWithManualStore();
    const results = ['a', 'b', 'c'].map((item) => commit.submit(item));
    (await call(0)).succeed();
    (await call(1)).fail(retryable());
    const failed = { kind: 'failed', cause: 'ECONNRESET' };
    expect(await Promise.all(results)).toEqual([stored('a'), failed, failed]);
    expect(calls).toHaveLength(2);
  });

  it('stores the neighbours of an item that the store refuses', async () => {
    const { commit, call } = commitWithManualStore();
    const results = ['a', 'b', 'bad', 'c'].map((item) => commit.submit(item));
    const refusal = Object.assign(new Error('refused'), { code: '22021' });
    (await call(0)).succeed();
    (await call(1)).fail(refusal);
    (await call(2)).succeed();
    const bad = await call(3);
    expect(bad.items).toEqual(['bad']);
    bad.fail(refusal);
    (await call(4)).succeed();
    expect(await Promise.all(results)).toEqual([
      stored('a'),
      stored('b'),
      { kind: 'failed', cause: '22021' },
      stored('c'),
    ]);
  });

  it('stops trying one by one when the store goes away', async () => {
    const { commit, calls, call } = commitWithManualStore();
    const results = ['a', 'b', 'c', 'd'].map((item) => commit.submit(item));
    (await call(0)).succeed();
    (await call(1)).fail(new Error('refused'));
    (await call(2)).succeed();
    (await call(3)).fail(retryable());
    const failed = { kind: 'failed', cause: 'ECONNRESET' };
    expect(await Promise.all(results)).toEqual([stored('a'), stored('b'), failed, failed]);
    expect(calls).toHaveLength(4);
  });

  it('goes on after a failure', async () => {
    const { commit, call } = commitWithManualStore();
    const first = commit.submit('a');
    (await call(0)).fail(retryable());
    expect(await first).toEqual({ kind: 'failed', cause: 'ECONNRESET' });
    const second = commit.submit('b');
    (await call(1)).succeed();
    expect(await second).toEqual(stored('b'));
  });

  it('does not let a store that hangs hold up the next group', async () => {
    const { commit, call } = commitWithManualStore({ deadlineMs: 30 });
    expect(await commit.submit('hangs')).toEqual({ kind: 'late' });
    const next = commit.submit('next');
    (await call(1)).succeed();
    expect(await next).toEqual(stored('next'));
  });

  it('does not store an item whose sender was already told that it is late', async () => {
    const { commit, calls, call } = commitWithManualStore({ deadlineMs: 30 });
    const [hangs, waits] = [commit.submit('hangs'), commit.submit('waits')];
    expect(await Promise.all([hangs, waits])).toEqual([{ kind: 'late' }, { kind: 'late' }]);
    const next = commit.submit('next');
    (await call(1)).succeed();
    await next;
    expect(calls.map((made) => made.items)).toEqual([['hangs'], ['next']]);
  });

  it('turns away what is beyond the number, or the bytes, that may wait', async () => {
    const { commit, calls, call } = commitWithManualStore({ maxWaiting: 2, maxWaitingBytes: 10 });
    const kept = ['a', 'b', 'c'].map((item) => commit.submit(item));
    expect(await commit.submit('d')).toEqual({ kind: 'overloaded' });
    (await call(0)).succeed();
    const group = await call(1);
    const large = commit.submit('eight...');
    expect(await commit.submit('fff')).toEqual({ kind: 'overloaded' });
    group.succeed();
    (await call(2)).succeed();
    await Promise.all([...kept, large]);
    // Room again once the queue is empty.
    const again = commit.submit('ggg');
    (await call(3)).succeed();
    expect(await again).toEqual(stored('ggg'));
    expect(calls.flatMap((made) => made.items)).toEqual(['a', 'b', 'c', 'eight...', 'ggg']);
  });

  it('does not call an item stored for which the store gave no result', async () => {
    const { commit } = commitWithManualStore({ accept: () => Promise.resolve([]) });
    expect(await commit.submit('a')).toEqual({ kind: 'failed', cause: 'result_missing' });
  });
});
