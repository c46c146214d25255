import type { z } from 'zod';
import type { CrmFailure } from '../../src/domain/crm.ts';
import type { CallContext } from '../connector.ts';
import type { HttpAnswer, HttpTransport } from '../transport/http-transport.ts';
import type { PinnedBase } from '../transport/origin.ts';
import { classify, classifyNoAnswer, type OptionalPart } from './classify.ts';
import { parseJson } from '../transport/parse-json.ts';
import { readVendorError } from './vendor-error.ts';

/** HubSpot's dated API versions; each is supported for 18 months. */
export type ApiVersion = '2026-03' | '2026-09';

/**
 * The version used unless a connection asks for another. 2026-09 adds the refusal of writes that break an admin's own
 * rules (required and conditionally required properties), so moving a connection to it is a decision.
 */
export const DEFAULT_API_VERSION: ApiVersion = '2026-03';

/** Endpoint classes, as traces and metrics show them. */
type Endpoint =
  | 'search'
  | 'read'
  | 'batch-read'
  | 'batch-upsert'
  | 'batch-update'
  | 'batch-create'
  | 'batch-archive'
  | 'associate'
  | 'association-read'
  | 'properties'
  | 'owners';

export interface ApiRequest<T> {
  readonly endpoint: Endpoint;
  readonly method: 'GET' | 'POST';
  /** The API family, before the version: `/crm/objects/{version}/...`. */
  readonly family: 'objects' | 'associations' | 'properties' | 'owners';
  /** The rest of the path, unencoded. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** What an answer must look like. */
  readonly answer: z.ZodType<T>;
  /** Set where deliveries go on without what is asked for, if the app may not have it. */
  readonly optionalPart?: OptionalPart | undefined;
}

export type ApiResult<T> =
  | { readonly kind: 'ok'; readonly status: number; readonly body: T }
  | { readonly kind: 'failed'; readonly failure: CrmFailure };

/** The requests of one call into the connector. */
export interface ApiSession {
  send<T>(request: ApiRequest<T>): Promise<ApiResult<T>>;
  /** Judges a row inside an answer that as a whole succeeded. */
  classifyRow(row: unknown, endpoint: Endpoint): CrmFailure;
}

export interface ApiOptions {
  readonly base: PinnedBase;
  readonly version: ApiVersion;
  readonly accessToken: () => Promise<string>;
  readonly transport: HttpTransport;
  /** Waits for a free place; the connector's bound on requests at a time. */
  readonly bounded: <T>(task: () => Promise<T>) => Promise<T>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Told of the headers of every answer: the limits stand there. */
  readonly onHeaders?: (headers: Readonly<Record<string, string>>) => void;
}

/**
 * A session stops asking once HubSpot has said to leave it alone (`throttle`) or that the credentials are no good
 * (`reconnect`): what has not left by then gets the same failure without a request.
 */
export function openSession(options: ApiOptions, context: CallContext): ApiSession {
  let closedBy: CrmFailure | undefined;

  async function send<T>(request: ApiRequest<T>): Promise<ApiResult<T>> {
    return options.bounded(async () => {
      if (closedBy !== undefined) return { kind: 'failed', failure: closedBy };
      const result = await sendOne(options, context, request);
      if (result.kind === 'failed' && endsSession(result.failure)) closedBy = result.failure;
      return result;
    });
  }

  function classifyRow(row: unknown, endpoint: Endpoint): CrmFailure {
    return classify(readVendorError(rowStatus(row), row), { endpoint, headers: {}, nowMs: options.now() });
  }

  return { send, classifyRow };
}

function endsSession(failure: CrmFailure): boolean {
  return failure.disposition === 'throttle' || failure.disposition === 'reconnect';
}

async function sendOne<T>(options: ApiOptions, context: CallContext, request: ApiRequest<T>): Promise<ApiResult<T>> {
  const token = await options.accessToken();
  const refusal = await context.gate?.leave(request.endpoint, context);
  if (refusal !== undefined) return { kind: 'failed', failure: refusal };
  const startedAt = performance.now();
  const answer = await options.transport.send({
    origin: options.base.origin,
    method: request.method,
    path: pathOf(options, request),
    headers: headersOf(token, request.body),
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    signal: context.signal,
    endpoint: request.endpoint,
  });
  context.onRequest?.({
    endpoint: request.endpoint,
    status: answer.kind === 'answer' ? answer.status : undefined,
    durationMs: performance.now() - startedAt,
  });
  if (answer.kind === 'answer') options.onHeaders?.(answer.headers);
  return readAnswer(answer, request, options.now());
}

function pathOf(options: ApiOptions, { family, path, query }: ApiRequest<unknown>): string {
  const parts = [family, options.version, ...path].map(encodeURIComponent).join('/');
  const search = query === undefined ? '' : `?${new URLSearchParams(query).toString()}`;
  return `${options.base.prefix}/crm/${parts}${search}`;
}

function headersOf(token: string, body: unknown): Record<string, string> {
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
  return body === undefined ? headers : { ...headers, 'content-type': 'application/json' };
}

function readAnswer<T>(answer: HttpAnswer, request: ApiRequest<T>, nowMs: number): ApiResult<T> {
  if (answer.kind === 'no_answer') return { kind: 'failed', failure: classifyNoAnswer(answer.code) };
  const body = parseJson(answer.body);
  if (answer.status < 200 || answer.status > 299) {
    const { endpoint, optionalPart } = request;
    const circumstances = { endpoint, optionalPart, headers: answer.headers, nowMs };
    return { kind: 'failed', failure: classify(readVendorError(answer.status, body), circumstances) };
  }
  const parsed = request.answer.safeParse(body);
  return parsed.success
    ? { kind: 'ok', status: answer.status, body: parsed.data }
    : { kind: 'failed', failure: unreadable(answer.status) };
}

/** A success that is not what the API promises, such as an intermediary's page. What was written is found by the next try. */
function unreadable(status: number): CrmFailure {
  return {
    disposition: 'retry',
    code: 'hubspot.UNREADABLE_ANSWER',
    status,
    retryAfterMs: undefined,
    field: undefined,
    vendorText: undefined,
  };
}

/** Rows carry no HTTP status; their category implies one. */
function rowStatus(row: unknown): number {
  const { category } = readVendorError(0, row);
  return (category === undefined ? undefined : STATUS_OF_CATEGORY[category]) ?? 400;
}

const STATUS_OF_CATEGORY: Readonly<Record<string, number>> = {
  CONFLICT: 409,
  OBJECT_ALREADY_EXISTS: 409,
  OBJECT_NOT_FOUND: 404,
  NO_ASSOCIATIONS_FOUND: 404,
  MISSING_SCOPES: 403,
  RATE_LIMITS: 429,
  INTERNAL_ERROR: 500,
};
