import { describe, expect, it } from '@jest/globals';
import { BUDGET_POLICY, type CrmLimits } from '../../connectors/budget/limits.ts';
import { createBudgets } from '../../src/delivery/budget.ts';
import type { DeliveryEvents } from '../../src/delivery/dependencies.ts';
import { whatNext, type Delivered } from '../../src/delivery/what-next.ts';
import { configurationSchema } from '../../src/domain/configuration.ts';
import type { Connection } from '../../src/domain/connection.ts';
import { PRIORITY, type Priority } from '../../src/domain/ledger.ts';
import type { CallsMade } from '../../src/store/budget-repository.ts';
import type { NextDue } from '../../src/store/queue-times.ts';

const NOW = new Date('2026-03-02T09:00:00Z');
const DAILY_100: CrmLimits = { burst: undefined, search: undefined, daily: { max: 100, reset: 'midnight' } };
const signal = new AbortController().signal;

const [tenant] = configurationSchema.parse({
  version: 1,
  tenants: [
    {
      id: 'ten_acme',
      name: 'Acme',
      personadesk: { apiKey: { env: 'KEY' } },
      webhook: { verification: { scheme: 'bearer', secrets: [{ env: 'SECRET' }] } },
      connections: [{ id: 'acme-hubspot', crm: 'hubspot', credentials: { accessToken: { env: 'TOKEN' } } }],
    },
  ],
}).tenants;

function connectionOf(): Connection {
  const configuration = tenant?.connections[0];
  if (tenant === undefined || configuration === undefined) throw new Error('there is one of each');
  const state = { kind: 'active', parkedUntil: undefined, parkReason: undefined } as const;
  return { id: configuration.id, tenantId: tenant.id, state, configuration, tenant };
}

/** Budgets over a store that has counted so many calls today. */
function budgets(countedToday: number, limits: CrmLimits = DAILY_100) {
  const added: CallsMade[] = [];
  const told: Parameters<DeliveryEvents['spent']>[0][] = [];
  const asked: string[] = [];
  const budgetFor = createBudgets({
    store: {
      budget: {
        callsOn: (_id, day) => {
          asked.push(day);
          return Promise.resolve(day === '2026-03-02' ? countedToday : 0);
        },
        add: (made) => {
          added.push(made);
          return Promise.resolve();
        },
        today: () => Promise.resolve([]),
      },
    },
    policy: { ...BUDGET_POLICY, limits },
    now: () => NOW,
    events: { spent: (event) => void told.push(event) },
  });
  return { budgetFor, added, told, asked };
}

describe("a connection's budget", () => {
  it('begins the day with what an earlier run has counted, and asks for it once', async () => {
    const { budgetFor, asked } = budgets(65);
    // 65 and the eight calls of a batch are more than the 70 that backfill may fill.
    expect((await budgetFor(connectionOf())).admit().maxPriority).toBe(PRIORITY.retry);
    await budgetFor(connectionOf());
    expect(asked).toEqual(['2026-03-02']);
  });

  it('admits nothing once the day is used up, and says when to look again', async () => {
    const { budgetFor } = budgets(100);
    expect((await budgetFor(connectionOf())).admit()).toEqual({
      maxPriority: undefined,
      lessUrgentInMs: 15 * 3_600_000, // until midnight UTC
    });
  });

  it('admits a handoff with the last call that is left', async () => {
    const { budgetFor } = budgets(99);
    expect((await budgetFor(connectionOf())).admit().maxPriority).toBe(PRIORITY.handoff);
  });

  it('writes down what a batch used, corrected by what the CRM says, and tells it', async () => {
    const { budgetFor, added, told } = budgets(10);
    const budget = await budgetFor(connectionOf());
    for (const endpoint of ['search', 'batch-read', 'batch-upsert']) {
      expect(await budget.gate.leave(endpoint, { signal, trafficClass: 'handoff' })).toBeUndefined();
    }
    const readings = [{ limit: 'daily', allowed: 200, remaining: 150, readAt: NOW }];
    await budget.settle({ trafficClass: 'handoff', conversations: 2, readings });
    expect(added).toEqual([
      {
        connectionId: 'acme-hubspot',
        day: { day: '2026-03-02', resetsAt: new Date('2026-03-03T00:00:00Z'), allowed: 200, used: 50 },
        calls: { handoff: 3, live: 0, retry: 0, backfill: 0 },
        now: NOW,
      },
    ]);
    expect(told).toEqual([
      {
        connectionId: 'acme-hubspot',
        trafficClass: 'handoff',
        calls: 3,
        conversations: 2,
        limits: [{ limit: 'daily', allowed: 200, remaining: 150 }],
      },
    ]);
  });
});

describe('what the loop does next', () => {
  const nothing: NextDue = { dueNow: false, nextDueAt: undefined };
  const now: NextDue = { dueNow: true, nextDueAt: NOW };
  const inMs = (ms: number): NextDue => ({ dueNow: false, nextDueAt: new Date(NOW.getTime() + ms) });

  /** @param queue what waits in all of it, and in the part that is admitted */
  function next(
    queue: { readonly all: NextDue; readonly admitted?: NextDue },
    admission: { readonly maxPriority: Priority | undefined; readonly lessUrgentInMs: number | undefined },
  ): Promise<Delivered> {
    const store = {
      connections: { get: () => Promise.resolve(connectionOf()) },
      ledger: {
        nextDue: (_id: unknown, maxPriority?: Priority) =>
          Promise.resolve(maxPriority === undefined ? queue.all : (queue.admitted ?? nothing)),
      },
    };
    // Nothing else of the dependencies is used for this question.
    const deps = { store, now: () => NOW } as unknown as Parameters<typeof whatNext>[0];
    return whatNext(deps, connectionOf().id, 7, admission);
  }

  const everything = { maxPriority: PRIORITY.backfill, lessUrgentInMs: undefined };
  const handoffsOnly = { maxPriority: PRIORITY.handoff, lessUrgentInMs: 4_000 };

  it.each([
    ['goes on when something is due', { all: now }, everything, { more: true }],
    ['waits for the next due time', { all: inMs(50) }, everything, { more: false, waitMs: 50 }],
    ['waits for an event when nothing waits', { all: nothing }, everything, { more: false }],
    ['waits for an event when nothing waits, whatever the budget', { all: nothing }, handoffsOnly, { more: false }],
    ['does not turn in circles for work that is held', { all: now }, handoffsOnly, { more: false, waitMs: 4_000 }],
    ['goes on with what is admitted', { all: now, admitted: now }, handoffsOnly, { more: true }],
    [
      'looks at what is admitted when that is due, before the rest is',
      { all: now, admitted: inMs(900) },
      handoffsOnly,
      { more: false, waitMs: 900 },
    ],
    [
      'lets held work that is due later wait until then',
      { all: inMs(60_000) },
      handoffsOnly,
      { more: false, waitMs: 60_000 },
    ],
    [
      'waits for the budget when nothing is admitted',
      { all: now, admitted: now },
      { maxPriority: undefined, lessUrgentInMs: 4_000 },
      { more: false, waitMs: 4_000 },
    ],
  ] as const)('%s', async (_words, queue, admission, expected) => {
    expect(await next(queue, admission)).toEqual({ delivered: 7, ...expected });
  });
});
