import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { BUDGET_POLICY } from '../../connectors/budget/limits.ts';
import { DELIVERY_POLICY } from '../../src/delivery/policy.ts';
import { PRIORITY } from '../../src/domain/ledger.ts';
import { call, completed, eventsOf, inHubSpot } from '../support/scenario-data.ts';
import { Stack } from '../support/stack.ts';
import { takeIn } from '../support/take-in.ts';

/** HubSpot's usage guidelines: an OAuth app's burst limit, and searches per account. */
const PER_TEN_SECONDS = 110;
/** The rest of a window is kept for handoffs. */
const LIVE_PER_TEN_SECONDS = Math.floor(PER_TEN_SECONDS * BUDGET_POLICY.shares.live);
const SEARCHES_PER_SECOND = 5;
/** One search a second is left to whoever shares the account. */
const OUR_SEARCHES_PER_SECOND = 4;
const HANDOFF_WITHIN_MS = 3_000;

const refused = (stack: Stack) => stack.hubspot.requestLog().filter(({ status }) => status === 429).length;
/** Sends a request for a person and resolves with the milliseconds until its task stands in HubSpot. */
async function handOff(stack: Stack, id: string, number: string): Promise<number> {
  stack.personaDesk.addConversations([call(id, number)]);
  const [, , handoff] = eventsOf(id, number);
  const sentAt = Date.now();
  expect((await stack.sender.send(handoff)).status).toBe(202);
  await stack.hubspot.waitFor(
    (hubspot) => hubspot.records('tasks').some(({ properties }) => properties.hs_task_body?.includes(number)),
    20_000,
  );
  return Date.now() - sentAt;
}

async function query<Row>(stack: Stack, text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
  const client = new Client({ connectionString: stack.databaseUrl });
  await client.connect();
  try {
    return (await client.query(text, [...values])).rows as Row[]; // the caller says what the columns are
  } finally {
    await client.end();
  }
}

/** Milliseconds from the first to the last of them. */
function spanOf(requests: readonly { readonly at: number }[]): number {
  return (requests.at(-1)?.at ?? 0) - (requests[0]?.at ?? 0);
}

describe('5,000 conversations at once', () => {
  const COUNT = 5_000;
  const BATCH_SIZE = DELIVERY_POLICY.batchSize;
  let stack: Stack;
  let handoffMs: number;

  beforeAll(async () => {
    stack = await Stack.start({
      withoutWorker: true,
      hubspot: { limits: { perTenSeconds: PER_TEN_SECONDS, searchPerSecond: SEARCHES_PER_SECOND, perDay: 625_000 } },
    });
    const ones = Array.from({ length: COUNT }, (_, n) => ({ id: `conv_b${n}`, number: `+1555${2_000_000 + n}` }));
    stack.personaDesk.addConversations(ones.map(({ id, number }) => call(id, number)));
    await takeIn(
      stack.store,
      stack.tenantId,
      ones.map(({ id, number }) => completed(id, number)),
      { now: new Date(), policy: DELIVERY_POLICY },
    );
    await stack.startWorker();
    // Each batch links its calls in one request. (Counting the ledger after every change would be the greater load.)
    const linked = (batches: number) =>
      stack.hubspot.waitFor((hubspot) => hubspot.requestCounts()['associations write'] >= batches, 60_000);
    await linked(COUNT / BATCH_SIZE / 2);
    handoffMs = await handOff(stack, 'conv_urgent', '+15559990001');
    await linked(COUNT / BATCH_SIZE);
    await stack.untilCounts((counts) => counts.synced === COUNT + 1);
  }, 120_000);
  afterAll(() => stack.stop());

  it('meet HubSpot saying no once at most', () => {
    expect(refused(stack)).toBeLessThanOrEqual(1);
    expect(inHubSpot(stack.hubspot).calls).toHaveLength(COUNT + 1);
  });

  it('leave room for a person to be called back: the task is there in under three seconds', () => {
    expect(handoffMs).toBeLessThan(HANDOFF_WITHIN_MS);
  });

  it('take no longer than 1.2 times what the limits allow for as many requests, at the speed of this machine', () => {
    const log = stack.hubspot.requestLog();
    const searches = log.filter(({ endpoint }) => endpoint === 'search');
    const others = log.filter(({ endpoint }) => endpoint !== 'search');
    // However they are spread, so many requests need so many whole windows, and the rest takes its time.
    const windows = Math.floor((others.length - 1) / LIVE_PER_TEN_SECONDS);
    expect(windows).toBeGreaterThan(0);
    // Nothing is in the way of the first ones: they show what one takes.
    const sample = 80;
    const eachMs = spanOf(others.slice(0, sample)) / sample;
    const burstMs = windows * 10_000 + (others.length - windows * LIVE_PER_TEN_SECONDS) * eachMs;
    const searchMs = ((searches.length - 1) * 1_000) / OUR_SEARCHES_PER_SECOND;
    expect(spanOf(log)).toBeLessThan(1.2 * Math.max(burstMs, searchMs, others.length * eachMs));
  });

  it('are counted: what the store says was used today is what HubSpot has seen', async () => {
    const [today] = await stack.store.budget.today(new Date());
    const seen = stack.hubspot.requestLog().length;
    const { handoff = 0, live = 0 } = today?.calls ?? {};
    expect(handoff).toBeGreaterThan(0);
    expect(handoff + live).toBe(seen);
    expect(today).toMatchObject({ connectionId: stack.connectionId, allowed: 625_000 });
  });
});

describe('a backfill that has used up its share', () => {
  const COUNT = 40;
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start({
      withoutWorker: true,
      policy: { batchSize: 10 },
      hubspot: { limits: { perTenSeconds: 30, searchPerSecond: SEARCHES_PER_SECOND, perDay: 1_000 } },
    });
    const ones = Array.from({ length: COUNT }, (_, n) => ({ id: `conv_old${n}`, number: `+1555${3_000_000 + n}` }));
    stack.personaDesk.addConversations(ones.map(({ id, number }) => call(id, number)));
    for (const { id, number } of ones) await stack.sender.send(completed(id, number));
    await query(stack, 'update ledger set priority = $1', [PRIORITY.backfill]);
  });
  afterAll(() => stack.stop());

  it('waits without parking the connection, a handoff passes it, and it goes on by itself', async () => {
    await stack.startWorker();
    await stack.untilCounts((counts) => (counts.synced ?? 0) > 0);
    expect(await handOff(stack, 'conv_now', '+15559990002')).toBeLessThan(HANDOFF_WITHIN_MS);
    expect((await stack.counts()).synced).toBeLessThan(COUNT);
    const connection = await stack.store.connections.get(stack.connectionId);
    expect(connection?.state).toEqual({ kind: 'active', parkedUntil: undefined, parkReason: undefined });
    await stack.untilCounts((counts) => counts.synced === COUNT + 1);
    expect(refused(stack)).toBe(0);
  });
});
