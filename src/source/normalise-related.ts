import { z } from 'zod';
import type { Message, RoutingDecision } from '../domain/conversation.ts';
import { present, readFields, type FieldReader } from './field-reader.ts';
import { instantSchema, recordSchema, textSchema } from './schemas.ts';
import type { Agent, SourceTenant } from './source.ts';

/** Makes one thing of what the API sent, or `undefined` when it is none. */
export type Normaliser<T> = (json: unknown) => T | undefined;

function fieldsOf(json: unknown): FieldReader | undefined {
  const record = recordSchema.safeParse(json);
  return record.success ? readFields(record.data) : undefined;
}

/**
 * Assumed: a turn is `{ id, role or sender, content or text, created_at }`; both spellings are accepted.
 * If that is wrong, the turn is left out, and a transcript without any usable turn counts as an invalid response.
 */
export const normaliseMessage: Normaliser<Message> = (json) => {
  const fields = fieldsOf(json);
  const text = fields?.take(['content', 'text'], z.string());
  if (fields === undefined || text === undefined) return undefined;
  return {
    id: fields.take('id', textSchema),
    role: fields.take(['role', 'sender'], textSchema) ?? 'unknown',
    text,
    createdAt: fields.take('created_at', instantSchema),
  };
};

/**
 * Assumed: a routing decision has the names of the documented webhook (`to_agent_id`, `route_reason`, `from_number`) or their
 * short forms. If that is wrong, the decision has no content and the events say the same.
 */
export const normaliseRoutingDecision: Normaliser<RoutingDecision> = (json) => {
  const fields = fieldsOf(json);
  if (fields === undefined) return undefined;
  return present({
    id: fields.take('id', textSchema),
    decidedAt: fields.take(['decided_at', 'created_at'], instantSchema),
    agentId: fields.take(['to_agent_id', 'agent_id'], textSchema),
    reason: fields.take(['route_reason', 'reason'], textSchema),
    fromNumber: fields.take('from_number', textSchema),
  });
};

/** Assumed: an agent has an id and perhaps name, email, type. If that is wrong, mapping falls back to the agent's id. */
export const normaliseAgent: Normaliser<Agent> = (json) => {
  const fields = fieldsOf(json);
  const id = fields?.take('id', textSchema);
  if (fields === undefined || id === undefined) return undefined;
  const known = present({
    name: fields.take('name', textSchema),
    email: fields.take('email', textSchema),
    type: fields.take('type', textSchema),
  });
  return { id, ...known, raw: fields.rest() };
};

/** Assumed: a tenant has an id and perhaps a name. If the name is elsewhere, the id is shown. */
export const normaliseTenant: Normaliser<SourceTenant> = (json) => {
  const fields = fieldsOf(json);
  const id = fields?.take('id', textSchema);
  if (fields === undefined || id === undefined) return undefined;
  return { id, ...present({ name: fields.take('name', textSchema) }), raw: fields.rest() };
};
