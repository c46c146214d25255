import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { startHubSpotSandbox } from '../../sandbox/hubspot/index.ts';
import { startSalesforceSandbox } from '../../sandbox/salesforce/index.ts';
import { PRIORITY, type Priority } from '../../src/domain/ledger.ts';
import { DirectDelivery, type Writer } from '../support/direct-delivery.ts';
import { call, completed, eventsOf } from '../support/scenario-data.ts';

/** Far longer than the test: no search sees what was written. */
const SEARCH_LAG_MS = 600_000;

/** A sandbox as far as calls are counted. */
interface Counted {
  readonly url: string;
  requestLog(): readonly { readonly endpoint: string; readonly objectType: string | null }[];
  close(): Promise<void>;
}

const CRMS = {
  hubspot: {
    token: 'sandbox-hubspot-token',
    start: (): Promise<Counted> =>
      startHubSpotSandbox({
        searchLagMs: SEARCH_LAG_MS,
        limits: { perTenSeconds: null, searchPerSecond: null, perDay: null },
      }),
    atMost: { newCaller: 4, knownCaller: 3, inBatches: 0.06 },
  },
  salesforce: {
    token: 'sandbox-salesforce-token',
    start: (): Promise<Counted> => startSalesforceSandbox({ searchLagMs: SEARCH_LAG_MS }),
    atMost: { newCaller: 3, knownCaller: 2, inBatches: 0.05 },
  },
} as const;

describe.each(Object.entries(CRMS))('calls to %s', (crm, { token, start, atMost }) => {
  let sandbox: Counted;
  let delivery: DirectDelivery;
  let writer: Writer;
  let serial = 0;

  beforeAll(async () => {
    sandbox = await start();
    const connection = { crm, baseUrl: sandbox.url, credentials: { accessToken: { env: 'TOKEN' } } };
    delivery = await DirectDelivery.open({ connection, token });
    writer = delivery.writer();
    // The first batch of a process also looks at the account.
    await callsFor(1, aNumber);
  });
  afterAll(async () => {
    await writer.close();
    await delivery.close();
    await sandbox.close();
  });

  /** Delivers so many conversations at once and says which calls that took. */
  async function callsFor(
    count: number,
    numberOf: (index: number) => string,
    { priority = PRIORITY.live, handoff = false }: { readonly priority?: Priority; readonly handoff?: boolean } = {},
  ): Promise<readonly string[]> {
    const ones = Array.from({ length: count }, (_, index) => ({
      id: `conv_${(serial += 1)}`,
      number: numberOf(index),
    }));
    delivery.personaDesk.addConversations(ones.map(({ id, number }) => call(id, number)));
    await delivery.hear(...ones.map(({ id, number }) => completed(id, number)));
    if (handoff) await delivery.hear(...ones.map(({ id, number }) => eventsOf(id, number)[2]));
    await setPriority(delivery, priority);
    const before = sandbox.requestLog().length;
    await writer.deliver();
    for (const { id } of ones) expect((await delivery.row(id)).state).toBe('synced');
    return sandbox
      .requestLog()
      .slice(before)
      .map(({ endpoint, objectType }) => `${endpoint} ${objectType ?? ''}`.trim());
  }

  const aNumber = (): string => `+1555${2_000_000 + (serial += 1)}`;

  it(`one conversation of a new caller takes at most ${atMost.newCaller}`, async () => {
    expectAtMost(atMost.newCaller, await callsFor(1, aNumber));
  });

  it(`one conversation of a known caller takes at most ${atMost.knownCaller}`, async () => {
    const number = aNumber();
    await callsFor(1, () => number);
    expectAtMost(atMost.knownCaller, await callsFor(1, () => number));
  });

  it.each(['live', 'backfill'] as const)(
    `a hundred at once, all callers new, %s: at most ${atMost.inBatches} each`,
    async (name) => {
      expectAtMost(100 * atMost.inBatches, await callsFor(100, aNumber, { priority: PRIORITY[name] }));
    },
  );

  it('a hundred at once whom we know take no search, and no more than one of them alone', async () => {
    const numbers = Array.from({ length: 100 }, aNumber);
    await callsFor(100, (index) => numbers[index] ?? aNumber());
    expectAtMost(atMost.knownCaller, await callsFor(100, (index) => numbers[index] ?? aNumber()));
  });

  it('a hundred requests for a person take three more: the tasks, their links, and room for the owners to be read along', async () => {
    const plain = await callsFor(100, aNumber);
    expectAtMost(plain.length + 3, await callsFor(100, aNumber, { handoff: true }));
  });
});

function expectAtMost(allowed: number, calls: readonly string[]): void {
  if (calls.length === 0) throw new Error('nothing was asked of the CRM');
  if (calls.length > allowed) throw new Error(`${calls.length} calls where ${allowed} may be: ${calls.join(', ')}`);
}

async function setPriority({ databaseUrl }: DirectDelivery, priority: Priority): Promise<void> {
  if (priority === PRIORITY.live) return;
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query("update ledger set priority = $1 where state = 'due'", [priority]);
  } finally {
    await client.end();
  }
}
