import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeHealth } from '../../src/admin/services/connection-health.ts';
import { readStatus } from '../../src/admin/services/status.ts';
import { statusAnswer, type AnswerFacts } from '../../src/admin/services/status-answer.ts';
import { statusBlocks } from '../../src/admin/services/status-text.ts';
import {
  applyTenant,
  at,
  connectionId,
  NOW,
  openTestStore,
  restingIn,
  SYNCED,
  tenantOf,
  type TestStore,
} from '../store/open-test-store.ts';
import { settle } from './seed.ts';

const FRESH = { id: connectionId('a'), health: 'fresh' } as const;
const PAUSED = { id: connectionId('b'), health: 'paused' } as const;
const BROKEN = { id: connectionId('c'), health: 'broken' } as const;

describe('the answer of the status', () => {
  const cases: readonly (readonly [AnswerFacts, string])[] = [
    [{ connections: [], p95Ms: undefined, needPerson: 0 }, 'No connection is configured yet.'],
    [
      { connections: [FRESH], p95Ms: undefined, needPerson: 0 },
      'The connection is fresh (nothing delivered in the last 24 h). Nobody needs to act.',
    ],
    [
      { connections: [FRESH], p95Ms: 850, needPerson: 1 },
      'The connection is fresh (p95 850 ms). 1 conversation needs a person.',
    ],
    [
      { connections: [FRESH, { ...FRESH, id: connectionId('d') }], p95Ms: 1_200, needPerson: 3 },
      'All 2 connections are fresh (p95 1.2 s). 3 conversations need a person.',
    ],
    [{ connections: [PAUSED], p95Ms: 1, needPerson: 0 }, 'b is paused. 1 connection needs a person.'],
    [
      { connections: [FRESH, PAUSED], p95Ms: 1, needPerson: 1_204 },
      '1 of 2 connections is not fresh: b is paused. 1 connection needs a person. 1,204 conversations need a person.',
    ],
    [
      { connections: [FRESH, PAUSED, BROKEN], p95Ms: 1, needPerson: 0 },
      '2 of 3 connections are not fresh: b is paused, c is broken. 2 connections need a person.',
    ],
  ];

  it.each(cases)('%j reads as a sentence', (facts, sentence) => {
    expect(statusAnswer(facts)).toBe(sentence);
  });
});

describe('the health of a connection', () => {
  const active = { kind: 'active', parkedUntil: undefined, parkReason: undefined } as const;

  it('is fresh while nothing is owed for longer than a minute', () => {
    expect(describeHealth(active, undefined, NOW)).toEqual({ health: 'fresh', reason: undefined });
    expect(describeHealth(active, at(-60), NOW).health).toBe('fresh');
  });

  it('is behind when something is owed for longer', () => {
    expect(describeHealth(active, at(-61), NOW)).toEqual({
      health: 'behind',
      reason: 'the oldest delivery is owed since 1 min',
    });
  });

  it('is parked until the instant the CRM asked for, and not after it', () => {
    const parked = { ...active, parkedUntil: at(3 * 3_600), parkReason: 'hubspot.DAILY' };
    expect(describeHealth(parked, undefined, NOW)).toEqual({
      health: 'parked',
      reason: 'left alone for a while (hubspot.DAILY); goes on by itself in 3 h',
    });
    expect(describeHealth(parked, undefined, at(3 * 3_600 + 1)).health).toBe('fresh');
  });

  it('names the refusal that broke it', () => {
    const broken = describeHealth({ kind: 'broken', code: 'hubspot.INVALID_AUTHENTICATION' }, undefined, NOW);
    expect(broken.health).toBe('broken');
    expect(broken.reason).toContain('hubspot.INVALID_AUTHENTICATION');
  });
});

describe('the status of a ledger', () => {
  let opened: TestStore;

  beforeAll(async () => {
    opened = await openTestStore();
    const { store } = opened;
    await applyTenant(store, tenantOf('ten_a', ['a-hubspot', 'a-other']));
    const place = { tenant: 'ten_a', connection: 'a-hubspot' };
    await settle(store, { ...place, conversation: 'conv_1' }, SYNCED);
    await settle(store, { ...place, conversation: 'conv_2' }, restingIn('failed'));
    await settle(store, { ...place, conversation: 'conv_3' }, restingIn('failed'));
    await settle(store, { ...place, conversation: 'conv_4' }, restingIn('needs_review'));
    await settle(store, { ...place, conversation: 'conv_5' }, restingIn('skipped'));
    await store.connections.pause(connectionId('a-other'));
    await store.budget.add({
      connectionId: connectionId('a-hubspot'),
      day: { day: '2026-03-02', resetsAt: at(3_600), allowed: 625_000, used: 1_500 },
      calls: { handoff: 3, live: 1_201, retry: 0, backfill: 0 },
      now: at(5),
    });
  });
  afterAll(() => opened.close());

  it('counts each conversation in exactly one state, and groups what needs a person by reason', async () => {
    const status = await readStatus(opened.store, at(10));
    const first = status.connections.find(({ connectionId: id }) => id === 'a-hubspot');
    expect(first?.counts).toMatchObject({ synced: 1, failed: 2, needs_review: 1, skipped: 1, due: 0 });
    expect(first?.freshness).toEqual({ p50Ms: 2_000, p95Ms: 2_000, samples: 1 });
    expect(status.needsPerson.map(({ reason, count, who }) => [reason, count, who])).toEqual([
      ['crm_refused_record', 2, 'sales_ops'],
      ['ambiguous_caller', 1, 'sales_ops'],
    ]);
    expect(status.answer).toBe(
      '1 of 2 connections is not fresh: a-other is paused. 1 connection needs a person. 3 conversations need a person.',
    );
  });

  it('reads as text: the answer, a table, what needs a person', async () => {
    const [answer, connections, person] = statusBlocks(await readStatus(opened.store, at(10)));
    expect(answer).toContain('3 conversations need a person.');
    expect(connections).toMatch(/a-hubspot +fresh/);
    expect(connections).toContain('a-other: paused by a person');
    expect(connections).toContain('a-hubspot: 1,500 of 625,000 CRM calls used today (ours: 3 handoff, 1,201 live)');
    expect(connections).not.toContain('a-other: 0');
    expect(person).toMatch(/2 +a-hubspot +✗ failed +crm_refused_record +sales ops/);
  });
});
