import type { Caller } from '../domain/caller.ts';
import type { ConnectionConfiguration } from '../domain/configuration.ts';
import type { ActivityKind, CrmKind } from '../domain/crm.ts';
import type { KnownConversation } from '../domain/known-conversation.ts';
import type { WriteMode } from '../domain/plan.ts';

/** What a mapping may read. The content policy has been applied to it already: what may not leave is not in it. */
export interface MappingSource {
  readonly known: KnownConversation;
  readonly caller: Caller;
  /** ISO 8601 UTC: the start of the conversation, or the best that is known of it. */
  readonly occurredAt: string;
  readonly context?: MappingContext | undefined;
}

/** What stands around a conversation; absent where nobody looked. */
interface MappingContext {
  /** IANA; the tenant's. */
  readonly timezone?: string | undefined;
  /** ISO 3166 alpha-2; the country of numbers without a country code. */
  readonly defaultCountry?: string | undefined;
  /** Whether it began outside business hours. */
  readonly afterHours?: boolean | undefined;
  /** Where the conversation can be looked at. */
  readonly deepLink?: string | undefined;
  /** The agent who had the conversation. */
  readonly agent?: { readonly name?: string | undefined; readonly email?: string | undefined } | undefined;
}

/** One row of a mapping: which field gets what, and who wins when there is something already. */
export interface FieldRule {
  readonly field: string;
  readonly mode: WriteMode;
  /** Undefined leaves the field alone: a null at the source never clears a value in the CRM. */
  readonly value: (source: MappingSource) => string | undefined;
}

/** A set of rules for one CRM, under an immutable version. */
export interface Mapping {
  readonly version: string;
  readonly crm: CrmKind;
  readonly person: readonly FieldRule[];
  readonly activity: (kind: ActivityKind) => readonly FieldRule[];
  readonly task: readonly FieldRule[];
  /** Remarks on values that had to be guessed, such as a status nobody has named yet. */
  readonly warnings: (source: MappingSource) => readonly string[];
  /** True when a rule reads messages: they are fetched only then. */
  readonly readsMessages: boolean;
}

/** One evaluated rule. */
export interface MappedField {
  readonly field: string;
  readonly mode: WriteMode;
  readonly value: string;
}

/** Evaluates rules; empty values are left out. Pure and total. */
export function evaluate(rules: readonly FieldRule[], source: MappingSource): readonly MappedField[] {
  return rules.flatMap(({ field, mode, value }) => {
    const text = value(source);
    return text === undefined || text === '' ? [] : [{ field, mode, value: text }];
  });
}

/** Takes out what the content policy does not let go to a CRM, before any rule can see it. */
export function applyContentPolicy(
  known: KnownConversation,
  policy: ConnectionConfiguration['content'],
): KnownConversation {
  const { summary, recordingUrl, raw, ...rest } = known.conversation;
  return {
    ...known,
    messages: policy.transcript ? known.messages : undefined,
    conversation: {
      ...rest,
      // A field without a name may hold anything that was said: it goes only where all of it may.
      raw: policy.summary && policy.transcript && policy.recording === 'link' ? raw : {},
      ...(policy.summary && summary !== undefined ? { summary } : {}),
      ...(policy.recording === 'link' && recordingUrl !== undefined ? { recordingUrl } : {}),
    },
  };
}

/** What a channel becomes in a CRM. A channel nobody has named yet is text, so it is a chat. */
export function activityKindOf(channel: string): ActivityKind {
  switch (channel) {
    case 'voice':
    case 'phone':
    case 'call':
      return 'call';
    case 'sms':
    case 'whatsapp':
      return 'text_message';
    default:
      return 'chat';
  }
}
