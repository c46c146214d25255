import type { IncomingHttpHeaders } from 'node:http';
import { advanceBulkJobs } from './bulk-process.ts';
import type { Answer, Call, EndpointClass, PartRequest } from './endpoint.ts';
import { oldestApiVersion, versionList } from './limits-endpoint.ts';
import { isObjectName } from './object-types.ts';
import type { Org } from './org.ts';
import { errorList, notFound, Refusal, requestProblem, type Problem } from './refusal.ts';
import { isJsonObject } from './request-body.ts';
import { authorizePath } from './authorize-page.ts';
import { matchRoute, versionedPath, type RouteMatch } from './route-match.ts';
import { answerTokenRequest } from './token-endpoint.ts';
import type { TokenRegister } from './token-register.ts';

/** A request read from the wire. */
export interface ApiRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** The body as text; '' when there was none. */
  readonly text: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Serialised JSON, or CSV; undefined for an empty answer. */
  readonly text: string | undefined;
  readonly endpoint: EndpointClass;
  readonly objectType: string | null;
  /** Rows of a collection, parts of a composite; 1 for every other request. */
  readonly inputs: number;
}

export interface ApiDependencies {
  readonly org: Org;
  readonly tokens: TokenRegister;
  readonly instanceUrl: () => string;
}

const tokenPath = '/services/oauth2/token';

/** Whether a path belongs to Salesforce's API, not to a page or the control surface. */
export function isApiPath(pathname: string): boolean {
  return pathname.startsWith('/services/') && pathname !== authorizePath;
}

/** Answers one request: a sign-in, the list of versions, or whatever the REST API has below one. */
export function answerApiRequest(request: ApiRequest, dependencies: ApiDependencies): ApiAnswer {
  const { pathname } = request.url;
  const { options } = dependencies.org;
  if (pathname === tokenPath && request.method === 'POST') return signIn(request, dependencies);
  if (/^\/services\/data\/?$/.test(pathname)) {
    return jsonAnswer({ status: 200, body: versionList(options.newestApiVersion) }, nothingKnown('versions'));
  }
  return answerDataRequest(request, dependencies);
}

type Facts = Pick<ApiAnswer, 'endpoint' | 'objectType' | 'inputs'>;

const nothingKnown = (endpoint: EndpointClass): Facts => ({ endpoint, objectType: null, inputs: 1 });

function signIn(request: ApiRequest, { org, tokens, instanceUrl }: ApiDependencies): ApiAnswer {
  const form = new URLSearchParams(request.text);
  const answer = answerTokenRequest(form, { options: org.options, tokens, instanceUrl: instanceUrl() });
  return jsonAnswer({ ...answer, headers: { 'Cache-Control': 'no-store' } }, nothingKnown('token'));
}

/** Who asks, is there such a version, may the org ask this often, is there such an endpoint. */
function answerDataRequest(request: ApiRequest, { org, tokens }: ApiDependencies): ApiAnswer {
  const place = versionedPath(request.url.pathname);
  const match = place === null ? noMatch : matchRoute(request.method, place.rest);
  const facts = factsOf(match);
  const refuse = (problem: Problem, headers: Answer['headers'] = {}): ApiAnswer =>
    jsonAnswer({ status: problem.status, body: errorList(problem), headers }, facts);

  const authorization = tokens.authorize(request.headers.authorization);
  if (!authorization.ok) return refuse(authorization.problem);
  if (place === null) return refuse(notFound);
  const outdated = refusedVersion(place.version, org.options.newestApiVersion);
  if (outdated !== null) return refuse(outdated);
  if (!org.daily.admit()) return refuse(overLimit, { 'Sforce-Limit-Info': org.daily.header() });
  const usage = { 'Sforce-Limit-Info': org.daily.header() };
  const takesCsv = match.kind === 'found' && match.route.takesCsv === true;
  const isExpected = takesCsv ? isCsvType : isJsonType;
  if (request.text !== '' && !isExpected(request.headers['content-type'])) return refuse(wrongMediaType, usage);
  advanceBulkJobs(org);
  try {
    const body = takesCsv ? request.text : parseBody(request.text);
    const header = (name: string): string | undefined => textOf(request.headers[name]);
    const context = { org, userId: authorization.value, version: place.version };
    const answer = runMatch(match, { ...context, query: request.url.searchParams, body, header });
    const inputs = sizeOf(body, request.url.searchParams);
    return jsonAnswer({ ...answer, headers: { ...usage, ...answer.headers } }, { ...facts, inputs });
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.problem, usage);
    throw error;
  }
}

type CallContext = Omit<Call, 'path' | 'dispatch'>;

const noMatch: RouteMatch = { kind: 'none' };

/** Runs an endpoint. @throws Refusal when there is none. */
function runMatch(match: RouteMatch, context: CallContext): Answer {
  if (match.kind === 'none') throw new Refusal(notFound);
  if (match.kind === 'wrong-method') throw new Refusal(wrongMethod);
  const { route, parts } = match;
  return route.run({ ...context, path: (name) => parts[name] ?? '', dispatch: (part) => runPart(part, context) });
}

/** Parts inherit who asks, and no other header (REST guide, Composite). @throws Refusal */
function runPart({ method, url, body, headers }: PartRequest, context: CallContext): Answer {
  const at = new URL(url, 'http://sandbox');
  const place = versionedPath(at.pathname);
  if (place === null) throw new Refusal(notFound);
  const match = matchRoute(method.toUpperCase(), place.rest);
  if (match.kind === 'found' && !match.route.inComposite) throw new Refusal(notInComposite);
  const own = { query: at.searchParams, body, header: (name: string) => headers[name], version: place.version };
  return runMatch(match, { ...context, ...own });
}

function jsonAnswer({ status, body, csv, headers = {} }: Answer, facts: Facts): ApiAnswer {
  if (csv !== undefined) return { ...facts, status, headers: { ...headers, 'content-type': 'text/csv' }, text: csv };
  return { ...facts, status, headers, text: body === undefined ? undefined : JSON.stringify(body) };
}

function factsOf(match: RouteMatch): Facts {
  if (match.kind !== 'found') return nothingKnown('unknown');
  const type = match.parts.type ?? '';
  return { endpoint: match.route.endpoint, objectType: isObjectName(type) ? type : null, inputs: 1 };
}

function sizeOf(body: unknown, query: URLSearchParams): number {
  const rows = isJsonObject(body) ? (body.records ?? body.compositeRequest ?? body.ids) : query.get('ids')?.split(',');
  return Array.isArray(rows) ? rows.length : 1;
}

function parseBody(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Refusal(requestProblem('JSON_PARSER_ERROR', 'Unexpected character in the body at [line:1, column:1]'));
  }
}

function refusedVersion(version: number, newest: number): Problem | null {
  if (version > newest || version < 20) return notFound;
  if (version >= oldestApiVersion) return null;
  return requestProblem('UNSUPPORTED_API_VERSION', 'The requested API version has been retired', 410);
}

const textOf = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header.join(',') : header;

const isJsonType = (contentType: string | undefined): boolean => /^application\/json\b/i.test(contentType ?? '');

const isCsvType = (contentType: string | undefined): boolean => /^text\/csv\b/i.test(contentType ?? '');

const overLimit = requestProblem('REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.', 403);
const wrongMethod = requestProblem('METHOD_NOT_ALLOWED', 'HTTP Method not allowed here', 405);
const wrongMediaType = requestProblem('UNSUPPORTED_MEDIA_TYPE', 'Content type not supported', 415);
const notInComposite = requestProblem('INVALID_OPERATION', 'The resource is not supported in a composite request');
