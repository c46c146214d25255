import { z } from 'zod';
import { conversationIdSchema, eventIdSchema, tenantIdSchema } from './ids.ts';

/** The four documented webhook events. Others are kept in the inbox and marked ignored. */
export const KNOWN_EVENT_TYPES = [
  'call.started',
  'conversation.routed',
  'handoff.requested',
  'conversation.completed',
] as const;
export type KnownEventType = (typeof KNOWN_EVENT_TYPES)[number];

const optionalText = z.string().max(4096).nullish().catch(undefined);

/**
 * The envelope of a webhook. Only the ids and the instant decide anything; the rest is a hint that is kept whole
 * and read leniently, because a strange optional field must not lose an event.
 */
export const webhookEventSchema = z.object({
  type: z.string().min(1).max(128),
  id: eventIdSchema,
  created_at: z.iso.datetime({ offset: true }),
  data: z.looseObject({
    conversation_id: conversationIdSchema,
    tenant_id: tenantIdSchema,
    from_number: optionalText,
    to_agent_id: optionalText,
    route_reason: optionalText,
  }),
});

export type WebhookEvent = z.infer<typeof webhookEventSchema>;

/** An unknown type has no conversation to insist on: only the envelope is asked for. */
export const unknownEventSchema = z.object({
  type: z.string().min(1).max(128),
  id: eventIdSchema,
  created_at: z.iso.datetime({ offset: true }),
  data: z.looseObject({ tenant_id: tenantIdSchema.nullish() }).nullish(),
});

/** Narrows a type to those we act on. */
export function isKnownEventType(type: string): type is KnownEventType {
  return (KNOWN_EVENT_TYPES as readonly string[]).includes(type);
}

/** What one stored event says of its conversation; the newest `createdAt` wins per field, never the order of arrival. */
export interface EventFacts {
  readonly eventId: string;
  readonly type: KnownEventType;
  /** ISO 8601 UTC. */
  readonly createdAt: string;
  readonly fromNumber: string | undefined;
  readonly toAgentId: string | undefined;
  readonly routeReason: string | undefined;
}

/** Reads the facts out of a stored webhook. */
export function factsOf(event: WebhookEvent, type: KnownEventType): EventFacts {
  return {
    eventId: event.id,
    type,
    createdAt: new Date(event.created_at).toISOString(),
    fromNumber: event.data.from_number ?? undefined,
    toAgentId: event.data.to_agent_id ?? undefined,
    routeReason: event.data.route_reason ?? undefined,
  };
}
