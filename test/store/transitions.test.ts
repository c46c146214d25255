import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LEDGER_STATES, mayMove, PRIORITY, TERMINAL_STATES, type LedgerState } from '../../src/domain/ledger.ts';
import {
  ACCEPT,
  applyTenant,
  connectionId,
  conversationId,
  eventOf,
  NOW,
  openTestStore,
  recorded,
  restingIn,
  tenantId,
  tenantOf,
  waitingUntil,
  type TestStore,
} from './open-test-store.ts';

const acme = connectionId('acme-1');
const one = conversationId('conv-1');
/** The token that wrote the row, and the newest one. */
const [OLD_FENCE, FENCE] = [3, 4];

let test: TestStore;

beforeAll(async () => {
  test = await openTestStore();
});

beforeEach(async () => {
  await test.sql('truncate ledger, connections');
  await applyTenant(test.store, tenantOf('ten_acme', ['acme-1']));
  await test.sql('update connections set fence = $1', [FENCE]);
});

afterAll(async () => {
  await test.close();
});

const record = (fence: number, outcome: Parameters<typeof recorded>[1]) =>
  test.store.ledger.record({
    tenantId: tenantId('ten_acme'),
    connectionId: acme,
    fence,
    now: NOW,
    rows: [recorded('conv-1', outcome)],
    people: [],
  });

const accept = (type: 'call.started' | 'conversation.completed' | 'handoff.requested') =>
  test.store.inbox.accept([eventOf('ten_acme', 'conv-1', type)], ACCEPT);

/** Everything that may change a row's state. */
const OPERATIONS: Readonly<Record<string, () => Promise<unknown>>> = {
  'accept call.started': () => accept('call.started'),
  'accept conversation.completed': () => accept('conversation.completed'),
  'accept handoff.requested': () => accept('handoff.requested'),
  claim: () => test.store.ledger.claim({ connectionId: acme, fence: FENCE, limit: 9, now: NOW }),
  'claim with an old token': () =>
    test.store.ledger.claim({ connectionId: acme, fence: OLD_FENCE, limit: 9, now: NOW }),
  'record waiting': () => record(OLD_FENCE, waitingUntil(NOW)),
  'record under another token': () => record(FENCE, restingIn('synced')),
  ...Object.fromEntries(TERMINAL_STATES.map((state) => [`record ${state}`, () => record(OLD_FENCE, restingIn(state))])),
  release: () =>
    test.store.ledger.release({
      connectionId: acme,
      fence: OLD_FENCE,
      conversationIds: [one],
      dueAt: NOW,
      reason: 'crm_rate_limited',
    }),
  requeue: () => test.store.ledger.requeue({ conversationId: one, now: NOW }),
  resume: () => test.store.connections.resume(acme),
};

/** Which states each operation changes, and to what; a state that is not named stays as it is. */
const MOVES: Readonly<Record<string, Partial<Record<LedgerState, LedgerState>>>> = {
  'accept call.started': { waiting: 'due' },
  'accept conversation.completed': {
    waiting: 'due',
    synced: 'due',
    skipped: 'due',
    needs_review: 'due',
    failed: 'due',
  },
  'accept handoff.requested': { waiting: 'due', synced: 'due', skipped: 'due', needs_review: 'due', failed: 'due' },
  claim: { due: 'in_progress', waiting: 'in_progress' },
  'claim with an old token': {},
  'record waiting': { in_progress: 'waiting' },
  'record under another token': {},
  'record synced': { in_progress: 'synced' },
  'record skipped': { in_progress: 'skipped' },
  'record needs_review': { in_progress: 'needs_review' },
  'record failed': { in_progress: 'failed' },
  release: { in_progress: 'waiting' },
  requeue: { waiting: 'due', synced: 'due', skipped: 'due', needs_review: 'due', failed: 'due' },
  resume: { waiting: 'due' },
};

async function putRowInto(state: LedgerState, dueAt: Date): Promise<void> {
  const resting = TERMINAL_STATES.some((terminal) => terminal === state);
  await test.sql(
    `insert into ledger (connection_id, conversation_id, tenant_id, state, reason, asked_by, priority, due_at,
                         due_since, first_heard_at, fence, updated_at)
     values ('acme-1', 'conv-1', 'ten_acme', $1, 'connection_broken', 'call.started', $2, $3, $4, $4, $5, $4)`,
    [state, PRIORITY.live, resting || state === 'in_progress' ? null : dueAt, NOW, OLD_FENCE],
  );
}

describe('the state table', () => {
  const cases = Object.keys(OPERATIONS).flatMap((operation) =>
    LEDGER_STATES.map((state) => [operation, state, MOVES[operation]?.[state] ?? state] as const),
  );

  it.each(cases)('%s: a row that is %s is %s afterwards', async (operation, before, expected) => {
    // An hour from now for what only waits for call.started's poll; due now where the claim looks.
    const dueAt = operation.startsWith('claim') ? NOW : new Date(NOW.getTime() + 3_600_000);
    await putRowInto(before, dueAt);
    await OPERATIONS[operation]?.();
    const [row] = await test.sql<{ state: LedgerState }>('select state from ledger');
    expect(row?.state).toBe(expected);
    expect(before === expected || mayMove(before, expected)).toBe(true);
  });

  it.each([
    ['due', null],
    ['waiting', null],
    ['synced', NOW],
    ['nonsense', null],
  ])('the table itself refuses a row that is %s with the due time %s', async (state, dueAt) => {
    await putRowInto('synced', NOW);
    await expect(test.sql('update ledger set state = $1, due_at = $2', [state, dueAt])).rejects.toThrow(
      'ledger_state_has_its_due_time',
    );
  });
});
