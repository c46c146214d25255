import type { HttpAnswer, HttpRequest, HttpTransport } from '../../connectors/transport/http-transport.ts';

/** What an official client asks for. */
interface ClientRequest {
  /** Absolute; the client may have been talked into any. */
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

type ClientAnswer = Extract<HttpAnswer, { kind: 'answer' }>;

/**
 * A request that did not become an answer the client may see. No part of the request is in it.
 * - `refused`: it was not sent; - `no_answer`: it was, perhaps; - `answer_refused`: what came may not be passed on.
 */
export class TransportRefusal extends Error {
  override readonly name = 'TransportRefusal';
  readonly kind: 'refused' | 'no_answer' | 'answer_refused';
  readonly code: string;
  readonly status: number | undefined;

  constructor(kind: TransportRefusal['kind'], code: string, status?: number) {
    super(`${kind}: ${code}`);
    this.kind = kind;
    this.code = code;
    this.status = status;
  }
}

export interface OfficialTransportOptions {
  readonly transport: HttpTransport;
  /** The one place that is spoken to. */
  readonly origin: string;
  /** Ends every request of the client, which takes no signal of its own. */
  readonly signal: AbortSignal;
  /** Told of every answer: some errors of the clients carry neither status nor headers. */
  readonly onAnswer?: (answer: Pick<ClientAnswer, 'status' | 'headers'>) => void;
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);

/**
 * Sends what an official client asks for over our transport, and gives back only what the client understands.
 *
 * @throws TransportRefusal for everything else.
 */
export async function sendForClient(asked: ClientRequest, options: OfficialTransportOptions): Promise<ClientAnswer> {
  const answer = await options.transport.send(toRequest(asked, options));
  if (answer.kind === 'no_answer') throw new TransportRefusal('no_answer', answer.code);
  const { status, headers } = answer;
  options.onAnswer?.({ status, headers });
  // 300 is Salesforce's answer to an external id that several records have.
  if (status > 300 && status < 400) throw new TransportRefusal('answer_refused', 'redirect', status);
  const type = headers['content-type'];
  // A login page in the place of an answer; the clients would hand it on as a success.
  if (status < 300 && type?.startsWith('text/html') === true)
    throw new TransportRefusal('answer_refused', 'page', status);
  // Without a type HubSpot's client throws an error that names no status.
  return type === undefined ? { ...answer, headers: { ...headers, 'content-type': 'text/plain' } } : answer;
}

function toRequest(asked: ClientRequest, { origin, signal }: OfficialTransportOptions): HttpRequest {
  const url = URL.parse(asked.url);
  if (url?.origin !== origin) throw new TransportRefusal('refused', 'other_host');
  // A fragment never leaves: an id that held a `#` would have lost its end.
  if (asked.url.includes('#')) throw new TransportRefusal('refused', 'unsafe_path');
  if (!METHODS.has(asked.method)) throw new TransportRefusal('refused', 'method');
  // undici counts the length itself.
  const headers = Object.entries(asked.headers).filter(([name]) => name.toLowerCase() !== 'content-length');
  return {
    origin,
    method: asked.method as HttpRequest['method'], // looked at above
    path: `${url.pathname}${url.search}`,
    headers: Object.fromEntries(headers),
    ...(asked.body === undefined ? {} : { body: asked.body }),
    signal,
    endpoint: 'official-client',
  };
}
