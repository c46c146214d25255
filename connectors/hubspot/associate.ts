import type { CrmFailure, LinkResult, LinkWrite } from '../../src/domain/crm.ts';
import { associateAnswerSchema, type ErrorRow } from './answers.ts';
import type { ApiSession } from './api.ts';
import { BATCH_SIZE } from './batch-read.ts';
import { noResult } from './batch-write.ts';
import { isolateBadInputs, type BatchAttempt } from './isolate.ts';
import { relatedObject } from './properties.ts';
import { slices } from '../transport/slices.ts';

/** Holds for every link the user makes: looking for the one at fault would find them all. */
const ABOUT_THE_USER = 'hubspot.MISSING_EDIT_ASSOCIATIONS';

/**
 * Puts activities and tasks on the timelines of people, companies, deals and tickets with the default association;
 * linking what is linked succeeds. One request per pair of objects.
 *
 * HubSpot takes 2,000 pairs at a time; 100 keep one bad pair's search for its neighbours short.
 */
export async function associate(session: ApiSession, links: readonly LinkWrite[]): Promise<readonly LinkResult[]> {
  const batches = groupByObjects(links).flatMap((group) => slices(group, BATCH_SIZE));
  const results = new Map<string, LinkResult>();
  await Promise.all(
    batches.map(async (batch) => {
      const linked = await associateBatch(session, batch);
      batch.forEach((link, index) => results.set(identityOf(link), linked[index] ?? refused(noResult())));
    }),
  );
  return links.map((link) => results.get(identityOf(link)) ?? refused(noResult()));
}

function associateBatch(session: ApiSession, batch: readonly LinkWrite[]): Promise<readonly LinkResult[]> {
  return isolateBadInputs<LinkWrite, LinkResult>(batch, {
    // A record that is gone is a 400 for the whole batch on 2026-09.
    statuses: [400, 404, 409],
    attempt: (links) => attempt(session, links),
    refuse: refused,
    isAbout: ({ code }) => code === ABOUT_THE_USER,
  });
}

async function attempt(session: ApiSession, links: readonly LinkWrite[]): Promise<BatchAttempt<LinkResult>> {
  const [first] = links;
  if (first === undefined) return { kind: 'answered', results: [] };
  const answer = await session.send({
    endpoint: 'associate',
    method: 'POST',
    family: 'associations',
    path: [first.from.object, first.to.object, 'batch', 'associate', 'default'],
    body: { inputs: links.map(({ from, to }) => ({ from: { id: from.id }, to: { id: to.id } })) },
    answer: associateAnswerSchema,
    optionalPart: relatedObject(first.to.object),
  });
  if (answer.kind === 'failed') return { kind: 'refused', failure: answer.failure };

  const { results, errors } = answer.body;
  // The default association is made in both directions, and either may be the one that is reported.
  const linked = new Set(results.flatMap(({ from, to }) => [pair(from.id, to.id), pair(to.id, from.id)]));
  return {
    kind: 'answered',
    results: links.map((link): LinkResult => {
      if (linked.has(pair(link.from.id, link.to.id))) return { kind: 'linked' };
      // A 200 may hold errors (specified); a row that names nobody is about whoever was not linked.
      const row = errors.find((each) => names(each, link)) ?? errors.find((each) => isNameless(each, links));
      return refused(row === undefined ? noResult() : session.classifyRow(row, 'associate'));
    }),
  };
}

function names(row: ErrorRow, link: LinkWrite): boolean {
  const texts = Object.values(row.context).flatMap((value): readonly unknown[] =>
    Array.isArray(value) ? value : [value],
  );
  return texts.some((text) => typeof text === 'string' && (holdsId(text, link.from.id) || holdsId(text, link.to.id)));
}

/** Rows name ids bare or in words such as `CONTACT=123 is not valid`. */
function holdsId(text: string, id: string): boolean {
  return text.split(/[^A-Za-z0-9]+/).includes(id);
}

function isNameless(row: ErrorRow, links: readonly LinkWrite[]): boolean {
  return !links.some((link) => names(row, link));
}

function groupByObjects(links: readonly LinkWrite[]): readonly (readonly LinkWrite[])[] {
  const distinct = new Map(links.map((link) => [identityOf(link), link]));
  return [...Map.groupBy(distinct.values(), ({ from, to }) => `${from.object}>${to.object}`).values()];
}

function identityOf({ from, to }: LinkWrite): string {
  return `${from.object}/${from.id}>${to.object}/${to.id}`;
}

function pair(from: string, to: string): string {
  return `${from}>${to}`;
}

function refused(failure: CrmFailure): LinkResult {
  return { kind: 'refused', failure };
}
