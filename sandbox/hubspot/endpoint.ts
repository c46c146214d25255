import type { Account } from './account.ts';
import type { ChangeSource } from './record-store.ts';

/** What an endpoint answers; without a body the answer is empty. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

/** One authorised, well-formed request to an endpoint. */
export interface Call {
  readonly account: Account;
  /** `v3`, `v4` or a date such as `2026-09`. */
  readonly version: string;
  readonly query: URLSearchParams;
  /** Parsed JSON; undefined when the request had no body. */
  readonly body: unknown;
  /** Length of the body in characters. */
  readonly bodyLength: number;
  readonly source: ChangeSource;
  /** The value of a named part of the path, decoded. */
  readonly path: (name: string) => string;
  /** Marks upsert keys as under way until the answer is out. */
  readonly holdUntilAnswered: (keys: readonly string[]) => void;
}

export type Endpoint = (call: Call) => Answer;

/** Classes of endpoints, for counting: what a client spends its calls on. */
export type EndpointClass =
  | 'token'
  | 'search'
  | 'read'
  | 'list'
  | 'create'
  | 'update'
  | 'archive'
  | 'batch read'
  | 'batch create'
  | 'batch update'
  | 'batch upsert'
  | 'batch archive'
  | 'associations read'
  | 'associations write'
  | 'properties read'
  | 'properties write'
  | 'owners'
  | 'account'
  | 'unknown';

/** Comma-separated and repeated values of a query parameter, as HubSpot accepts both. */
export function listParameter(query: URLSearchParams, name: string): readonly string[] {
  return query
    .getAll(name)
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '');
}
