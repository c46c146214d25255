import type { MappingSource } from './mapping.ts';
import { cleanText, truncate } from './text.ts';

/** A fact is a word or a link; anything longer is noise that would push the transcript out. */
const MAX_FACT = 1_000;

/**
 * The description of an activity in a CRM whose long texts are plain: the summary first, then what is known of the
 * conversation line by line, then what was said. At most `limit` characters, cut at the end, and it says that it was cut.
 */
export function plainDescription(source: MappingSource, limit: number): string {
  const { conversation, messages } = source.known;
  const said = (messages ?? []).map((message) => `${message.role}: ${message.text}`);
  const parts = [conversation.summary ?? '', factsOf(source).join('\n'), said.join('\n')];
  return truncate(cleanText(parts.filter((part) => part.trim() !== '').join('\n\n')), limit);
}

function factsOf({ known: { conversation, handoff, routing } }: MappingSource): readonly string[] {
  const reason = routing.find((decision) => decision.reason !== undefined)?.reason;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Outcome', words(conversation.status)],
    ['Intent', words(conversation.intent)],
    ['Sentiment', words(conversation.sentiment)],
    ['Routed because', words(reason)],
    ['Agent', conversation.agentId],
    ['Started', conversation.startedAt],
    ['A person was asked for at', handoff?.requestedAt],
    ['Recording', conversation.recordingUrl],
    ['PersonaDesk conversation', conversation.id],
  ];
  return facts.flatMap(([label, value]) =>
    value === undefined || value === '' ? [] : [truncate(`${label}: ${value}`, MAX_FACT)],
  );
}

/** `lead_high_intent` reads `lead high intent`. */
export function words(code: string | undefined): string | undefined {
  return code?.replaceAll('_', ' ');
}
