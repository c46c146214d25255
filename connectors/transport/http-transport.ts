import { Agent, request, type Dispatcher } from 'undici';
import { startDeadline } from './deadline.ts';
import { readNetworkFailure, type NetworkFailure, type NoAnswerCode } from './network-failure.ts';
import { resolveOnOrigin } from './origin.ts';
import { readLimitedBody } from './read-limited-body.ts';

export interface HttpRequest {
  /** Scheme, host and port; the path cannot change it. */
  readonly origin: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Starts with a slash; encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** The endpoint's class for metrics, such as `search`; no ids. */
  readonly endpoint: string;
}

/** What became of a request. An answer of any status is an answer; everything else says whether it may have had effect. */
export type HttpAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** Names in lower case; several values of one name are joined by a comma. */
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  | { readonly kind: 'no_answer'; readonly code: NoAnswerCode; readonly mayHaveBeenApplied: boolean };

/** One request as the metrics see it. */
export interface TransportRecord {
  readonly origin: string;
  readonly endpoint: string;
  readonly method: string;
  /** The HTTP status, or why there was none. */
  readonly outcome: number | NoAnswerCode;
  readonly durationMs: number;
}

/** All times in milliseconds. */
export interface HttpTransportOptions {
  readonly connectTimeoutMs?: number;
  /** From the request sent to the last header received. */
  readonly headersTimeoutMs?: number;
  /** Between two pieces of the body. */
  readonly bodyTimeoutMs?: number;
  /** For the whole exchange, the wait for a free connection included. */
  readonly totalTimeoutMs?: number;
  /** A longer answer is cut off and counts as none. */
  readonly maxResponseBytes?: number;
  /** Per origin. */
  readonly maxConnections?: number;
  readonly onRequest?: (record: TransportRecord) => void;
}

/**
 * Sends one request and waits for its whole answer within a deadline.
 *
 * Never retries, never follows a redirect, never throws for a network event.
 */
export interface HttpTransport {
  /** @throws TypeError for a request that may not be sent: plain http to another machine, a path that leaves the origin. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Ends all connections; requests under way end as `no_answer`. */
  close(): Promise<void>;
}

const DEFAULTS = {
  connectTimeoutMs: 5_000,
  headersTimeoutMs: 15_000,
  bodyTimeoutMs: 10_000,
  totalTimeoutMs: 15_000,
  maxResponseBytes: 8 * 1024 * 1024,
  maxConnections: 16,
};

/** One transport serves any number of connectors; each origin has its own connections. */
export function createHttpTransport(options: HttpTransportOptions = {}): HttpTransport {
  const limits = { ...DEFAULTS, ...options };
  const agent = new Agent({
    connections: limits.maxConnections,
    // A request behind a stalled one on the same connection would share its fate.
    pipelining: 1,
    connect: { timeout: limits.connectTimeoutMs },
    headersTimeout: limits.headersTimeoutMs,
    bodyTimeout: limits.bodyTimeoutMs,
  });

  async function send(outgoing: HttpRequest): Promise<HttpAnswer> {
    const startedAt = performance.now();
    const answer = await exchange(agent, outgoing, limits.totalTimeoutMs, limits.maxResponseBytes);
    options.onRequest?.({
      origin: outgoing.origin,
      endpoint: outgoing.endpoint,
      method: outgoing.method,
      outcome: answer.kind === 'answer' ? answer.status : answer.code,
      durationMs: performance.now() - startedAt,
    });
    return answer;
  }

  return { send, close: () => agent.destroy() };
}

async function exchange(
  agent: Agent,
  outgoing: HttpRequest,
  totalTimeoutMs: number,
  maxResponseBytes: number,
): Promise<HttpAnswer> {
  const url = resolveOnOrigin(outgoing.origin, outgoing.path);
  if (outgoing.signal.aborted) return { kind: 'no_answer', code: 'aborted', mayHaveBeenApplied: false };
  const deadline = startDeadline(totalTimeoutMs, outgoing.signal);
  try {
    const response = await request(url, requestOptions(agent, outgoing, deadline.signal));
    const body = await readLimitedBody(response.body, maxResponseBytes);
    if (body === undefined) return noAnswer({ code: 'too_large', mayHaveReachedServer: true }, outgoing);
    return { kind: 'answer', status: response.statusCode, headers: joinHeaders(response.headers), body };
  } catch (error) {
    if (deadline.ended !== undefined) return noAnswer({ code: deadline.ended, mayHaveReachedServer: true }, outgoing);
    const failure = readNetworkFailure(error);
    if (failure === undefined) throw error;
    return noAnswer(failure, outgoing);
  } finally {
    deadline.stop();
  }
}

function requestOptions(agent: Agent, outgoing: HttpRequest, signal: AbortSignal) {
  return {
    dispatcher: agent,
    method: outgoing.method,
    headers: { ...outgoing.headers },
    body: outgoing.body ?? null,
    signal,
  } satisfies Partial<Dispatcher.RequestOptions> & { dispatcher: Agent };
}

function noAnswer(failure: NetworkFailure, outgoing: HttpRequest): HttpAnswer {
  return {
    kind: 'no_answer',
    code: failure.code,
    mayHaveBeenApplied: failure.mayHaveReachedServer && outgoing.method !== 'GET',
  };
}

function joinHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) joined[name.toLowerCase()] = typeof value === 'string' ? value : value.join(', ');
  }
  return joined;
}
