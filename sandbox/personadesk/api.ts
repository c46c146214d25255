import type { Keyed } from './conversation-store.ts';
import { sandboxAgents } from './documented-example.ts';
import { pageAfter } from './paging.ts';
import type { ConversationResource, SandboxTenant } from './resources.ts';
import { refusal, type Answer } from './responses.ts';
import type { Route } from './routes.ts';
import type { SandboxState } from './sandbox-state.ts';

/** The tenants that a key opens. */
type Scope = readonly SandboxTenant[];

const NOT_FOUND = refusal(404, 'not_found', 'Resource not found.');
const FORBIDDEN = refusal(403, 'forbidden', 'Not authorized for this resource.');

const DOCUMENTED_FIELDS = ['id', 'tenant_id', 'status', 'channel', 'started_at', 'ended_at'] as const;

const opens = (scope: Scope, tenantId: string): boolean => scope.some(({ id }) => id === tenantId);

function shown(resource: ConversationResource, documentedFieldsOnly: boolean): unknown {
  if (!documentedFieldsOnly) return resource;
  return Object.fromEntries(DOCUMENTED_FIELDS.map((name) => [name, resource[name] ?? null]));
}

function pageSize(asked: string | null, state: SandboxState): number | undefined {
  if (asked === null) return state.behaviour.defaultPageSize;
  const size = /^\d{1,6}$/.test(asked) ? Number(asked) : 0;
  return size >= 1 && size <= state.behaviour.maxPageSize ? size : undefined;
}

/** Answers one page of any list, or says what is wrong with the limit or the cursor. */
function listAnswer<T>(
  state: SandboxState,
  name: string,
  items: readonly Keyed<T>[],
  query: URLSearchParams,
  show: (item: T) => unknown = (item) => item,
): Answer {
  const limit = pageSize(query.get('limit'), state);
  if (limit === undefined) {
    return refusal(400, 'invalid_limit', `limit must be a whole number from 1 to ${state.behaviour.maxPageSize}.`);
  }
  const cursor = query.get('cursor');
  const from = cursor === null ? undefined : state.cursors.read(name, cursor, state.behaviour.cursorTtlMs);
  if (from !== undefined && from.kind !== 'after') return refusal(400, `cursor_${from.kind}`, 'cursor is not valid.');
  const { page, lastKey } = pageAfter(items, from?.key, limit);
  const next_cursor = lastKey === null ? null : state.cursors.issue(name, lastKey);
  return { status: 200, body: { data: page.map(show), next_cursor } };
}

/** Gives items that stand in their own order a place in a listing. */
function inOrder<T>(items: readonly T[]): Keyed<T>[] {
  return items.map((value, index) => ({ key: String(index).padStart(9, '0'), value }));
}

const publicTenant = ({ id, name }: SandboxTenant) => ({ id, name });

function oneTenant(state: SandboxState, scope: Scope, id: string): Answer {
  const tenant = state.tenants.find((candidate) => candidate.id === id);
  if (tenant === undefined) return NOT_FOUND;
  return opens(scope, id) ? { status: 200, body: publicTenant(tenant) } : FORBIDDEN;
}

function listAgents(state: SandboxState, scope: Scope, query: URLSearchParams): Answer {
  const tenantId = query.get('tenant_id') ?? scope[0]?.id ?? '';
  if (!opens(scope, tenantId)) return FORBIDDEN;
  return listAnswer(state, `agents:${tenantId}`, inOrder(sandboxAgents(tenantId)), query);
}

function oneAgent(scope: Scope, id: string): Answer {
  const agent = sandboxAgents(scope[0]?.id ?? '').find((candidate) => candidate.id === id);
  return agent === undefined ? NOT_FOUND : { status: 200, body: agent };
}

function listConversations(state: SandboxState, scope: Scope, query: URLSearchParams): Answer {
  const tenantId = query.get('tenant_id');
  if (tenantId === null || tenantId === '') return refusal(400, 'missing_tenant_id', 'tenant_id is required.');
  if (!opens(scope, tenantId)) return FORBIDDEN;
  const { order, documentedFieldsOnly } = state.behaviour;
  const listing = state.conversations.listing(tenantId, order);
  return listAnswer(state, `${order}:${tenantId}`, listing, query, (item) => shown(item, documentedFieldsOnly));
}

function aboutConversation(state: SandboxState, scope: Scope, route: Route, query: URLSearchParams): Answer {
  const conversation = state.conversations.get(route.id);
  if (conversation === undefined) return NOT_FOUND;
  if (!opens(scope, conversation.resource.tenant_id)) return FORBIDDEN;
  if (route.resource === 'conversation') {
    return { status: 200, body: shown(conversation.resource, state.behaviour.documentedFieldsOnly) };
  }
  const parts = route.resource === 'messages' ? conversation.messages : conversation.routingDecisions;
  return listAnswer(state, `${route.resource}:${route.id}`, inOrder(parts ?? []), query);
}

/** Answers a request that is authenticated and names a resource on offer. */
function answerResource(state: SandboxState, scope: Scope, route: Route, query: URLSearchParams): Answer {
  switch (route.resource) {
    case 'tenants':
      return listAnswer(state, 'tenants', inOrder(scope.map(publicTenant)), query);
    case 'tenant':
      return oneTenant(state, scope, route.id);
    case 'agents':
      return listAgents(state, scope, query);
    case 'agent':
      return oneAgent(scope, route.id);
    case 'conversations':
      return listConversations(state, scope, query);
    case 'conversation':
    case 'messages':
    case 'routing_decisions':
      return aboutConversation(state, scope, route, query);
  }
}

/** What the API needs of a request. */
export interface ApiRequest {
  readonly method: string;
  readonly authorization: string | undefined;
  readonly route: Route | undefined;
  readonly search: string;
}

function keyOf(authorization: string | undefined): string | undefined {
  return /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
}

/** The whole of the API: who asks, how often, for what. Status codes are those of PersonaDesk's developer page. */
export function answerApi(state: SandboxState, request: ApiRequest): Answer {
  const key = keyOf(request.authorization);
  const scope = state.tenants.filter(({ apiKey }) => apiKey === key);
  if (key === undefined || scope.length === 0) {
    return refusal(401, 'unauthorized', 'Missing or invalid authentication.');
  }
  const tooMany = state.rate.admit(key, state.behaviour.rateLimit);
  if (tooMany !== undefined) return tooMany;
  const { route } = request;
  if (route === undefined || !state.behaviour.offeredResources.includes(route.resource)) return NOT_FOUND;
  if (request.method !== 'GET') {
    return { ...refusal(405, 'method_not_allowed', 'Only GET is supported.'), headers: { allow: 'GET' } };
  }
  return answerResource(state, scope, route, new URLSearchParams(request.search));
}
