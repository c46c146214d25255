import type { Message } from '../domain/conversation.ts';
import type { MappingSource } from './mapping.ts';
import { cleanText, htmlLines, truncate } from './text.ts';

/**
 * The body of an activity as HTML that every CRM shows: paragraphs and line breaks only, everything from outside
 * escaped. At most `limit` characters; what does not fit is cut from the transcript first, then from the summary, and
 * never inside a tag or an entity.
 */
export function activityBody(source: MappingSource, limit: number): string {
  const { conversation, messages } = source.known;
  const facts = factLines(source)
    .map((line) => htmlParagraph(line, limit))
    .join('');
  const summary = htmlParagraph(conversation.summary ?? '', Math.max(0, limit - facts.length));
  const transcript = htmlParagraph(transcriptOf(messages), Math.max(0, limit - facts.length - summary.length));
  return summary + facts + transcript;
}

function factLines({ known: { conversation, handoff, routing } }: MappingSource): readonly string[] {
  const reason = routing.find((decision) => decision.reason !== undefined)?.reason;
  return [
    ...labelled('Outcome', words(conversation.status)),
    ...labelled('Intent', words(conversation.intent)),
    ...labelled('Sentiment', words(conversation.sentiment)),
    ...labelled('Routed because', words(reason)),
    ...labelled('Agent', conversation.agentId),
    ...(handoff === undefined ? [] : [`A person was asked for at ${handoff.requestedAt}.`]),
    ...labelled('Recording', conversation.recordingUrl),
    ...labelled('PersonaDesk conversation', conversation.id),
  ].map((line) => truncate(line, MAX_FACT));
}

/** A fact is a word or a link; anything longer is noise that would push the summary out. */
const MAX_FACT = 1_000;

function transcriptOf(messages: readonly Message[] | undefined): string {
  return (messages ?? []).map((message) => `${message.role}: ${message.text}`).join('\n');
}

/** A plain text as one paragraph of at most `room` characters of HTML; nothing when it is empty or there is no room. */
export function htmlParagraph(text: string, room: number): string {
  if (text === '' || room < '<p>…</p>'.length) return '';
  let length = text.length;
  for (;;) {
    const html = `<p>${htmlLines(cleanText(truncate(text, length)))}</p>`;
    if (html.length <= room) return html;
    // Entities make HTML longer than its text; shrink in proportion, by one at least, so that this ends.
    length = Math.min(length - 1, Math.floor((length * room) / html.length));
    if (length <= 0) return '';
  }
}

function labelled(label: string, value: string | undefined): readonly string[] {
  return value === undefined || value === '' ? [] : [`${label}: ${value}`];
}

/** `lead_high_intent` reads `lead high intent`. */
function words(code: string | undefined): string | undefined {
  return code?.replaceAll('_', ' ');
}
