import { z } from 'zod';
import { conversationIdSchema, tenantIdSchema } from './ids.ts';

/**
 * What the source says of a conversation, in our words. Only id, tenant, status and channel are certain
 * (they are documented); everything else is used when it is there. Unknown status and channel values pass through as text.
 */
export const conversationSchema = z
  .object({
    id: conversationIdSchema,
    tenantId: tenantIdSchema,
    /** `voice`, `chat`, `sms` or a value we do not know yet. */
    channel: z.string(),
    /** `active`, `completed`, `missed`, `abandoned`, `failed`, `transferred` or a value we do not know yet. */
    status: z.string(),
    direction: z.enum(['inbound', 'outbound']).optional(),
    /** ISO 8601 UTC instants. */
    startedAt: z.string().optional(),
    endedAt: z.string().optional(),
    durationSeconds: z.number().nonnegative().optional(),
    /** The other party, as the source wrote it: the number may be in any format, or a word such as `anonymous`. */
    caller: z
      .object({ number: z.string().optional(), name: z.string().optional(), email: z.string().optional() })
      .readonly(),
    /** The number that was called (inbound) or called from (outbound). */
    businessNumber: z.string().optional(),
    agentId: z.string().optional(),
    summary: z.string().optional(),
    sentiment: z.string().optional(),
    intent: z.string().optional(),
    tags: z.array(z.string()).readonly(),
    recordingUrl: z.string().optional(),
    language: z.string().optional(),
    /** Fields we have no name for, kept for mapping. */
    raw: z.record(z.string(), z.unknown()).readonly(),
  })
  .readonly();

export type Conversation = z.infer<typeof conversationSchema>;

/** Who was given the conversation, and why. */
export const routingDecisionSchema = z
  .object({
    id: z.string().optional(),
    decidedAt: z.string().optional(),
    agentId: z.string().optional(),
    reason: z.string().optional(),
    fromNumber: z.string().optional(),
  })
  .readonly();

export type RoutingDecision = z.infer<typeof routingDecisionSchema>;

/** One turn of a conversation. */
export interface Message {
  readonly id: string | undefined;
  readonly role: string;
  readonly text: string;
  readonly createdAt: string | undefined;
}

/** Statuses in which nothing more will happen. An unknown status counts as ended only when the source gives an end time. */
const ENDED_STATUSES: ReadonlySet<string> = new Set(['completed', 'missed', 'abandoned', 'failed', 'transferred']);

/** True when the source says that the conversation is over and its content final. */
export function hasEnded(conversation: Pick<Conversation, 'status' | 'endedAt'>): boolean {
  return (
    ENDED_STATUSES.has(conversation.status) || (conversation.status !== 'active' && conversation.endedAt !== undefined)
  );
}
