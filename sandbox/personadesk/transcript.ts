import { createRandom, type NonEmpty } from './random.ts';
import type { ApiRecord } from './resources.ts';
import { apiInstant, type Story } from './story.ts';

const ASSISTANT_LINES: NonEmpty<string> = [
  'Thanks for contacting us, how can I help?',
  'Of course. May I have your name, please?',
  'Let me check that for you.',
  'We have an opening on Tuesday at 10:30. Does that work?',
  'I will ask a colleague to call you back.',
];

const CALLER_LINES: NonEmpty<string> = [
  'Hi, I would like to make an appointment.',
  'Tuesday is fine 👍',
  "It's about my last invoice, the amount isn't right.",
  'Können Sie mich bitte zurückrufen?',
  'Do you have parking? "Yes" or "no" is enough.',
  'a < b && b > c – sorry, wrong window',
];

function turnCount(story: Story): number {
  if (story.status === 'missed') return 0;
  if (story.status === 'abandoned' || story.status === 'failed') return 1;
  const random = createRandom(`${story.key}:turns`);
  return random.chance(0.04) ? random.int(50, 90) : random.int(2, 14);
}

/** The turns of a conversation. Half of the conversations spell them role/content, the others sender/text. */
export function toMessages(story: Story): ApiRecord[] {
  const random = createRandom(`${story.key}:transcript`);
  const [speaker, words] = random.chance(0.5) ? ['role', 'content'] : ['sender', 'text'];
  const count = turnCount(story);
  const stepMs = Math.floor((story.durationSeconds * 1000) / (count + 1));
  return Array.from({ length: count }, (_, index) => ({
    id: `msg_${story.suffix}_${index + 1}`,
    conversation_id: `conv_${story.suffix}`,
    [speaker]: index % 2 === 0 ? 'assistant' : 'caller',
    [words]: random.pick(index % 2 === 0 ? ASSISTANT_LINES : CALLER_LINES),
    created_at: apiInstant(Math.floor((story.startedAt + index * stepMs) / 1000) * 1000),
  }));
}
