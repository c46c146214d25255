import type { CrmFailure } from '../../src/domain/crm.ts';
import { compositeAnswerSchema, queryAnswerSchema, type Row } from './answers.ts';
import { API_ROOT, type ApiResult, type ApiSession } from './api.ts';
import { failure } from './classify.ts';
import { failureCode } from './codes.ts';
import { slices } from '../transport/slices.ts';

export interface Query {
  readonly soql: string;
  /** Also what was deleted, merged away or archived: activities are, a year after they were done. */
  readonly all?: boolean;
}

export type QueryResult =
  { readonly kind: 'rows'; readonly rows: readonly Row[] } | { readonly kind: 'failed'; readonly failure: CrmFailure };

/** A composite request takes 25 parts, of which five may be queries, and counts as one call (Salesforce's REST guide). */
const QUERIES_PER_REQUEST = 5;

/** Pages of 2,000 rows. Whoever matches more than this is no answer to the question who called. */
const MOST_PAGES = 10;

/**
 * Runs queries, five to a call. Their text travels in a body, where the 16,384 bytes that Salesforce allows an address
 * and its headers do not bind.
 *
 * @returns one result per query, in order
 */
export async function runQueries(session: ApiSession, queries: readonly Query[]): Promise<readonly QueryResult[]> {
  const results: QueryResult[] = [];
  for (const part of slices(queries, QUERIES_PER_REQUEST)) results.push(...(await runTogether(session, part)));
  return results;
}

async function runTogether(session: ApiSession, queries: readonly Query[]): Promise<readonly QueryResult[]> {
  const answer = await session.send({
    endpoint: 'composite-query',
    method: 'POST',
    path: '/composite',
    body: {
      allOrNone: false,
      compositeRequest: queries.map((query, index) => ({
        method: 'GET',
        url: `${API_ROOT}${pathOf(query)}`,
        referenceId: `q${index}`,
      })),
    },
    answer: compositeAnswerSchema,
  });
  if (answer.kind === 'failed') return queries.map(() => answer);
  const parts = new Map(answer.body.compositeResponse.map((part) => [part.referenceId, part]));
  const results: QueryResult[] = [];
  for (const index of queries.keys()) {
    const part = parts.get(`q${index}`);
    results.push(part === undefined ? failed(noAnswerToPart()) : await readPart(session, part));
  }
  return results;
}

/** One query by itself, for short texts. */
export async function runQuery(session: ApiSession, query: Query): Promise<QueryResult> {
  const answer = await session.send({
    endpoint: 'query',
    method: 'GET',
    path: pathOf(query),
    answer: queryAnswerSchema,
  });
  return answer.kind === 'failed' ? answer : readAllPages(session, answer);
}

function pathOf({ soql, all }: Query): string {
  return `/${all === true ? 'queryAll' : 'query'}?q=${encodeURIComponent(soql)}`;
}

function readPart(
  session: ApiSession,
  part: { readonly body: unknown; readonly httpStatusCode: number },
): Promise<QueryResult> | QueryResult {
  if (part.httpStatusCode !== 200) return failed(session.judge(part.httpStatusCode, part.body));
  const parsed = queryAnswerSchema.safeParse(part.body);
  return parsed.success ? readAllPages(session, { kind: 'ok', body: parsed.data }) : failed(noAnswerToPart());
}

type Page = ApiResult<(typeof queryAnswerSchema)['_output']>;

async function readAllPages(session: ApiSession, first: Page): Promise<QueryResult> {
  const rows: Row[] = [];
  let page = first;
  for (let count = 1; count <= MOST_PAGES; count += 1) {
    if (page.kind === 'failed') return page;
    rows.push(...page.body.records);
    if (page.body.done) return { kind: 'rows', rows };
    const next = page.body.nextRecordsUrl;
    // The rest is named by a path; anything that is not below the API's own root is not followed.
    if (next?.startsWith(`${API_ROOT}/query`) !== true) return failed(noAnswerToPart());
    page = await session.send({
      endpoint: 'query-more',
      method: 'GET',
      path: next.slice(API_ROOT.length),
      answer: queryAnswerSchema,
    });
  }
  return failed(failure('resolve', failureCode('TOO_MANY_MATCHES')));
}

function failed(reason: CrmFailure): QueryResult {
  return { kind: 'failed', failure: reason };
}

function noAnswerToPart(): CrmFailure {
  return failure('retry', failureCode('UNREADABLE_ANSWER'));
}
