import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dueAfterEvent, DUE_POLICY, mergeDue, type Due } from '../../src/domain/due-time.ts';
import { KNOWN_EVENT_TYPES, type KnownEventType } from '../../src/domain/event.ts';
import { LEDGER_STATES, PRIORITY, TERMINAL_STATES, type LedgerState, type Priority } from '../../src/domain/ledger.ts';
import { ACCEPT, applyTenant, at, eventOf, NOW, openTestStore, tenantOf, type TestStore } from './open-test-store.ts';

let test: TestStore;

beforeAll(async () => {
  test = await openTestStore();
  await applyTenant(test.store, tenantOf('ten_acme', ['acme-1']));
});

afterAll(async () => {
  await test.close();
});

/** A row that is there, and the events about it that arrive in one group. */
interface Case {
  readonly state: LedgerState;
  readonly due: Due | undefined;
  /** What the column says; without a due time it is left over from the last delivery and must count for nothing. */
  readonly priority: Priority;
  readonly events: readonly KnownEventType[];
}

interface Row {
  readonly state: LedgerState;
  readonly reason: string;
  readonly due_at: Date | null;
  readonly priority: number;
}

const isTerminal = (state: LedgerState) => TERMINAL_STATES.some((terminal) => terminal === state);

// Times around now and around the first poll (15 minutes), where the comparisons turn.
const dueArbitrary: fc.Arbitrary<Due> = fc.record({
  dueAt: fc.constantFrom(-7200, -0.001, 0, 0.001, 60, 899.999, 900, 900.001, 7200).map(at),
  priority: fc.constantFrom(...Object.values(PRIORITY)),
});

const caseArbitrary: fc.Arbitrary<Case> = fc
  .record({
    state: fc.constantFrom(...LEDGER_STATES),
    due: dueArbitrary,
    again: fc.boolean(),
    events: fc.array(fc.constantFrom(...KNOWN_EVENT_TYPES), { minLength: 1, maxLength: 3 }),
  })
  .map(({ state, due, again, events }) => ({
    state,
    // A resting row has no due time; a row in progress has one when something arrived meanwhile.
    due: isTerminal(state) || (state === 'in_progress' && !again) ? undefined : due,
    priority: due.priority,
    events,
  }));

describe('the merge rule in SQL', () => {
  it('gives the due time and the priority that the pure rule gives, whatever is there and whatever arrives', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(caseArbitrary, { minLength: 50, maxLength: 50 }), async (cases) => {
        const rows = await outcomeOf(cases);
        cases.forEach((one, index) => expect({ one, row: rows[index] }).toEqual({ one, row: expectedRow(one) }));
      }),
      { numRuns: 8 },
    );
  });
});

/** What the domain says: the events change nothing, or ask for their merged due time. */
function expectedRow({ state, due, priority, events }: Case): Row {
  const before = { state, reason: 'crm_unavailable', due_at: due?.dueAt ?? null, priority };
  const onlyStarted = events.every((type) => type === 'call.started');
  if (onlyStarted && (isTerminal(state) || state === 'in_progress')) return before;
  const asked = events
    .map((type) => dueAfterEvent(type, NOW, DUE_POLICY))
    .reduce((sum, next) => mergeDue({ state: 'due', due: sum }, next));
  const merged = mergeDue({ state, due }, asked);
  const pulledForward = due === undefined || asked.dueAt <= NOW || asked.dueAt < due.dueAt;
  return {
    ...(state !== 'in_progress' && pulledForward ? { state: 'due', reason: 'event_received' } : before),
    due_at: merged.dueAt,
    priority: merged.priority,
  };
}

async function outcomeOf(cases: readonly Case[]): Promise<readonly Row[]> {
  await test.sql('truncate ledger, inbox');
  await test.sql(
    `insert into ledger (connection_id, conversation_id, tenant_id, state, reason, asked_by, priority, due_at,
                         due_since, first_heard_at, updated_at)
     select 'acme-1', 'conv-' || n, 'ten_acme', state, 'crm_unavailable', 'call.started', priority, due_at, $4, $4, $4
     from unnest($1::text[], $2::smallint[], $3::timestamptz[]) with ordinality as c (state, priority, due_at, n)`,
    [
      cases.map(({ state }) => state),
      cases.map(({ priority }) => priority),
      cases.map(({ due }) => due?.dueAt ?? null),
      NOW,
    ],
  );
  await test.store.inbox.accept(
    cases.flatMap(({ events }, index) => events.map((type) => eventOf('ten_acme', `conv-${index + 1}`, type))),
    ACCEPT,
  );
  return test.sql<Row>(
    `select state, reason, due_at, priority from ledger order by substring(conversation_id from 6)::integer`,
  );
}
