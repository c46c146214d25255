import type { z } from 'zod';
import type { CrmFailure } from '../../src/domain/crm.ts';
import type { CallContext } from '../connector.ts';
import type { HttpAnswer, HttpTransport } from '../transport/http-transport.ts';
import type { PinnedBase } from '../transport/origin.ts';
import { classify, classifyNoAnswer, failure } from './classify.ts';
import { failureCode } from './codes.ts';
import type { LimitInfo } from './limit-info.ts';
import { parseJson } from '../transport/parse-json.ts';
import { readVendorError } from './vendor-error.ts';

/** Summer '26. The one place that names a version. */
const API_VERSION = 'v67.0';

/** Where all REST resources live; the address of a part of a composite request starts with it too. */
export const API_ROOT = `/services/data/${API_VERSION}`;

/** Endpoint classes, as traces and metrics show them. */
type Endpoint =
  | 'describe'
  | 'query'
  | 'query-more'
  | 'composite-query'
  | 'search'
  | 'collection-create'
  | 'collection-update'
  | 'collection-upsert'
  | 'collection-delete'
  | 'bulk-job'
  | 'bulk-upload'
  | 'bulk-poll'
  | 'bulk-results';

interface ApiRequest<T> {
  readonly endpoint: Endpoint;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** The path below {@link API_ROOT}, encoded, with its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Sent as it is in place of a body. */
  readonly csv?: string;
  /** The answer is CSV, and judged as a text. JSON unless given. */
  readonly answersCsv?: true;
  /** What an answer must look like. */
  readonly answer: z.ZodType<T>;
  /** Asks for what an org may be without: a refusal as of {@link isAboutResource} leaves the session open. */
  readonly mayBeMissing?: true;
}

export type ApiResult<T> =
  { readonly kind: 'ok'; readonly body: T } | { readonly kind: 'failed'; readonly failure: CrmFailure };

/** The requests of one call into the connector. */
export interface ApiSession {
  send<T>(request: ApiRequest<T>): Promise<ApiResult<T>>;
  /** Judges a part of an answer that as a whole succeeded: a row, or one answer of a composite. */
  judge(status: number | undefined, body: unknown): CrmFailure;
}

export interface ApiOptions {
  readonly base: PinnedBase;
  readonly accessToken: () => Promise<string>;
  readonly transport: HttpTransport;
  readonly limits: LimitInfo;
}

/**
 * A session stops asking once Salesforce has said to leave it alone (`throttle`) or that the credentials are no good
 * (`reconnect`): what has not left by then gets the same failure without a request.
 */
export function openSession(options: ApiOptions, context: CallContext): ApiSession {
  let closedBy: CrmFailure | undefined;

  function note(failed: CrmFailure): CrmFailure {
    if (failed.disposition === 'throttle' || failed.disposition === 'reconnect') closedBy = failed;
    return failed;
  }

  return {
    send: async (request) => {
      if (closedBy !== undefined) return { kind: 'failed', failure: closedBy };
      const result = await sendOne(options, context, request);
      if (result.kind === 'ok') return result;
      if (request.mayBeMissing !== true || !isAboutResource(result.failure)) note(result.failure);
      return result;
    },
    judge: (status, body) => note(classify(readVendorError(status, body), options.limits.dailyLimitReached())),
  };
}

/**
 * Whether a refusal is about what was asked for and nothing else: the session is good, and no limit of the whole org is
 * reached.
 */
export function isAboutResource({ status = 0, code }: CrmFailure): boolean {
  const isRefusal = status >= 400 && status < 500;
  return isRefusal && ![401, 408, 429].includes(status) && code !== failureCode('REQUEST_LIMIT_EXCEEDED');
}

async function sendOne<T>(options: ApiOptions, context: CallContext, request: ApiRequest<T>): Promise<ApiResult<T>> {
  const token = await options.accessToken();
  const refusal = await context.gate?.leave(request.endpoint, context);
  if (refusal !== undefined) return { kind: 'failed', failure: refusal };
  const startedAt = performance.now();
  const answer = await options.transport.send({
    origin: options.base.origin,
    method: request.method,
    path: `${options.base.prefix}${API_ROOT}${request.path}`,
    headers: headersOf(token, request),
    ...bodyOf(request),
    signal: context.signal,
    endpoint: request.endpoint,
  });
  context.onRequest?.({
    endpoint: request.endpoint,
    status: answer.kind === 'answer' ? answer.status : undefined,
    durationMs: performance.now() - startedAt,
  });
  return readAnswer(answer, request, options.limits);
}

function headersOf(token: string, request: ApiRequest<unknown>): Record<string, string> {
  const { headers, body, csv, answersCsv } = request;
  const accept = answersCsv === true ? 'text/csv' : 'application/json';
  const always = { authorization: `Bearer ${token}`, accept, ...headers };
  if (csv !== undefined) return { ...always, 'content-type': 'text/csv; charset=UTF-8' };
  return body === undefined ? always : { ...always, 'content-type': 'application/json' };
}

function bodyOf({ body, csv }: ApiRequest<unknown>): { readonly body?: string } {
  if (csv !== undefined) return { body: csv };
  return body === undefined ? {} : { body: JSON.stringify(body) };
}

function readAnswer<T>(answer: HttpAnswer, request: ApiRequest<T>, limits: LimitInfo): ApiResult<T> {
  if (answer.kind === 'no_answer') return { kind: 'failed', failure: classifyNoAnswer(answer.code) };
  limits.note(answer.headers);
  if (answer.status < 200 || answer.status > 299) {
    const error = readVendorError(answer.status, parseJson(answer.body));
    return { kind: 'failed', failure: classify(error, limits.dailyLimitReached()) };
  }
  const parsed = request.answer.safeParse(request.answersCsv === true ? answer.body : parseJson(answer.body));
  return parsed.success ? { kind: 'ok', body: parsed.data } : { kind: 'failed', failure: unreadable(answer.status) };
}

/** A success that is not what the API promises, such as a login page. What was written is found by the next try. */
function unreadable(status: number): CrmFailure {
  return failure('retry', failureCode('UNREADABLE_ANSWER'), { status });
}
