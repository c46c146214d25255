import type { Caller } from '../domain/caller.ts';
import type { ContentDecision } from '../domain/content-policy.ts';
import type { ActivityKind, CrmKind } from '../domain/crm.ts';
import type { KnownConversation } from '../domain/known-conversation.ts';
import type { WriteMode } from '../domain/plan.ts';
import type { FollowUp } from '../domain/task-policy.ts';
import { createRedactor } from './redact.ts';

/** What a mapping may read. The content policy has been applied to it already: what may not leave is not in it. */
export interface MappingSource {
  readonly known: KnownConversation;
  readonly caller: Caller;
  /** ISO 8601 UTC: the start of the conversation, or the best that is known of it. */
  readonly occurredAt: string;
  /** The task that is to be written; undefined when there is none. */
  readonly followUp?: Pick<FollowUp, 'dueAt' | 'priority'> | undefined;
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
  /** Characters that what we write may have; for modes that write into a text of somebody else's. */
  readonly limit?: number | undefined;
  /** Values are HTML. */
  readonly isHtml?: boolean | undefined;
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
export interface MappedField extends Omit<FieldRule, 'value'> {
  readonly value: string;
}

/** Evaluates rules; empty values are left out. Pure and total. */
export function evaluate(rules: readonly FieldRule[], source: MappingSource): readonly MappedField[] {
  return rules.flatMap(({ value, ...rule }) => {
    const text = value(source);
    return text === undefined || text === '' ? [] : [{ ...rule, value: text }];
  });
}

/**
 * Takes out what does not go to a CRM, before any rule can see it: what was decided to stay, and within what may leave the
 * passages to be redacted. Names, numbers and addresses of the caller stay: people are found by them.
 */
export function applyContentPolicy(known: KnownConversation, decision: ContentDecision): KnownConversation {
  const { summary, recordingUrl, raw, intent, sentiment, tags, ...rest } = known.conversation;
  const { handoff } = known;
  const redact = createRedactor(decision.redact);
  return {
    ...known,
    routing: known.routing.map((each) => (each.reason === undefined ? each : { ...each, reason: redact(each.reason) })),
    handoff: handoff?.reason === undefined ? handoff : { ...handoff, reason: redact(handoff.reason) },
    messages: decision.transcript
      ? known.messages?.map((message) => ({ ...message, text: redact(message.text) }))
      : undefined,
    conversation: {
      ...rest,
      ...(intent === undefined ? {} : { intent: redact(intent) }),
      ...(sentiment === undefined ? {} : { sentiment: redact(sentiment) }),
      tags: tags.map(redact),
      // A field without a name may hold anything that was said: it goes only where all of it may.
      raw: decision.summary && decision.transcript && decision.recording === 'link' ? redactAll(raw, redact) : {},
      ...(decision.summary && summary !== undefined ? { summary: redact(summary) } : {}),
      ...(decision.recording === 'link' && recordingUrl !== undefined ? { recordingUrl } : {}),
    },
  };
}

function redactAll(
  raw: Readonly<Record<string, unknown>>,
  redact: (text: string) => string,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(raw).map(([key, value]) => [redact(key), redactValue(value, redact)]));
}

/** Every text in a JSON value, and numbers that hold what is to be taken out. */
function redactValue(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value === 'number') return redact(String(value)) === String(value) ? value : redact(String(value));
  if (Array.isArray(value)) return value.map((item: unknown) => redactValue(item, redact));
  return typeof value === 'object' && value !== null ? redactAll({ ...value }, redact) : value;
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
