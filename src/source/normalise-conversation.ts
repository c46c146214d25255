import { z } from 'zod';
import type { Conversation } from '../domain/conversation.ts';
import type { TenantId } from '../domain/ids.ts';
import { present, readFields, type FieldReader } from './field-reader.ts';
import {
  conversationCoreSchema,
  directionSchema,
  durationSchema,
  instantSchema,
  recordSchema,
  textSchema,
} from './schemas.ts';
import type { RejectedItem } from './source.ts';

/** A conversation in our words, or why it cannot be one. */
export type NormalisedConversation =
  | { readonly kind: 'conversation'; readonly value: Conversation }
  | { readonly kind: 'rejected'; readonly item: RejectedItem };

type Parties = Pick<Conversation, 'caller' | 'businessNumber'>;

/**
 * Who was at the other end, and which of the tenant's numbers was used.
 * Assumed names: `from_number`, `to_number`, `caller_number`, `caller.phone`, `caller.name`, `caller.email`; assumed meaning:
 * `caller` is the other party whoever called. If that is wrong, the fields stay in `raw`, and the number is taken from
 * routing decisions and events, where it is documented.
 */
function takeParties(fields: FieldReader, direction: Conversation['direction']): Parties & { callerRest: object } {
  const outbound = direction === 'outbound';
  const caller = readFields(fields.take('caller', recordSchema) ?? {});
  const number =
    fields.take(outbound ? 'to_number' : 'from_number', textSchema) ??
    caller.take(['phone', 'number', 'phone_number'], textSchema) ??
    fields.take('caller_number', textSchema);
  const name = caller.take('name', textSchema) ?? fields.take('caller_name', textSchema);
  const email = caller.take('email', textSchema) ?? fields.take('caller_email', textSchema);
  const businessNumber = fields.take(outbound ? 'from_number' : 'to_number', textSchema);
  return { caller: present({ number, name, email }), ...present({ businessNumber }), callerRest: caller.rest() };
}

type Times = Pick<Conversation, 'startedAt' | 'endedAt' | 'durationSeconds'>;

/** `duration_seconds` where it is given (assumed name), else the time between start and end. */
function takeTimes(fields: FieldReader): Times {
  const startedAt = fields.take('started_at', instantSchema);
  const endedAt = fields.take('ended_at', instantSchema);
  const given = fields.take('duration_seconds', durationSchema);
  const span = startedAt === undefined || endedAt === undefined ? -1 : Date.parse(endedAt) - Date.parse(startedAt);
  const durationSeconds = given ?? (span < 0 ? undefined : Math.round(span / 1000));
  return present({ startedAt, endedAt, durationSeconds });
}

/**
 * What was said and made of it. Assumed names throughout; a field that has another name or type is found under `raw`,
 * from where a mapping can still use it.
 */
function takeContent(fields: FieldReader) {
  return {
    ...present({
      agentId: fields.take('agent_id', textSchema),
      summary: fields.take('summary', textSchema),
      sentiment: fields.take('sentiment', textSchema),
      intent: fields.take('intent', textSchema),
      recordingUrl: fields.take('recording_url', textSchema),
      language: fields.take('language', textSchema),
    }),
    tags: fields.take('tags', z.array(z.string())) ?? [],
  };
}

function readableId(json: unknown): string | undefined {
  const parsed = z.object({ id: conversationCoreSchema.shape.id }).safeParse(json);
  return parsed.success ? parsed.data.id : undefined;
}

function rejected(json: unknown, reason: RejectedItem['reason']): NormalisedConversation {
  return { kind: 'rejected', item: { ...present({ id: readableId(json) }), reason } };
}

/**
 * Turns what the API sent into a `Conversation` of this tenant. Only id, tenant, status and channel must be right;
 * another tenant's conversation is rejected, whatever made the API send it.
 */
export function normaliseConversation(json: unknown, tenantId: TenantId): NormalisedConversation {
  const record = recordSchema.safeParse(json);
  const core = conversationCoreSchema.safeParse(json);
  if (!record.success || !core.success) return rejected(json, 'invalid');
  if (core.data.tenant_id !== tenantId) return rejected(json, 'other_tenant');

  const fields = readFields(record.data);
  fields.take('id', z.string());
  fields.take('tenant_id', z.string());
  fields.take('status', z.string());
  fields.take('channel', z.string());
  const direction = fields.take('direction', directionSchema);
  const { callerRest, ...parties } = takeParties(fields, direction);
  const known = { ...takeTimes(fields), ...takeContent(fields), ...parties, ...present({ direction }) };
  const raw = { ...fields.rest(), ...(Object.keys(callerRest).length === 0 ? {} : { caller: callerRest }) };
  const { id, status, channel } = core.data;
  return { kind: 'conversation', value: { id, tenantId, status, channel, ...known, raw } };
}
