import type { Account } from './account.ts';
import { missingScope, type TokenRegister } from './authorization.ts';
import type { EndpointClass } from './endpoint.ts';
import type { AccessToken } from './options.ts';
import { findObjectType } from './object-types.ts';
import type { Installations } from './installations.ts';
import type { RateLimiter } from './rate-limits.ts';
import { errorBody, invalid, notFound, Refusal, type Problem } from './refusal.ts';
import { isJsonObject } from './request-body.ts';
import { matchRoute, type RouteMatch } from './route-match.ts';
import { answerTokenRequest, isTokenPath } from './token-endpoint.ts';

/** A request of the CRM API, read from the wire. */
export interface ApiRequest {
  readonly method: string;
  readonly url: URL;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  /** The body as text; '' when there was none. */
  readonly text: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Serialised JSON; undefined for an empty answer. */
  readonly text: string | undefined;
  readonly endpoint: EndpointClass;
  readonly objectType: string | null;
  readonly inputs: number;
  /** Upsert keys to let go once the answer is out. */
  readonly heldKeys: readonly string[];
}

export interface ApiDependencies {
  readonly account: Account;
  readonly tokens: TokenRegister;
  readonly installations: Installations;
  readonly limiter: RateLimiter;
}

type Found = Extract<RouteMatch, { kind: 'found' }>;

/** Answers one request: who asks, may they ask this often, is there such an endpoint, is the request one it takes. */
export function answerApiRequest(request: ApiRequest, dependencies: ApiDependencies): ApiAnswer {
  const { account, tokens, limiter } = dependencies;
  if (request.method === 'POST' && isTokenPath(request.url.pathname, account.options.apiVersions)) {
    return answerSignIn(request, dependencies);
  }
  const match = matchRoute(request.method, request.url.pathname, account.options.apiVersions);
  const facts = factsOf(match);
  const refuse = (problem: Problem, headers: Readonly<Record<string, string>> = {}): ApiAnswer =>
    jsonAnswer(problem.status, errorBody(problem, account.newUuid()), { ...facts, headers });

  const authorization = tokens.authorize(request.authorization);
  if (!authorization.ok) return refuse(authorization.problem);
  const admission = limiter.admit(authorization.token.token, facts.endpoint === 'search');
  if (!admission.ok)
    return jsonAnswer(429, overLimit(account, admission.body), { ...facts, headers: admission.headers });
  const { headers } = admission;
  if (match.kind === 'none') return refuse(notFound(), headers);
  if (match.kind === 'wrong-method')
    return refuse(wrongMethod(request.method), { ...headers, Allow: match.allowed.join(', ') });
  const forbidden = whyNot(authorization.token, match, account);
  if (forbidden !== null) return refuse(forbidden, headers);
  if (request.text !== '' && !isJsonType(request.contentType)) return refuse(wrongMediaType, headers);
  try {
    return run(request, match, account, { ...facts, headers });
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.problem, headers);
    throw error;
  }
}

/** What the token may not do; null when it may. */
function whyNot(token: AccessToken, { route, parts, version }: Found, { options }: Account): Problem | null {
  const guards = route.scopes(parts);
  const needed = options.associationScopes === 'either' ? [guards.flat()] : guards;
  const missing = needed.map((scopes) => missingScope(token, scopes)).find((problem) => problem !== null);
  if (missing !== undefined) return missing;
  // Enforced since 2026-09 for tokens that act for a user (HubSpot's changelog); a 400, where others are 403.
  const editsLinks = route.endpoint === 'associations write' && version === '2026-09';
  return editsLinks && token.mayEditAssociations === false ? invalid("Missing 'Edit Associations' permission.") : null;
}

/** The token endpoint: no bearer, no limits, a form in the place of JSON. */
function answerSignIn({ text }: ApiRequest, { account, tokens, installations }: ApiDependencies): ApiAnswer {
  const form = new URLSearchParams(text);
  const { status, body } = answerTokenRequest(form, { options: account.options, tokens, installations });
  const facts = { endpoint: 'token', objectType: null, inputs: 1, heldKeys: [] } as const;
  return jsonAnswer(status, body, { ...facts, headers: { 'cache-control': 'no-store' } });
}

type Facts = Pick<ApiAnswer, 'endpoint' | 'objectType' | 'inputs' | 'heldKeys'>;

function run(
  request: ApiRequest,
  match: Found,
  account: Account,
  facts: Facts & Pick<ApiAnswer, 'headers'>,
): ApiAnswer {
  const body = parseBody(request.text);
  let heldKeys: readonly string[] = [];
  const answer = match.route.run({
    account,
    version: match.version,
    query: request.url.searchParams,
    body,
    bodyLength: request.text.length,
    source: { sourceType: 'INTEGRATION', sourceId: 'private-app' },
    path: (name) => match.parts[name] ?? '',
    holdUntilAnswered: (keys) => {
      heldKeys = keys;
      for (const key of keys) account.keysInFlight.add(key);
    },
  });
  const inputs = isJsonObject(body) && Array.isArray(body.inputs) ? body.inputs.length : 1;
  return jsonAnswer(answer.status, answer.body, { ...facts, inputs, heldKeys });
}

function jsonAnswer(status: number, body: unknown, rest: Facts & Pick<ApiAnswer, 'headers'>): ApiAnswer {
  return { ...rest, status, text: body === undefined ? undefined : JSON.stringify(body) };
}

function factsOf(match: RouteMatch): Facts {
  if (match.kind !== 'found') return { endpoint: 'unknown', objectType: null, inputs: 1, heldKeys: [] };
  const objectType = findObjectType(match.parts.type ?? '')?.name ?? null;
  return { endpoint: match.route.endpoint, objectType, inputs: 1, heldKeys: [] };
}

function parseBody(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Refusal(invalid('Invalid input JSON on line 1, column 1: the body is not JSON.'));
  }
}

function overLimit(account: Account, body: Readonly<Record<string, string>>): Record<string, string> {
  const requestId = 'policyName' in body ? { requestId: account.newUuid() } : {};
  return { ...body, correlationId: account.newUuid(), ...requestId };
}

const isJsonType = (contentType: string | undefined): boolean => /^application\/json\b/i.test(contentType ?? '');

const wrongMethod = (method: string): Problem => ({
  status: 405,
  category: 'METHOD_NOT_ALLOWED',
  message: `HTTP method ${method} is not allowed here`,
});

const wrongMediaType: Problem = {
  status: 415,
  category: 'UNSUPPORTED_MEDIA_TYPE',
  message: 'The content type of the request is not application/json',
};
