import { isKnownEventType } from '../../domain/event.ts';
import { conversationIdSchema, eventIdSchema, type EndpointId, type TenantId } from '../../domain/ids.ts';
import type { TenantRepository } from '../../store/tenant-repository.ts';
import type { SecretSource } from './ports.ts';
import { signEvent } from './sign-event.ts';

export interface TestEventRequest {
  readonly tenantId: TenantId;
  /** `conversation.routed` unless another type is given. */
  readonly type?: string | undefined;
  readonly conversationId?: string | undefined;
  readonly fromNumber?: string | undefined;
  /** The documented example is `evt_123`, and a second send of it a duplicate; every other event gets an id of its own. */
  readonly eventId?: string | undefined;
}

export interface TestEventDependencies {
  readonly tenants: Pick<TenantRepository, 'get'>;
  readonly secrets: SecretSource;
  /** Where the intake answers, without a slash at the end. */
  readonly intakeUrl: string;
  readonly fetch: typeof fetch;
  readonly now: () => Date;
  readonly newEventId: () => string;
}

export type TestEventResult =
  | { readonly kind: 'unknown_tenant' }
  | { readonly kind: 'invalid'; readonly problem: string }
  | { readonly kind: 'unreachable'; readonly url: string }
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** The intake's answer as it came; it never repeats what was sent. */
      readonly body: string;
      readonly eventId: string;
      readonly conversationId: string;
      readonly endpointId: EndpointId;
    };

/** The example of PersonaDesk's developer page. */
const EXAMPLE = {
  type: 'conversation.routed',
  id: 'evt_123',
  created_at: '2025-01-15T10:25:12Z',
  conversation_id: 'conv_123',
  from_number: '+15551234567',
  to_agent_id: 'agent_abc',
  route_reason: 'lead_high_intent',
} as const;

const ANSWER_DEADLINE_MS = 10_000;

/**
 * Sends one event the way PersonaDesk does: the documented example, signed with the tenant's own first secret, through the
 * real intake.
 * @throws SecretMissingError when that secret is not where the configuration says.
 */
export async function sendTestEvent(
  request: TestEventRequest,
  dependencies: TestEventDependencies,
): Promise<TestEventResult> {
  const problem = problemOf(request);
  if (problem !== undefined) return { kind: 'invalid', problem };
  const tenant = await dependencies.tenants.get(request.tenantId);
  if (tenant === undefined) return { kind: 'unknown_tenant' };
  const event = exampleEvent(request, dependencies);
  const body = JSON.stringify(event);
  const { verification } = tenant.settings.webhook;
  const [reference] = verification.secrets;
  if (reference === undefined) return { kind: 'invalid', problem: 'the tenant has no verification secret' };
  const secret = await dependencies.secrets.resolve(tenant.id, reference);
  const headers = signEvent({ verification, secret, eventId: event.id, body, now: dependencies.now() });
  const url = `${dependencies.intakeUrl}/webhooks/personadesk/${tenant.endpointId}`;
  const answer = await post(url, headers, body, dependencies.fetch);
  if (answer === undefined) return { kind: 'unreachable', url: dependencies.intakeUrl };
  const { id: eventId, data } = event;
  return { kind: 'answered', ...answer, eventId, conversationId: data.conversation_id, endpointId: tenant.endpointId };
}

function problemOf({ type, conversationId, eventId }: TestEventRequest): string | undefined {
  if (type !== undefined && !isKnownEventType(type)) return 'this type is not one of the documented events';
  if (conversationId !== undefined && !conversationIdSchema.safeParse(conversationId).success) {
    return 'this is no conversation id';
  }
  if (eventId !== undefined && !eventIdSchema.safeParse(eventId).success) return 'this is no event id';
  return undefined;
}

/** Exactly the documented example when nothing else is asked for; an event of one's own happens now. */
function exampleEvent(
  request: TestEventRequest,
  { now, newEventId }: Pick<TestEventDependencies, 'now' | 'newEventId'>,
) {
  const { type, conversationId, fromNumber, eventId } = request;
  const isExample = [type, conversationId, fromNumber, eventId].every((value) => value === undefined);
  return {
    type: type ?? EXAMPLE.type,
    id: eventId ?? (isExample ? EXAMPLE.id : newEventId()),
    created_at: isExample ? EXAMPLE.created_at : now().toISOString(),
    data: {
      conversation_id: conversationId ?? EXAMPLE.conversation_id,
      tenant_id: request.tenantId,
      from_number: fromNumber ?? EXAMPLE.from_number,
      to_agent_id: EXAMPLE.to_agent_id,
      route_reason: EXAMPLE.route_reason,
    },
  };
}

/** Undefined when no answer came: nobody listens there, or not within the deadline. */
async function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  send: typeof fetch,
): Promise<{ readonly status: number; readonly body: string } | undefined> {
  try {
    const answer = await send(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_DEADLINE_MS),
    });
    return { status: answer.status, body: await answer.text() };
  } catch (error) {
    if (isNoAnswer(error)) return undefined;
    throw error;
  }
}

/** fetch reports every network failure as a TypeError, and a deadline as a TimeoutError. */
function isNoAnswer(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('name' in error)) return false;
  return error.name === 'TypeError' || error.name === 'TimeoutError';
}
