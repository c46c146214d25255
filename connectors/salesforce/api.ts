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
  | 'collection-create'
  | 'collection-update'
  | 'collection-upsert'
  | 'collection-delete';

interface ApiRequest<T> {
  readonly endpoint: Endpoint;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** The path below {@link API_ROOT}, encoded, with its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** What an answer must look like. */
  readonly answer: z.ZodType<T>;
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
      if (result.kind === 'failed') note(result.failure);
      return result;
    },
    judge: (status, body) => note(classify(readVendorError(status, body), options.limits.dailyLimitReached())),
  };
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
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
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

function headersOf(token: string, { headers, body }: ApiRequest<unknown>): Record<string, string> {
  const always = { authorization: `Bearer ${token}`, accept: 'application/json', ...headers };
  return body === undefined ? always : { ...always, 'content-type': 'application/json' };
}

function readAnswer<T>(answer: HttpAnswer, request: ApiRequest<T>, limits: LimitInfo): ApiResult<T> {
  if (answer.kind === 'no_answer') return { kind: 'failed', failure: classifyNoAnswer(answer.code) };
  limits.note(answer.headers);
  const body = parseJson(answer.body);
  if (answer.status < 200 || answer.status > 299) {
    const error = readVendorError(answer.status, body);
    return { kind: 'failed', failure: classify(error, limits.dailyLimitReached()) };
  }
  const parsed = request.answer.safeParse(body);
  return parsed.success ? { kind: 'ok', body: parsed.data } : { kind: 'failed', failure: unreadable(answer.status) };
}

/** A success that is not what the API promises, such as a login page. What was written is found by the next try. */
function unreadable(status: number): CrmFailure {
  return failure('retry', failureCode('UNREADABLE_ANSWER'), { status });
}
