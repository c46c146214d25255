import { endpointClasses, type EndpointClass } from './endpoint.ts';

/** One request as the sandbox saw it. No tokens, no queries and no bodies are kept. */
export interface LoggedRequest {
  /** Unix milliseconds, the sandbox's clock. */
  readonly at: number;
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly endpoint: EndpointClass;
  /** Object the path names; null where there is none. */
  readonly objectType: string | null;
  /** Rows of a collection, parts of a composite; 1 for every other request. */
  readonly inputs: number;
  /** Status sent; 0 when the connection was cut instead. */
  readonly status: number;
}

export type RequestCounts = Readonly<Record<EndpointClass, number>>;

const kept = 10_000;

/** The requests since the last reset: counts of all, details of the newest. */
export class RequestLog {
  #entries: LoggedRequest[] = [];
  #counts = noCounts();
  #refused = 0;

  add(entry: LoggedRequest): void {
    this.#entries.push(entry);
    if (this.#entries.length >= 2 * kept) this.#entries = this.#entries.slice(-kept);
    this.#counts[entry.endpoint]++;
    if (entry.status === 0 || entry.status >= 400) this.#refused++;
  }

  reset(): void {
    this.#entries = [];
    this.#counts = noCounts();
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

function noCounts(): Record<EndpointClass, number> {
  return Object.fromEntries(endpointClasses.map((name) => [name, 0])) as Record<EndpointClass, number>; // one entry each
}
