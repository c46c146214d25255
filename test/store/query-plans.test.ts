import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Kysely, PostgresDialect, type CompiledQuery } from 'kysely';
import { Pool } from 'pg';
import { emailKey } from '../../src/domain/caller.ts';
import { createAttemptRepository } from '../../src/store/attempt-repository.ts';
import { createCallerChoiceRepository } from '../../src/store/caller-choice-repository.ts';
import type { Database } from '../../src/store/database.ts';
import { createInboxRepository } from '../../src/store/inbox-repository.ts';
import { createLedgerRepository } from '../../src/store/ledger-repository.ts';
import { createPeopleRepository } from '../../src/store/people-repository.ts';
import type { Schema } from '../../src/store/schema.ts';
import { createTenantRepository } from '../../src/store/tenant-repository.ts';
import { createVault } from '../../src/store/vault.ts';
import {
  applyTenant,
  at,
  connectionId,
  conversationId,
  endpointId,
  MASTER_KEY,
  NOW,
  openTestStore,
  tenantId,
  tenantOf,
  type TestStore,
} from './open-test-store.ts';

const acme = connectionId('acme-1');
const conversation = conversationId('conv-1');

let test: TestStore;
/** What the repositories under test said to the database. */
let statements: CompiledQuery[];
let db: Database;

beforeAll(async () => {
  test = await openTestStore();
  db = new Kysely<Schema>({
    dialect: new PostgresDialect({ pool: new Pool({ connectionString: test.url, max: 1 }) }),
    log: ({ query }) => void statements.push(query),
  });
  await applyTenant(test.store, tenantOf('ten_acme', ['acme-1', 'acme-2']));
  await test.store.people.remember(acme, [
    { key: emailKey('zoe@example.com'), ref: { object: 'contacts', id: '1' }, createdByUs: true },
  ]);
  await fill();
});

afterAll(async () => {
  await db.destroy();
  await test.close();
});

/** The ledger has 50,000 rows: 45,000 at rest, 4,000 in the queue of one connection, 1,000 in that of the other. */
async function fill(): Promise<void> {
  await test.sql(
    `insert into ledger (connection_id, conversation_id, tenant_id, state, reason, asked_by, priority, due_at,
                         due_since, first_heard_at, updated_at)
     select case when n % 10 < 8 then 'acme-1' else 'acme-2' end, 'conv-' || n, 'ten_acme',
            case when n <= 5000 then 'due' when n % 25 = 0 then 'needs_review' else 'synced' end, 'written', 'conversation.completed',
            1 + n % 4, case when n <= 5000 then $1::timestamptz - n * interval '1 second' end, $1, $1,
            $1::timestamptz - n / 100 * interval '1 second'
     from generate_series(1, 50000) n`,
    [NOW],
  );
  await test.sql(
    `insert into tenants select 't' || n, 'e' || n, configuration, now(), now()
     from generate_series(1, 2000) n, (select configuration from tenants limit 1) c`,
  );
  await test.sql(
    `insert into inbox select 'ten_acme', 'e' || n, 'call.started', false, 'conv-' || n, now(), now(), now(), ''
     from generate_series(2, 20000) n`,
  );
  await test.sql(
    `insert into attempts (attempt_id, tenant_id, connection_id, conversation_id, started_at, finished_at, state,
                           reason, calls, trace)
     select gen_random_uuid(), 'ten_acme', 'acme-1', 'conv-' || n, now(), now(), 'synced', 'written', 1, ''
     from generate_series(2, 20000) n`,
  );
  await test.sql(
    `insert into people select 'acme-1', sha256(n::text::bytea), 'contacts', n, true, now()
     from generate_series(1, 20000) n`,
  );
  await test.sql(
    `insert into caller_choices (tenant_id, connection_id, conversation_id, person_key, action, chosen_by, chosen_at)
     select 'ten_acme', 'acme-1', 'conv-' || n, sha256(n::text::bytea), 'skip', 'dana', now()
     from generate_series(2, 20000) n`,
  );
  await test.sql('vacuum analyze');
}

/** The plans of all statements that `use` sends. */
async function plansOf(use: () => Promise<unknown>): Promise<string> {
  statements = [];
  await use();
  const plans: string[] = [];
  for (const { sql, parameters } of statements) {
    const lines = await test.sql<{ 'QUERY PLAN': string }>(`explain (costs off) ${sql}`, parameters);
    plans.push(...lines.map((line) => line['QUERY PLAN']));
  }
  expect(plans.length).toBeGreaterThan(0);
  return plans.join('\n');
}

describe('with 50,000 rows in the ledger', () => {
  const vault = () => createVault(db, { current: MASTER_KEY, previous: [] });
  const ledger = () => createLedgerRepository(db, vault(), () => NOW);

  it('a claim reads the queue in its order and never the whole ledger', async () => {
    const plan = await plansOf(() => ledger().claim({ connectionId: acme, fence: 1, limit: 100, now: at(60) }));
    // No sort between the index and the limit: the index has the claim order.
    expect(plan).toMatch(/Limit\s+->\s+LockRows\s+->\s+Index Scan using ledger_queue on ledger/);
    expect(plan).toContain('using ledger_in_progress on ledger');
    expect(plan).not.toContain('Seq Scan on ledger');
  });

  it('a large claim counts what is due in the index too', async () => {
    const large = { priority: 4, atLeast: 2_000, limit: 2_500 } as const;
    const plan = await plansOf(() => ledger().claim({ connectionId: acme, fence: 1, limit: 100, large, now: at(60) }));
    expect(plan).toMatch(/LockRows\s+->\s+Index Scan using ledger_queue on ledger/);
    expect(plan).not.toContain('Seq Scan on ledger');
  });

  it('the next due time is a step into the queue per priority', async () => {
    const plan = await plansOf(() => ledger().nextDue(acme));
    expect(plan).toContain('using ledger_queue on ledger');
    expect(plan).not.toContain('Seq Scan on ledger');
  });

  it('explain finds a conversation over all connections', async () => {
    expect(await plansOf(() => ledger().find(conversation))).toContain('ledger_by_conversation');
  });

  it('the newest changes are read from the end of an index, not sorted out of the whole ledger', async () => {
    const plan = await plansOf(() => ledger().recent(20));
    expect(plan).toContain('Index Scan Backward using ledger_by_change on ledger');
    expect(plan).not.toContain('Seq Scan on ledger');
  });

  it('a webhook finds its endpoint by one look at an index', async () => {
    const tenants = createTenantRepository(db, () => endpointId('unused'));
    const plan = await plansOf(() => tenants.endpoint(endpointId('e77')));
    expect(statements).toHaveLength(1);
    expect(plan).toContain('using tenants_endpoint_id_key');
  });

  it('the review inbox is read from the beginning of its index', async () => {
    const plan = await plansOf(() => ledger().inReview(acme, 20));
    expect(plan).toMatch(/Limit\s+->\s+Index Scan using ledger_in_review on ledger/);
    expect(plan).not.toContain('Seq Scan on ledger');
  });

  it('choices are found by conversation and by caller, the newest first', async () => {
    const choices = createCallerChoiceRepository(db, vault());
    const asked = { conversationId: conversation, caller: emailKey('zoe@example.com') };
    const plan = await plansOf(() => choices.inForce(tenantId('ten_acme'), acme, [asked]));
    expect(plan).toContain('Index Scan Backward using caller_choices_by_conversation');
    expect(plan).toContain('Index Scan Backward using caller_choices_by_caller');
    expect(plan).not.toContain('Seq Scan on caller_choices');
  });

  it('events, attempts and persons are found by their indexes', async () => {
    const inbox = createInboxRepository(db, vault(), () => undefined);
    expect(await plansOf(() => inbox.factsOf(tenantId('ten_acme'), [conversation]))).toContain('inbox_by_conversation');
    expect(await plansOf(() => inbox.lastReceivedAt(tenantId('ten_acme')))).toContain('inbox_by_arrival');
    const attempts = createAttemptRepository(db, vault());
    expect(await plansOf(() => attempts.list(acme, conversation, 10))).toContain('attempts_by_row');
    const people = createPeopleRepository(db, vault(), () => NOW);
    expect(await plansOf(() => people.find(acme, [emailKey('zoe@example.com')]))).toContain('people_pkey');
  });
});
