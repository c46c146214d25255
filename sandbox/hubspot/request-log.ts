import type { EndpointClass } from './endpoint.ts';

/** One request as the sandbox saw it. No tokens and no bodies are kept. */
export interface LoggedRequest {
  /** Unix milliseconds, the sandbox's clock. */
  readonly at: number;
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly endpoint: EndpointClass;
  /** Object the endpoint is about; null where there is none. */
  readonly objectType: string | null;
  /** Inputs of a batch; 1 for every other request. */
  readonly inputs: number;
  /** Status sent; 0 when the connection was cut instead. */
  readonly status: number;
}

export type RequestCounts = Readonly<Record<EndpointClass, number>>;

const kept = 10_000;

const none: Record<EndpointClass, number> = {
  token: 0,
  search: 0,
  read: 0,
  list: 0,
  create: 0,
  update: 0,
  archive: 0,
  'batch read': 0,
  'batch create': 0,
  'batch update': 0,
  'batch upsert': 0,
  'batch archive': 0,
  'associations read': 0,
  'associations write': 0,
  'properties read': 0,
  'properties write': 0,
  owners: 0,
  account: 0,
  unknown: 0,
};

/** The requests since the last reset: counts of all, details of the newest. */
export class RequestLog {
  #entries: LoggedRequest[] = [];
  #counts = { ...none };
  #refused = 0;

  add(entry: LoggedRequest): void {
    this.#entries.push(entry);
    if (this.#entries.length >= 2 * kept) this.#entries = this.#entries.slice(-kept);
    this.#counts[entry.endpoint]++;
    if (entry.status === 0 || entry.status >= 400) this.#refused++;
  }

  reset(): void {
    this.#entries = [];
    this.#counts = { ...none };
    this.#refused = 0;
  }

  /** Oldest first. */
  entries(): readonly LoggedRequest[] {
    return this.#entries.slice(-kept);
  }

  counts(): RequestCounts {
    return { ...this.#counts };
  }

  refused(): number {
    return this.#refused;
  }
}
