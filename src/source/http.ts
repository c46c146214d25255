import { Agent, request, type Dispatcher } from 'undici';
import { startDeadline, type Deadline } from './deadline.ts';
import { failureOfStatus, failureOfThrown, invalidResponse } from './errors.ts';
import { retryAfterMs } from './retry-after.ts';
import type { SourceFailure } from './source.ts';

/** The outcome of one GET. `missing` is an answer that says the path leads nowhere (404, 405, 410, 501). */
type HttpOutcome =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'missing'; readonly status: number }
  | { readonly kind: 'failed'; readonly failure: SourceFailure };

/** Reads JSON from the API. Never throws, never retries, never follows a redirect. */
export interface HttpReader {
  /** `path` is below the base URL and already encoded. */
  get(path: string, query: URLSearchParams, signal: AbortSignal | undefined): Promise<HttpOutcome>;
  close(): Promise<void>;
}

export interface HttpReaderOptions {
  readonly baseUrl: string;
  readonly apiKey: () => Promise<string> | string;
  /** Covers the connection, the headers and the whole body, in milliseconds. */
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  /** Epoch milliseconds; reads Retry-After dates. */
  readonly clock: () => number;
  /** A pool shared with other clients; without one the client has its own. */
  readonly dispatcher?: Dispatcher;
}

const MISSING: ReadonlySet<number> = new Set([404, 405, 410, 501]);

const failed = (failure: SourceFailure): HttpOutcome => ({ kind: 'failed', failure });

type KeyReading = { readonly key: string } | { readonly failure: SourceFailure };

/** A key with white space or control characters in it would be refused by the HTTP library with a message that quotes it. */
async function readKey(apiKey: HttpReaderOptions['apiKey']): Promise<KeyReading> {
  try {
    const key = await apiKey();
    if (/^[\x21-\x7e]+$/.test(key)) return { key };
    return { failure: { kind: 'unauthorized', code: 'api_key_malformed' } };
  } catch {
    // The cause may name a secret's place; for the caller it only matters that there is no key.
    return { failure: { kind: 'unauthorized', code: 'api_key_unavailable' } };
  }
}

/** Reads a body up to a limit; `undefined` when there is more. Leaving the loop destroys the rest of the stream. */
async function readBody(body: AsyncIterable<Buffer>, maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string, status: number): HttpOutcome {
  try {
    return { kind: 'json', value: JSON.parse(text) };
  } catch {
    // The parser's message quotes the body, which may hold anything.
    return failed(invalidResponse('not_json', status));
  }
}

async function interpret(response: Dispatcher.ResponseData, options: HttpReaderOptions): Promise<HttpOutcome> {
  const { statusCode: status, headers, body } = response;
  if (status >= 200 && status < 300) {
    const text = await readBody(body, options.maxBodyBytes);
    return text === undefined ? failed(invalidResponse('body_too_large', status)) : parseJson(text, status);
  }
  // Nothing in an error's body is used, but reading it lets the connection serve again. If it cannot be read, the
  // connection is lost and the status has still said all there is.
  await body.dump().catch(() => null);
  if (MISSING.has(status)) return { kind: 'missing', status };
  return failed(failureOfStatus(status, retryAfterMs(headers['retry-after'], options.clock())));
}

function failureOf(error: unknown, deadline: Deadline): SourceFailure {
  switch (deadline.cause()) {
    case 'timeout':
      return { kind: 'timeout', code: 'timeout' };
    case 'aborted':
      return { kind: 'unavailable', code: 'aborted' };
    case undefined:
      return failureOfThrown(error);
  }
}

/** Creates a reader of one API with one key. */
export function createHttpReader(options: HttpReaderOptions): HttpReader {
  const own = options.dispatcher === undefined ? new Agent({ connections: 32 }) : undefined;
  const dispatcher = options.dispatcher ?? own;
  return {
    get: async (path, query, signal) => {
      const reading = await readKey(options.apiKey);
      if ('failure' in reading) return failed(reading.failure);
      const deadline = startDeadline(options.timeoutMs, signal);
      try {
        const search = query.size === 0 ? '' : `?${query.toString()}`;
        const response = await request(`${options.baseUrl}${path}${search}`, {
          ...(dispatcher === undefined ? {} : { dispatcher }),
          headers: { authorization: `Bearer ${reading.key}`, accept: 'application/json' },
          signal: deadline.signal,
          // The deadline is the one clock; two would only disagree.
          headersTimeout: 0,
          bodyTimeout: 0,
        });
        return await interpret(response, options);
      } catch (error) {
        return failed(failureOf(error, deadline));
      } finally {
        deadline.end();
      }
    },
    close: async () => {
      await own?.close();
    },
  };
}
