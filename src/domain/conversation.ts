import type { ConversationId, TenantId } from './ids.ts';

/**
 * What the source says of a conversation, in our words. Only id, tenant, status and channel are certain
 * (they are documented); everything else is used when it is there. Unknown status and channel values pass through as text.
 */
export interface Conversation {
  readonly id: ConversationId;
  readonly tenantId: TenantId;
  /** `voice`, `chat`, `sms` or a value we do not know yet. */
  readonly channel: string;
  /** `active`, `completed`, `missed`, `abandoned`, `failed`, `transferred` or a value we do not know yet. */
  readonly status: string;
  readonly direction?: 'inbound' | 'outbound' | undefined;
  /** ISO 8601 UTC instants. */
  readonly startedAt?: string | undefined;
  readonly endedAt?: string | undefined;
  readonly durationSeconds?: number | undefined;
  /** The other party, as the source wrote it: the number may be in any format, or a word such as `anonymous`. */
  readonly caller: {
    readonly number?: string | undefined;
    readonly name?: string | undefined;
    readonly email?: string | undefined;
  };
  /** The number that was called (inbound) or called from (outbound). */
  readonly businessNumber?: string | undefined;
  readonly agentId?: string | undefined;
  readonly summary?: string | undefined;
  readonly sentiment?: string | undefined;
  readonly intent?: string | undefined;
  readonly tags: readonly string[];
  readonly recordingUrl?: string | undefined;
  readonly language?: string | undefined;
  /** Fields we have no name for, kept for mapping. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** Who was given the conversation, and why. Instants are ISO 8601 UTC. */
export interface RoutingDecision {
  readonly id?: string | undefined;
  readonly decidedAt?: string | undefined;
  readonly agentId?: string | undefined;
  readonly reason?: string | undefined;
  readonly fromNumber?: string | undefined;
}

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
