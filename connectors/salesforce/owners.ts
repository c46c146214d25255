import { normaliseEmail } from '../../src/domain/caller.ts';
import type { CrmFailure, OwnerAnswer, OwnerQuery } from '../../src/domain/crm.ts';
import { textOf, type Row } from './answers.ts';
import type { ApiSession } from './api.ts';
import { isRecordId, shortId } from './record-ids.ts';
import { runQueries, type Query, type QueryResult } from './run-queries.ts';
import { slices } from '../transport/slices.ts';
import { allOf, anyOf, isIn, select } from './soql.ts';

type SalesforceOwnerQuery = OwnerQuery<'salesforce'>;

/** How long an answer is believed: who was just invited, or left, is noticed after this at the latest. */
const BELIEVED_MS = 10 * 60_000;
/** How long a failure is the answer: whoever may not read users will not be let in by the next conversation. */
const FAILURE_BELIEVED_MS = 3 * 60_000;
/** Answers to keep; an org asks for the same few owners. */
const MOST_REMEMBERED = 5_000;

const VALUES_PER_CALL = 200;

/** The org's users and queues, as far as they were asked for. */
export interface OwnerDirectory {
  /** One call for up to 200 owners; none for those that were asked for in the last ten minutes. */
  find(session: ApiSession, queries: readonly SalesforceOwnerQuery[]): Promise<readonly OwnerAnswer[]>;
}

/** @param now milliseconds since the epoch */
export function createOwnerDirectory(now: () => number): OwnerDirectory {
  const known = new Map<string, { readonly answer: OwnerAnswer; readonly until: number }>();

  function remember(name: string, answer: OwnerAnswer): void {
    const believedMs = answer.kind === 'could_not_check' ? FAILURE_BELIEVED_MS : BELIEVED_MS;
    known.delete(name);
    known.set(name, { answer, until: now() + believedMs });
    const [oldest] = known.keys();
    if (known.size > MOST_REMEMBERED && oldest !== undefined) known.delete(oldest);
  }

  return {
    find: async (session, queries) => {
      const fresh = new Map<string, OwnerAnswer>();
      const missing = new Map<string, SalesforceOwnerQuery>();
      for (const query of queries) {
        const remembered = known.get(nameOf(query));
        if (remembered !== undefined && now() < remembered.until) fresh.set(nameOf(query), remembered.answer);
        else missing.set(nameOf(query), query);
      }
      for (const part of slices([...missing], VALUES_PER_CALL)) {
        const answers = await ask(
          session,
          part.map(([, query]) => query),
        );
        part.forEach(([name], index) => {
          const answer = answers[index] ?? UNKNOWN;
          fresh.set(name, answer);
          if (isWorthRemembering(answer)) remember(name, answer);
        });
      }
      return queries.map((query) => fresh.get(nameOf(query)) ?? UNKNOWN);
    },
  };
}

const UNKNOWN: OwnerAnswer = { kind: 'unknown' };

/** A failure that passes by itself is over when it is over. */
function isWorthRemembering(answer: OwnerAnswer): boolean {
  return answer.kind !== 'could_not_check' || answer.failure.disposition === 'fix_mapping';
}

function nameOf({ by, value }: SalesforceOwnerQuery): string {
  return `${by} ${valueOf({ by, value })}`;
}

/** The value in the form in which two of them are equal. */
function valueOf({ by, value }: SalesforceOwnerQuery): string {
  // By its short form: the last three characters of a long one are a checksum, and one typing error would fail them all.
  return by === 'id' ? shortId(value.trim()) : value.trim().toLowerCase();
}

type Part = 'users' | 'queues' | 'mayOwnTasks';

async function ask(session: ApiSession, queries: readonly SalesforceOwnerQuery[]): Promise<readonly OwnerAnswer[]> {
  const values = (by: SalesforceOwnerQuery['by']) => queries.filter((query) => query.by === by).map(valueOf);
  const ids = values('id').filter(isRecordId);
  const emails = values('email').filter((email) => normaliseEmail(email) !== undefined);
  const names = values('queue').filter((name) => name !== '');
  const users = anyOf([isIn('Email', emails), isIn('Username', emails), isIn('Id', ids.filter(isUserId))]);
  const queues = anyOf([isIn('Name', names), isIn('DeveloperName', names), isIn('Id', ids.filter(isQueueId))]);
  const statements: readonly (readonly [Part, Query])[] = [
    ...(users === undefined
      ? []
      : [
          [
            'users',
            { soql: select({ fields: ['Id', 'Email', 'Username', 'IsActive'], from: 'User', where: users }) },
          ] as const,
        ]),
    ...(queues === undefined ? [] : queueStatements(queues)),
  ];
  const results = await runQueries(
    session,
    statements.map(([, query]) => query),
  );
  const found = new Map(statements.map(([part], index) => [part, results[index]]));
  return queries.map((query) => answerTo(query, found));
}

/** A queue is a group, and `QueueSobject` says whose records it may own (Salesforce's object reference). */
function queueStatements(where: string): readonly (readonly [Part, Query])[] {
  const groups = select({
    fields: ['Id', 'Name', 'DeveloperName'],
    from: 'Group',
    where: allOf(["Type = 'Queue'", where]) ?? where,
  });
  const tasks = select({ fields: ['Id', 'QueueId'], from: 'QueueSobject', where: "SobjectType = 'Task'" });
  return [
    ['queues', { soql: groups }],
    ['mayOwnTasks', { soql: tasks }],
  ];
}

type Found = ReadonlyMap<Part, QueryResult | undefined>;

function answerTo(query: SalesforceOwnerQuery, found: Found): OwnerAnswer {
  const wanted = valueOf(query);
  const isQueue = query.by === 'queue' || (query.by === 'id' && isQueueId(wanted));
  const parts: readonly Part[] = isQueue ? ['queues', 'mayOwnTasks'] : ['users'];
  for (const part of parts) {
    const result = found.get(part);
    if (result?.kind === 'failed') return { kind: 'could_not_check', failure: asOwnMatter(result.failure) };
  }
  return isQueue ? chooseQueue(query, wanted, found) : chooseUser(query, wanted, rowsOf(found, 'users'));
}

/** Several users may share an address, never a username: the active come first, then who signs in by it. */
function chooseUser({ by }: SalesforceOwnerQuery, wanted: string, users: readonly Row[]): OwnerAnswer {
  const address = normaliseEmail(wanted);
  const fits = (user: Row) =>
    by === 'id'
      ? isRecordId(wanted) && shortId(user.Id) === wanted
      : address !== undefined && ['Email', 'Username'].some((field) => normaliseEmail(textOf(user, field)) === address);
  const signsInBy = (user: Row) => Number(normaliseEmail(textOf(user, 'Username')) === address);
  const [best] = users
    .filter(fits)
    .toSorted(
      (a, b) =>
        Number(b.IsActive === true) - Number(a.IsActive === true) ||
        signsInBy(b) - signsInBy(a) ||
        a.Id.localeCompare(b.Id),
    );
  if (best === undefined) return UNKNOWN;
  return { kind: best.IsActive === true ? 'active' : 'inactive', ownerId: best.Id };
}

/** The developer name comes first: two queues may bear one name. A queue that may not own tasks would be refused. */
function chooseQueue({ by }: SalesforceOwnerQuery, wanted: string, found: Found): OwnerAnswer {
  const queues = rowsOf(found, 'queues');
  const named = (field: string) => queues.find((queue) => textOf(queue, field)?.toLowerCase() === wanted);
  const queue =
    by === 'id' ? queues.find(({ Id }) => shortId(Id) === wanted) : (named('DeveloperName') ?? named('Name'));
  if (queue === undefined) return UNKNOWN;
  const mayOwn = rowsOf(found, 'mayOwnTasks').some((row) => textOf(row, 'QueueId') === queue.Id);
  return { kind: mayOwn ? 'active' : 'inactive', ownerId: queue.Id };
}

function rowsOf(found: Found, part: Part): readonly Row[] {
  const result = found.get(part);
  return result?.kind === 'rows' ? result.rows : [];
}

/** A right to look at users that is missing concerns owners only: everything else can be delivered without it. */
function asOwnMatter(failure: CrmFailure): CrmFailure {
  const isPermission = failure.disposition === 'reconnect' && failure.status === 403;
  return isPermission ? { ...failure, disposition: 'fix_mapping' } : failure;
}

function isUserId(id: string): boolean {
  return id.startsWith('005');
}

function isQueueId(id: string): boolean {
  return id.startsWith('00G');
}
