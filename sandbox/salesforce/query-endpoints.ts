import type { Answer, Call } from './endpoint.ts';
import type { Org, PendingRows } from './org.ts';
import { Refusal, requestProblem } from './refusal.ts';
import { parseSoql } from './soql-parse.ts';
import { runSelection } from './soql-run.ts';

/** `GET query?q=` */
export const query = (call: Call): Answer => answer(call, false);

/** `GET queryAll?q=`: deleted and archived records too. */
export const queryAll = (call: Call): Answer => answer(call, true);

function answer(call: Call, includeAll: boolean): Answer {
  const { org, version } = call;
  const { total, rows } = runSelection(org, version, parseSoql(soqlOf(call)), includeAll);
  return page(call, { total, rows }, 0);
}

/** `GET query/{locator}`: the next page. */
export function queryMore(call: Call): Answer {
  const [id = '', offset = ''] = call.path('locator').split('-');
  const pending = call.org.cursors.get(id);
  if (pending === undefined) {
    throw new Refusal(requestProblem('INVALID_QUERY_LOCATOR', 'invalid query locator'));
  }
  return page(call, pending, Number(offset), id);
}

function page({ org, version }: Call, pending: PendingRows, from: number, known?: string): Answer {
  const until = from + org.options.queryPageSize;
  const { total, rows } = pending;
  const records = rows.slice(from, until);
  if (until >= rows.length) return { status: 200, body: { totalSize: total, done: true, records } };
  const id = known ?? keep(org, pending);
  const nextRecordsUrl = `/services/data/v${version}.0/query/${id}-${until}`;
  return { status: 200, body: { totalSize: total, done: false, nextRecordsUrl, records } };
}

function keep(org: Org, pending: PendingRows): string {
  const id = `01g4S${String(org.cursors.size + 1).padStart(10, '0')}`;
  org.cursors.set(id, pending);
  return id;
}

function soqlOf({ query: parameters }: Call): string {
  const soql = parameters.get('q');
  if (soql === null || soql.trim() === '') {
    throw new Refusal(requestProblem('MALFORMED_QUERY', 'A query string has to be specified'));
  }
  return soql;
}
