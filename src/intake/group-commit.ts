import { setImmediate } from 'node:timers/promises';
import { errorCode, isRetryable } from './error-code.ts';

/** How one item fared. Only `committed` is a promise; after the others the item may or may not be on disk. */
type CommitResult<Result> =
  | { readonly kind: 'committed'; readonly result: Result }
  | { readonly kind: 'failed'; readonly cause: string }
  | { readonly kind: 'late' }
  /** Never offered to the store. */
  | { readonly kind: 'overloaded' };

export interface GroupCommit<Item, Result> {
  submit(item: Item): Promise<CommitResult<Result>>;
}

export interface GroupCommitOptions<Item, Result> {
  /** Stores a group, all or nothing, and answers in its order. */
  readonly accept: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly bytesOf: (item: Item) => number;
  readonly maxGroup: number;
  readonly maxGroupBytes: number;
  readonly maxWaiting: number;
  readonly maxWaitingBytes: number;
  /** How long an item waits for its result, in milliseconds, its time in the queue included. */
  readonly deadlineMs: number;
  readonly onGroup: (size: number) => void;
}

/**
 * Lets concurrent requests share one insert: while a group is under way the next one gathers, and a lone item is
 * stored at once. A commit costs a flush to disk whatever it holds, so this is what carries a burst.
 *
 * A group that fails is a failure for each of its items. When the store does not call the failure retryable, one item may
 * be its cause, and each item is tried once by itself: a bad one cannot take its neighbours down.
 */
export function createGroupCommit<Item, Result extends string | number | object>(
  options: GroupCommitOptions<Item, Result>,
): GroupCommit<Item, Result> {
  const waiting = new Set<Entry<Item, Result>>();
  let waitingBytes = 0;
  let underWay = false;

  function submit(item: Item): Promise<CommitResult<Result>> {
    const bytes = options.bytesOf(item);
    if (waiting.size >= options.maxWaiting || waitingBytes + bytes > options.maxWaitingBytes) {
      return Promise.resolve({ kind: 'overloaded' });
    }
    const entry = createEntry<Item, Result>(item, bytes, options.deadlineMs, () => leaveQueue(entry));
    waiting.add(entry);
    waitingBytes += bytes;
    if (!underWay) void commitAllWaiting();
    return entry.result;
  }

  function leaveQueue(entry: Entry<Item, Result>): void {
    if (waiting.delete(entry)) waitingBytes -= entry.bytes;
  }

  /** Never rejects: every failure is settled into the entries it concerns. */
  async function commitAllWaiting(): Promise<void> {
    underWay = true;
    while (waiting.size > 0) {
      const group = takeGroup();
      options.onGroup(group.length);
      // A group nobody waits for any more (its deadline has passed) must not hold up the next one.
      await Promise.race([commitGroup(group), Promise.all(group.map((entry) => entry.result))]);
      // Whatever ran out of time in the same instant leaves the queue first, instead of being offered to a store that hangs.
      await setImmediate();
    }
    underWay = false;
  }

  function takeGroup(): readonly Entry<Item, Result>[] {
    const group: Entry<Item, Result>[] = [];
    let bytes = 0;
    for (const entry of waiting) {
      if (group.length >= options.maxGroup) break;
      if (group.length > 0 && bytes + entry.bytes > options.maxGroupBytes) break;
      group.push(entry);
      bytes += entry.bytes;
    }
    group.forEach(leaveQueue);
    return group;
  }

  async function commitGroup(group: readonly Entry<Item, Result>[]): Promise<void> {
    const failure = await tryCommit(group);
    if (failure === undefined) return;
    if (failure.retryable || group.length === 1) failAll(group, failure.cause);
    else await commitOneByOne(group);
  }

  async function commitOneByOne(group: readonly Entry<Item, Result>[]): Promise<void> {
    for (const entry of group) {
      if (entry.isSettled()) continue;
      const failure = await tryCommit([entry]);
      if (failure?.retryable === true) {
        failAll(group, failure.cause);
        return;
      }
      if (failure !== undefined) entry.settle({ kind: 'failed', cause: failure.cause });
    }
  }

  /** Settles the entries when it succeeds; leaves them to the caller when it does not. */
  async function tryCommit(group: readonly Entry<Item, Result>[]): Promise<Failure | undefined> {
    try {
      const results = await options.accept(group.map((entry) => entry.item));
      group.forEach((entry, index) => {
        const result = results[index];
        if (result === undefined) entry.settle({ kind: 'failed', cause: 'result_missing' });
        else entry.settle({ kind: 'committed', result });
      });
      return undefined;
    } catch (error) {
      return { cause: errorCode(error), retryable: isRetryable(error) };
    }
  }

  return { submit };
}

interface Failure {
  readonly cause: string;
  readonly retryable: boolean;
}

interface Entry<Item, Result> {
  readonly item: Item;
  readonly bytes: number;
  readonly result: Promise<CommitResult<Result>>;
  /** The first call counts. */
  settle(result: CommitResult<Result>): void;
  isSettled(): boolean;
}

function createEntry<Item, Result>(
  item: Item,
  bytes: number,
  deadlineMs: number,
  onLate: () => void,
): Entry<Item, Result> {
  const { promise, resolve } = Promise.withResolvers<CommitResult<Result>>();
  let settled = false;
  const settle = (result: CommitResult<Result>): void => {
    settled = true;
    clearTimeout(timer);
    resolve(result);
  };
  const timer = setTimeout(() => {
    onLate();
    settle({ kind: 'late' });
  }, deadlineMs);
  return { item, bytes, result: promise, settle, isSettled: () => settled };
}

function failAll<Item, Result>(group: readonly Entry<Item, Result>[], cause: string): void {
  for (const entry of group) entry.settle({ kind: 'failed', cause });
}
