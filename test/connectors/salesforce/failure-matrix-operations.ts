import { expect } from '@jest/globals';
import type { Connector } from '../../../connectors/connector.ts';
import type { CrmFailure, Disposition, RecordRef } from '../../../src/domain/crm.ts';
import { CONVERSATION_KEY, caller, PERSON_KEY, type ConnectedOrg } from './connected-org.ts';

/** What became of one item. */
export type Outcome = 'ok' | Disposition;

/** An operation on three items that nobody else touches. */
interface Prepared {
  readonly run: (connector: Connector<'salesforce'>) => Promise<readonly Outcome[]>;
  /** Fails unless the org is as if the operation had succeeded at once, and once. */
  readonly verify: () => void;
}

export interface Operation {
  readonly name: string;
  /** The request that fails, as a part of its path. */
  readonly path: string;
  readonly endpoint: string;
  /** The field by which a rule of the org refuses one row; absent where none of ours is asked about one. */
  readonly row?: { readonly object: 'Lead' | 'Task'; readonly field: string };
  /** Where the general rule does not hold, and why is said beside it. */
  readonly exceptions?: Readonly<Record<string, readonly Outcome[]>>;
  readonly prepare: (org: ConnectedOrg, first: number) => Prepared;
}

const THREE = [0, 1, 2];
const OK: readonly Outcome[] = ['ok', 'ok', 'ok'];

/** The value by which the third row is refused. */
export const MARKED = 'marked by a rule';
const nameOf = (index: number): string => (index === 2 ? MARKED : `row ${index}`);

export const OPERATIONS: readonly Operation[] = [
  {
    name: 'looking people up',
    path: '/composite',
    endpoint: 'composite-query',
    prepare: ({ sandbox, context }, first) => {
      const ids = sandbox.seedRecords(
        'Contact',
        THREE.map((index) => ({ LastName: 'L', Phone: numberOf(first + index) })),
      );
      let found: readonly string[] = [];
      return {
        run: async (connector) => {
          const queries = THREE.map((index) => caller(first + index));
          const searches = await connector.lookUpPeople(queries, [], context);
          found = searches.flatMap((each) => (each.kind === 'checked' ? each.candidates.map(({ ref }) => ref.id) : []));
          return searches.map(outcomeOf);
        },
        verify: () => expect(found).toEqual(ids),
      };
    },
  },
  {
    name: 'reading people',
    path: '/composite',
    endpoint: 'composite-query',
    prepare: ({ sandbox, context }) => {
      const refs = seed(
        sandbox,
        'Contact',
        THREE.map((index) => ({ LastName: nameOf(index) })),
      );
      let names: readonly (string | undefined)[] = [];
      return {
        run: async (connector) => {
          const reads = await connector.readPeople(refs, ['LastName'], context);
          names = reads.map((each) => (each.kind === 'present' ? each.fields.LastName : undefined));
          // Somebody who is there and could not be read must never count as gone.
          if (reads.some(({ kind }) => kind === 'gone')) throw new Error('Nobody is gone.');
          return reads.map(outcomeOf);
        },
        verify: () => expect(names).toEqual(THREE.map(nameOf)),
      };
    },
  },
  {
    name: 'reading what we wrote',
    path: '/composite',
    endpoint: 'composite-query',
    prepare: ({ sandbox, context }) => {
      const refs = seed(
        sandbox,
        'Task',
        THREE.map((index) => ({ Subject: nameOf(index) })),
      );
      let subjects: readonly (string | undefined)[] = [];
      return {
        run: async (connector) => {
          const reads = await connector.readRecords(refs, ['Subject'], context);
          subjects = reads.map((each) => (each.kind === 'present' ? each.fields.Subject : undefined));
          // A record that is there and could not be read must never count as gone: it would be made again.
          if (reads.some(({ kind }) => kind === 'gone')) throw new Error('Nothing is gone.');
          return reads.map(outcomeOf);
        },
        verify: () => expect(subjects).toEqual(THREE.map(nameOf)),
      };
    },
  },
  {
    name: 'finding what belongs to people',
    path: '/composite',
    endpoint: 'composite-query',
    prepare: ({ sandbox, context }) => {
      const people = seed(
        sandbox,
        'Contact',
        THREE.map(() => ({ LastName: 'L' })),
      );
      const cases = sandbox.seedRecords(
        'Case',
        people.map(({ id }) => ({ ContactId: id })),
      );
      let found: readonly string[] = [];
      return {
        run: async (connector) => {
          const queries = people.map((person) => ({ person, kinds: ['case', 'opportunity'] as const }));
          const answers = await connector.findRelated(queries, context);
          found = answers.flatMap((each) => (each.kind === 'checked' ? each.records.map(({ ref }) => ref.id) : []));
          return answers.map(outcomeOf);
        },
        verify: () => expect(found).toEqual(cases),
      };
    },
  },
  {
    name: 'finding owners',
    path: '/composite',
    endpoint: 'composite-query',
    // A right that is missing is a matter of owners only; a session that has ended is not.
    exceptions: { '403 API closed': ['fix_mapping', 'fix_mapping', 'fix_mapping'] },
    prepare: ({ context }, first) => {
      let tries = 0;
      let kinds: readonly string[] = [];
      return {
        run: async (connector) => {
          // Lasting failures are remembered; other people are asked for, so that the second try is one.
          tries += 1;
          const queries = THREE.map(
            (index) => ({ by: 'email', value: `nobody.${first + index}.${tries}@example.com` }) as const,
          );
          const answers = await connector.findOwners(queries, context);
          kinds = answers.map(({ kind }) => kind);
          return answers.map(outcomeOf);
        },
        verify: () => expect(kinds).toEqual(['unknown', 'unknown', 'unknown']),
      };
    },
  },
  {
    name: 'writing people',
    path: '/composite/sobjects/Lead',
    endpoint: 'collection-upsert',
    row: { object: 'Lead', field: 'LastName' },
    prepare: ({ sandbox, context }, first) => {
      const people = THREE.map((index) => ({
        key: caller(first + index).key,
        ref: undefined,
        fields: { LastName: nameOf(index), Company: 'A' },
      }));
      return {
        run: async (connector) => (await connector.upsertPeople(people, context)).map(outcomeOf),
        verify: () => {
          for (const { key } of people) expect(sandbox.findByField('Lead', PERSON_KEY, key)).toHaveLength(1);
        },
      };
    },
  },
  {
    name: 'writing activities',
    path: '/composite/sobjects/Task',
    endpoint: 'collection-upsert',
    row: { object: 'Task', field: 'Subject' },
    prepare: ({ sandbox, context }, first) => {
      const calls = THREE.map((index) => ({
        key: `ten_a:conv_${first + index}`,
        kind: 'call' as const,
        fields: { Subject: nameOf(index) },
        person: undefined,
      }));
      return {
        run: async (connector) => (await connector.upsertActivities(calls, context)).map(outcomeOf),
        verify: () => {
          for (const { key } of calls) expect(sandbox.findByField('Task', CONVERSATION_KEY, key)).toHaveLength(1);
        },
      };
    },
  },
  {
    name: 'writing tasks',
    path: '/composite/sobjects/Task',
    endpoint: 'collection-upsert',
    row: { object: 'Task', field: 'Subject' },
    prepare: ({ sandbox, context }, first) => {
      const tasks = THREE.map((index) => ({
        key: `ten_a:conv_${first + index}:handoff`,
        fields: { Subject: nameOf(index) },
        person: undefined,
      }));
      return {
        run: async (connector) => (await connector.upsertTasks(tasks, context)).map(outcomeOf),
        verify: () => {
          for (const { key } of tasks) expect(sandbox.findByField('Task', CONVERSATION_KEY, key)).toHaveLength(1);
        },
      };
    },
  },
  {
    name: 'linking',
    path: '/composite/sobjects',
    endpoint: 'collection-update',
    row: { object: 'Task', field: 'Subject' },
    prepare: ({ sandbox, context }) => {
      const people = seed(
        sandbox,
        'Contact',
        THREE.map(() => ({ LastName: 'L' })),
      );
      const tasks = seed(
        sandbox,
        'Task',
        THREE.map((index) => ({ Subject: nameOf(index) })),
      );
      const links = tasks.flatMap((from, index) => people.slice(index, index + 1).map((to) => ({ from, to })));
      return {
        run: async (connector) => (await connector.link(links, context)).map(outcomeOf),
        verify: () => {
          for (const { from, to } of links) {
            expect(sandbox.findByField('Task', 'Id', from.id)).toMatchObject([{ fields: { WhoId: to.id } }]);
          }
        },
      };
    },
  },
  {
    name: 'completing tasks',
    path: '/composite/sobjects',
    endpoint: 'collection-update',
    row: { object: 'Task', field: 'Subject' },
    prepare: ({ sandbox, context }) => {
      const refs = seed(
        sandbox,
        'Task',
        THREE.map((index) => ({ Subject: nameOf(index) })),
      );
      return {
        run: async (connector) => (await connector.completeTasks(refs, context)).map(outcomeOf),
        verify: () => {
          for (const { id } of refs) {
            expect(sandbox.findByField('Task', 'Id', id)).toMatchObject([{ fields: { IsClosed: true } }]);
          }
        },
      };
    },
  },
  {
    name: 'removing records',
    path: '/composite/sobjects',
    endpoint: 'collection-delete',
    prepare: ({ sandbox, context }) => {
      const refs = seed(
        sandbox,
        'Task',
        THREE.map(() => ({ Subject: 'S' })),
      );
      return {
        run: async (connector) => (await connector.remove(refs, context)).map(outcomeOf),
        verify: () => {
          for (const { id } of refs) expect(sandbox.findByField('Task', 'Id', id)).toEqual([]);
        },
      };
    },
  },
];

/** What all three items end as, unless the operation is an exception. */
export function expectedOf({ exceptions }: Operation, name: string, disposition: Disposition): readonly Outcome[] {
  return exceptions?.[name] ?? OK.map(() => disposition);
}

function outcomeOf(result: { readonly kind: string } | { readonly failure: CrmFailure }): Outcome {
  return 'failure' in result ? result.failure.disposition : 'ok';
}

function numberOf(index: number): string {
  return caller(index).phone?.e164 ?? '';
}

function seed(
  sandbox: ConnectedOrg['sandbox'],
  object: 'Contact' | 'Task',
  records: readonly Readonly<Record<string, string>>[],
): readonly RecordRef[] {
  return sandbox.seedRecords(object, records).map((id) => ({ object, id }));
}
