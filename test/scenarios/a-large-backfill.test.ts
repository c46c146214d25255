import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { startSalesforceSandbox, type SalesforceSandbox } from '../../sandbox/salesforce/index.ts';
import { PRIORITY } from '../../src/domain/ledger.ts';
import { DEFAULT_POLICIES } from '../support/policies.ts';
import { call, completed, eventsOf } from '../support/scenario-data.ts';
import { SECRETS, Stack } from '../support/stack.ts';
import { takeIn } from '../support/take-in.ts';

const COUNT = 2_500;
/** Well below what a batch waits for a job by itself; the job of this test goes on for ever. */
const HANDOFF_WITHIN_MS = 15_000;
const CONVERSATION_KEY = 'PersonaDesk_Conversation_Id__c';

describe(`${COUNT} conversations of the past, all callers new, into Salesforce`, () => {
  let stack: Stack;
  let salesforce: SalesforceSandbox;
  let handoffMs: number;

  beforeAll(async () => {
    // Jobs go on until the test ends them.
    salesforce = await startSalesforceSandbox({ searchLagMs: 10_000, bulkJobMs: null });
    salesforce.addToken({ token: SECRETS.HS_TOKEN });
    stack = await Stack.start({ withoutWorker: true, policy: { retryBase: 200 } });
    await stack.store.connections.upsert(stack.tenantId, {
      id: stack.connectionId,
      crm: 'salesforce',
      baseUrl: salesforce.url,
      credentials: { accessToken: { env: 'HS_TOKEN' } },
      objectOrder: ['Contact', 'Lead'],
      createAs: 'Lead',
      ...DEFAULT_POLICIES,
      associations: { with: [], several: 'latest' },
      owners: { agents: {}, activity: [], task: [] },
    });
    await hearOfThePast(stack);
    await stack.startWorker();
    await salesforce.waitFor((org) => org.requestCounts()['bulk upload'] > 0, 60_000);
    handoffMs = await handOff(stack, salesforce);
    salesforce.setOptions({ bulkJobMs: 200 });
    await stack.untilCounts((counts) => counts.synced === COUNT + 1, 120_000);
  }, 240_000);
  afterAll(async () => {
    await stack.stop();
    await salesforce.close();
  });

  it('each is there once, on the timeline of its caller', () => {
    const leads = new Map(salesforce.records('Lead').map(({ id, fields }) => [id, fields.Phone]));
    const calls = salesforce.records('Task').filter(({ fields }) => fields.TaskSubtype === 'Call');
    expect([leads.size, calls.length]).toEqual([COUNT + 1, COUNT + 1]);
    for (const { fields } of calls) {
      const n = /conv_past(\d+)/.exec(String(fields[CONVERSATION_KEY]))?.[1];
      if (n !== undefined) expect(leads.get(String(fields.WhoId))).toBe(numberOf(Number(n)));
    }
  });

  it('the writes cost two calls in a hundred conversations at most', () => {
    const counts = salesforce.requestCounts();
    const jobs = counts['bulk job'] + counts['bulk upload'] + counts['bulk status'] + counts['bulk results'];
    // One job of people, one of calls.
    expect(counts['bulk upload']).toBe(2);
    expect((jobs + counts['collection upsert'] + counts['collection update']) / COUNT).toBeLessThan(0.02);
  });

  it('a job that goes on is no outage: the connection was never parked', () => {
    expect(stack.logged.filter((line) => line.startsWith('stopped'))).toEqual([]);
  });

  it('somebody who asks to be called back meanwhile does not wait for the job', () => {
    expect(handoffMs).toBeLessThan(HANDOFF_WITHIN_MS);
  });
});

function numberOf(n: number): string {
  return `+1555${4_000_000 + n}`;
}

/** What a backfill does: conversations that ended long ago stand in the ledger, behind everything else. */
async function hearOfThePast(stack: Stack): Promise<void> {
  const ids = Array.from({ length: COUNT }, (_, n) => ({ id: `conv_past${n}_`, number: numberOf(n) }));
  stack.personaDesk.addConversations(ids.map(({ id, number }) => call(id, number)));
  const events = ids.map(({ id, number }) => completed(id, number));
  await takeIn(stack.store, stack.tenantId, events, { now: new Date(), policy: stack.delivery.dependencies.policy });
  const client = new Client({ connectionString: stack.databaseUrl });
  await client.connect();
  try {
    await client.query('update ledger set priority = $1', [PRIORITY.backfill]);
  } finally {
    await client.end();
  }
}

/** @returns milliseconds until the task is in Salesforce */
async function handOff(stack: Stack, salesforce: SalesforceSandbox): Promise<number> {
  const number = '+15559990003';
  stack.personaDesk.addConversations([call('conv_urgent', number)]);
  const [, , handoff] = eventsOf('conv_urgent', number);
  const sentAt = Date.now();
  expect((await stack.sender.send(handoff)).status).toBe(202);
  await salesforce.waitFor(
    (org) => org.records('Task').some(({ fields }) => String(fields.Description).includes(number)),
    60_000,
  );
  return Date.now() - sentAt;
}
