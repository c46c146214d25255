import type { Message } from '../../domain/conversation.ts';
import { numberField, textField, type SourceField } from './field.ts';

/** The most messages that `messages.lastN` gives. */
const MOST_LAST = 50;

/** What was said; without values unless the content policy lets the transcript go. */
export const messageFields: readonly SourceField[] = [
  transcriptField('messages.transcript', 'all that was said, a line per message', (messages) => messages),
  transcriptField('messages.first', 'the first message', (messages) => messages.slice(0, 1)),
  transcriptField('messages.last', 'the last message', (messages) => messages.slice(-1)),
  numberField(
    { path: 'messages.count', description: 'how many messages there are', example: '12', content: 'transcript' },
    ({ known }) => known.messages?.length,
  ),
];

/** `messages.last5`: the last so many messages, 1 to 50. Undefined for every other path. */
export function lastMessagesField(path: string): SourceField | undefined {
  const digits = /^messages\.last([1-9]\d?)$/.exec(path)?.[1];
  const count = Number(digits);
  if (digits === undefined || count > MOST_LAST) return undefined;
  return transcriptField(path, `the last ${digits} messages`, (messages) => messages.slice(-count));
}

function transcriptField(
  path: string,
  description: string,
  choose: (messages: readonly Message[]) => readonly Message[],
): SourceField {
  const about = { path, description, example: 'caller: Can I come on Tuesday?', content: 'transcript' } as const;
  return textField(about, ({ known }, limit) => spoken(choose(known.messages ?? []), limit?.characters ?? Infinity));
}

/** A line per message; ends behind the message that reaches the limit. */
function spoken(messages: readonly Message[], limit: number): string {
  let text = '';
  for (const { role, text: said } of messages) {
    if (text.length >= limit) break;
    text += `${text === '' ? '' : '\n'}${role}: ${said}`;
  }
  return text;
}
