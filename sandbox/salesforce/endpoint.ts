import type { Org } from './org.ts';
import { Refusal, requestProblem } from './refusal.ts';
import { saveContext, type SaveContext } from './save-context.ts';
import type { ObjectType } from './object-types.ts';

/** What an endpoint answers; without a body the answer is empty. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  /** In place of a body: text that is answered as CSV. */
  readonly csv?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One authorised, well-formed request to an endpoint. */
export interface Call {
  readonly org: Org;
  readonly userId: string;
  readonly version: number;
  readonly query: URLSearchParams;
  /** Parsed JSON, or the text itself where a route takes CSV; undefined when the request had no body. */
  readonly body: unknown;
  /** A request header by its name in small letters. */
  readonly header: (name: string) => string | undefined;
  /** The value of a named part of the path, decoded. */
  readonly path: (name: string) => string;
  /** Runs another request of the same user; how a composite runs its parts. */
  readonly dispatch: (part: PartRequest) => Answer;
}

/** A request inside a composite. */
export interface PartRequest {
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

export type Endpoint = (call: Call) => Answer;

/** Classes of endpoints, for counting: what a client spends its calls on. */
export const endpointClasses = [
  'token',
  'describe',
  'read',
  'create',
  'update',
  'upsert',
  'delete',
  'collection read',
  'collection create',
  'collection update',
  'collection upsert',
  'collection delete',
  'composite',
  'bulk job',
  'bulk upload',
  'bulk status',
  'bulk results',
  'query',
  'search',
  'limits',
  'versions',
  'unknown',
] as const;

export type EndpointClass = (typeof endpointClasses)[number];

/** The object a path names. @throws Refusal (404) when the user sees none of that name. */
export function objectFromPath({ org, path }: Call): ObjectType {
  const type = org.schema.object(path('type'));
  if (type === null) throw new Refusal(requestProblem('NOT_FOUND', 'The requested resource does not exist', 404));
  return type;
}

/** The headers of a call as a save understands them. */
export function savesOf(call: Call): SaveContext {
  return saveContext(call.org, call.userId, call.version, call.header);
}
