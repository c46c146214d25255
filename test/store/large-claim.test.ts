import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PRIORITY } from '../../src/domain/ledger.ts';
import { acme, oneConnection } from './one-connection.ts';
import { at, NOW, openTestStore, type TestStore } from './open-test-store.ts';

const large = { priority: PRIORITY.backfill, atLeast: 5, limit: 20 };

let test: TestStore;
let acmeLife: ReturnType<typeof oneConnection>;

beforeAll(async () => {
  test = await openTestStore();
  acmeLife = oneConnection(test);
});

beforeEach(() => acmeLife.reset());

afterAll(() => test.close());

/** Rows of a priority that are due for a minute. */
async function due(name: string, count: number, priority: number, dueAt = at(-1)): Promise<void> {
  const names = Array.from({ length: count }, (_, n) => `${name}-${n}`);
  await acmeLife.accept(names, dueAt);
  await test.sql('update ledger set priority = $1 where conversation_id = any($2)', [priority, names]);
}

/** How many rows a claim takes that would take three. */
async function claimed(now = NOW): Promise<number> {
  const fence = await test.store.connections.takeFence(acme);
  return (await test.store.ledger.claim({ connectionId: acme, fence, limit: 3, large, now })).length;
}

describe('a large claim', () => {
  it('takes many when enough backfill is due and nothing else', async () => {
    await due('old', 12, PRIORITY.backfill);
    expect(await claimed()).toBe(12);
  });

  it('takes no more than its limit', async () => {
    await due('old', 30, PRIORITY.backfill);
    expect(await claimed()).toBe(20);
  });

  it('is a usual one when too little is due', async () => {
    await due('old', 4, PRIORITY.backfill);
    await due('later', 4, PRIORITY.backfill, at(5));
    expect(await claimed()).toBe(3);
    expect(await claimed(at(6))).toBe(8);
  });

  it.each(['handoff', 'live', 'retry'] as const)('is a usual one when a %s is due too', async (urgent) => {
    await due('old', 12, PRIORITY.backfill);
    await due('urgent', 1, PRIORITY[urgent]);
    expect(await claimed()).toBe(3);
  });

  it('minds nothing urgent that is not due yet', async () => {
    await due('old', 12, PRIORITY.backfill);
    await due('poll', 1, PRIORITY.live, at(5));
    expect(await claimed()).toBe(12);
  });

  it('takes over what a writer that is gone left in progress, and counts it', async () => {
    await due('old', 12, PRIORITY.backfill);
    expect(await claimed()).toBe(12);
    expect(await claimed()).toBe(12);
  });

  it('is a usual one when what was left is urgent', async () => {
    await due('urgent', 1, PRIORITY.live);
    expect(await claimed()).toBe(1);
    await due('old', 12, PRIORITY.backfill);
    expect(await claimed()).toBe(3);
  });
});
