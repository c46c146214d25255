import { expect } from '@jest/globals';
import type { Connector } from '../../../connectors/connector.ts';
import { phoneKey } from '../../../src/domain/caller.ts';
import type { CrmFailure, Disposition, OwnerAnswer, RecordRef, RelatedAnswer } from '../../../src/domain/crm.ts';
import { byNumber, caller, type ConnectedAccount } from './connected-account.ts';

/** What became of one item. */
export type Outcome = 'ok' | Disposition;

/** An operation on three items that nobody else touches. */
interface Prepared {
  readonly run: (connector: Connector<'hubspot'>) => Promise<readonly Outcome[]>;
  /** Fails unless the account is as if the operation had succeeded at once, and once. */
  readonly verify: () => void;
}

export interface Operation {
  readonly name: string;
  /** The request that fails, as a part of its path or an expression for it. */
  readonly path: string;
  readonly endpoint: string;
  /** Whether a refusal for one input leaves the others done; reads are asked again as a whole. */
  readonly cutsBatches: boolean;
  /** Where the general rule does not hold, and why is said beside it. */
  readonly exceptions?: Readonly<Record<string, readonly Outcome[]>>;
  readonly prepare: (account: ConnectedAccount, first: number) => Prepared;
}

const THREE = [0, 1, 2];
const AT = { hs_timestamp: '2026-11-24T10:00:00Z' };
const OK = ['ok', 'ok', 'ok'] as const;

/** A scope that is missing for what deliveries can do without does not stop the connection. */
const FOR_AN_OPTIONAL_PART = { '403 scopes': ['fix_mapping', 'fix_mapping', 'fix_mapping'] } as const;

export const OPERATIONS: readonly Operation[] = [
  {
    name: 'looking people up',
    path: '/contacts/search',
    endpoint: 'search',
    cutsBatches: false,
    // A search carries no record that could be at fault: it was asked wrongly.
    exceptions: { '400 record': ['bug', 'bug', 'bug'] },
    prepare: ({ sandbox, context }, first) => {
      const ids = sandbox.seedRecords(
        'contacts',
        THREE.map((index) => ({ phone: caller(first + index) })),
      );
      let found: readonly string[] = [];
      return {
        run: async (connector) => {
          const queries = THREE.map((index) => byNumber(caller(first + index)));
          const searches = await connector.lookUpPeople(queries, [], context);
          found = searches.flatMap((each) => (each.kind === 'checked' ? each.candidates.map(({ ref }) => ref.id) : []));
          return searches.map((each) => (each.kind === 'checked' ? 'ok' : each.failure.disposition));
        },
        verify: () => expect(found).toEqual(ids),
      };
    },
  },
  {
    name: 'reading people',
    path: '/contacts/batch/read',
    endpoint: 'batch-read',
    cutsBatches: false,
    prepare: ({ sandbox, context }) => {
      const refs = seed(
        sandbox,
        'contacts',
        THREE.map((index) => ({ firstname: `P ${index}` })),
      );
      let names: readonly (string | undefined)[] = [];
      return {
        run: async (connector) => {
          const reads = await connector.readPeople(refs, ['firstname'], context);
          names = reads.map((each) => (each.kind === 'present' ? each.fields.firstname : undefined));
          // Somebody who is there and could not be read must never count as gone.
          if (reads.some(({ kind }) => kind === 'gone')) throw new Error('Nobody is gone.');
          return reads.map(outcomeOf);
        },
        verify: () => expect(names).toEqual(['P 0', 'P 1', 'P 2']),
      };
    },
  },
  {
    name: 'writing people',
    path: '/contacts/batch/create',
    endpoint: 'batch-create',
    cutsBatches: true,
    // Before anybody is refused for it, it is asked who is there already; here it is nobody.
    exceptions: { '409': OK },
    prepare: ({ sandbox, context }, first) => {
      const people = THREE.map((index) => ({
        key: phoneKey(caller(first + index)),
        ref: undefined,
        fields: { firstname: 'Caller', phone: caller(first + index) },
      }));
      return {
        run: async (connector) => (await connector.upsertPeople(people, context)).map(outcomeOf),
        verify: () => {
          for (const { key } of people)
            expect(sandbox.findByProperty('contacts', 'personadesk_person_key', key)).toHaveLength(1);
          for (const { fields } of people) {
            expect(sandbox.findByProperty('contacts', 'phone', fields.phone)).toHaveLength(1);
          }
        },
      };
    },
  },
  {
    name: 'writing activities',
    path: '/calls/batch/upsert',
    endpoint: 'batch-upsert',
    cutsBatches: true,
    prepare: ({ sandbox, context }, first) => {
      const calls = THREE.map((index) => ({
        key: `acme/conv_${first + index}`,
        kind: 'call' as const,
        fields: { ...AT, hs_call_title: `Call ${first + index}` },
        person: undefined,
      }));
      return {
        run: async (connector) => (await connector.upsertActivities(calls, context)).map(outcomeOf),
        verify: () => {
          for (const { fields } of calls) {
            expect(sandbox.findByProperty('calls', 'hs_call_title', fields.hs_call_title)).toHaveLength(1);
          }
        },
      };
    },
  },
  {
    name: 'writing tasks',
    path: '/tasks/batch/upsert',
    endpoint: 'batch-upsert',
    cutsBatches: true,
    prepare: ({ sandbox, context }, first) => {
      const tasks = THREE.map((index) => ({
        key: `acme/conv_${first + index}/handoff`,
        fields: { ...AT, hs_task_subject: `Call back ${first + index}` },
        person: undefined,
      }));
      return {
        run: async (connector) => (await connector.upsertTasks(tasks, context)).map(outcomeOf),
        verify: () => {
          for (const { fields } of tasks) {
            expect(sandbox.findByProperty('tasks', 'hs_task_subject', fields.hs_task_subject)).toHaveLength(1);
          }
        },
      };
    },
  },
  {
    name: 'linking',
    path: '/associate/default',
    endpoint: 'associate',
    cutsBatches: true,
    prepare: ({ sandbox, context }) => {
      const people = seed(
        sandbox,
        'contacts',
        THREE.map((index) => ({ firstname: `P ${index}` })),
      );
      const calls = seed(
        sandbox,
        'calls',
        THREE.map(() => AT),
      );
      const links = calls.flatMap((from, index) => people.slice(index, index + 1).map((to) => ({ from, to })));
      return {
        run: async (connector) => (await connector.link(links, context)).map(outcomeOf),
        verify: () => {
          const linked = new Map(sandbox.records('calls').map(({ id, associations }) => [id, associations]));
          for (const { from, to } of links) expect(linked.get(from.id)).toMatchObject([{ id: to.id }]);
        },
      };
    },
  },
  {
    name: 'completing tasks',
    path: '/tasks/batch/update',
    endpoint: 'batch-update',
    cutsBatches: true,
    prepare: ({ sandbox, context }) => {
      const refs = seed(
        sandbox,
        'tasks',
        THREE.map(() => ({ ...AT, hs_task_status: 'NOT_STARTED' })),
      );
      return {
        run: async (connector) => (await connector.completeTasks(refs, context)).map(outcomeOf),
        verify: () => {
          const ids = sandbox.findByProperty('tasks', 'hs_task_status', 'COMPLETED').map(({ id }) => id);
          expect(ids).toEqual(expect.arrayContaining(refs.map(({ id }) => id)));
        },
      };
    },
  },
  {
    name: 'removing records',
    path: '/notes/batch/archive',
    endpoint: 'batch-archive',
    cutsBatches: true,
    exceptions: {
      // Its answer (204) has no body that could stall.
      'stalled body': OK,
      // What is not there is as it should be.
      '404': OK,
      // Removing makes no unique value: a conflict is of the call.
      '409': ['resolve', 'resolve', 'resolve'],
    },
    prepare: ({ sandbox, context }) => {
      const refs = seed(
        sandbox,
        'notes',
        THREE.map(() => AT),
      );
      return {
        run: async (connector) => (await connector.remove(refs, context)).map(outcomeOf),
        verify: () => {
          const archived = new Map(sandbox.records('notes').map((note) => [note.id, note.archived]));
          for (const { id } of refs) expect(archived.get(id)).toBe(true);
        },
      };
    },
  },
  {
    name: 'finding related records: their links',
    path: '/associations/',
    endpoint: 'association-read',
    cutsBatches: false,
    exceptions: FOR_AN_OPTIONAL_PART,
    prepare: prepareRelated,
  },
  {
    name: 'finding related records: the records',
    path: '/objects/.+/deals/batch/read',
    endpoint: 'batch-read',
    cutsBatches: false,
    exceptions: FOR_AN_OPTIONAL_PART,
    prepare: prepareRelated,
  },
  {
    name: 'finding owners',
    path: '/crm/owners',
    endpoint: 'owners',
    cutsBatches: false,
    exceptions: FOR_AN_OPTIONAL_PART,
    prepare: ({ connect, context }) => {
      // What was listed is remembered: each try of the first connector asks, as nothing was listed yet.
      let found: readonly OwnerAnswer[] = [];
      return {
        run: async () => {
          found = await connect().findOwners(
            ['70001', '70002', '70003'].map((value) => ({ by: 'id', value })),
            context,
          );
          return found.map(outcomeOf);
        },
        verify: () => expect(found.map(({ kind }) => kind)).toEqual(['active', 'active', 'active']),
      };
    },
  },
];

/** Three people with an open deal each. */
function prepareRelated({ sandbox, context }: ConnectedAccount): Prepared {
  const people = seed(
    sandbox,
    'contacts',
    THREE.map((index) => ({ firstname: `P ${index}` })),
  );
  const deals = sandbox.seedRecords(
    'deals',
    THREE.map((index) => ({ dealname: `D ${index}` })),
  );
  people.forEach(({ id }, index) => {
    sandbox.linkAsPerson({ type: 'contacts', id }, { type: 'deals', id: deals[index] ?? '' });
  });
  let found: readonly RelatedAnswer[] = [];
  return {
    run: async (connector) => {
      found = await connector.findRelated(
        people.map((person) => ({ person, kinds: ['deal'] })),
        context,
      );
      return found.map(outcomeOfRelated);
    },
    verify: () => {
      expect(found).toMatchObject(
        deals.map((id) => ({ kind: 'checked', records: [{ ref: { object: 'deals', id } }] })),
      );
    },
  };
}

function outcomeOf(result: { readonly kind: string } | { readonly failure: CrmFailure }): Outcome {
  return 'failure' in result ? result.failure.disposition : 'ok';
}

function seed(
  sandbox: ConnectedAccount['sandbox'],
  object: 'contacts' | 'calls' | 'notes' | 'tasks',
  records: readonly Readonly<Record<string, string>>[],
): readonly RecordRef[] {
  return sandbox.seedRecords(object, records).map((id) => ({ object, id }));
}

/** A kind that the app may not read is told beside the others. */
function outcomeOfRelated(answer: RelatedAnswer): Outcome {
  const unread = answer.kind === 'checked' ? answer.unread?.[0] : undefined;
  return unread?.disposition ?? outcomeOf(answer);
}
