import { instantField, listField, numberField, textField, type SourceField } from './field.ts';

/** The conversation as PersonaDesk tells of it. */
export const conversationFields: readonly SourceField[] = [
  textField(
    { path: 'conversation.id', description: 'PersonaDesk id of the conversation', example: 'conv_8f2' },
    ({ known }) => known.conversation.id,
  ),
  textField(
    { path: 'conversation.channel', description: 'voice, chat, sms or another channel', example: 'voice' },
    ({ known }) => known.conversation.channel,
  ),
  textField(
    { path: 'conversation.status', description: 'completed, missed, transferred or another status', example: 'missed' },
    ({ known }) => known.conversation.status,
  ),
  textField(
    { path: 'conversation.direction', description: 'inbound or outbound', example: 'inbound' },
    ({ known }) => known.conversation.direction,
  ),
  instantField(
    { path: 'conversation.startedAt', description: 'when it began', example: '2026-03-02T10:00:00Z' },
    ({ known }) => known.conversation.startedAt,
  ),
  instantField(
    { path: 'conversation.endedAt', description: 'when it ended', example: '2026-03-02T10:02:45Z' },
    ({ known }) => known.conversation.endedAt,
  ),
  numberField(
    { path: 'conversation.durationSeconds', description: 'how long it took, in seconds', example: '165' },
    ({ known }) => known.conversation.durationSeconds,
  ),
  textField(
    {
      path: 'conversation.summary',
      description: 'what it was about',
      example: 'Wants Tuesday instead of Friday.',
      content: 'summary',
    },
    ({ known }) => known.conversation.summary,
  ),
  textField(
    { path: 'conversation.sentiment', description: 'how the caller felt', example: 'negative' },
    ({ known }) => known.conversation.sentiment,
  ),
  textField(
    { path: 'conversation.intent', description: 'what the caller wanted', example: 'book_appointment' },
    ({ known }) => known.conversation.intent,
  ),
  textField(
    { path: 'conversation.language', description: 'language of the conversation', example: 'en' },
    ({ known }) => known.conversation.language,
  ),
  listField(
    { path: 'conversation.tags', description: 'tags of the conversation', example: 'vip, refund' },
    ({ known }) => known.conversation.tags,
  ),
  textField(
    {
      path: 'conversation.recordingUrl',
      description: 'link to the recording',
      example: 'https://recordings.example/1.mp3',
      content: 'recording',
    },
    ({ known }) => known.conversation.recordingUrl,
  ),
  textField(
    {
      path: 'conversation.businessNumber',
      description: 'the number of yours that was called, or called from',
      example: '+14155550000',
    },
    ({ known }) => known.conversation.businessNumber,
  ),
  textField(
    { path: 'conversation.agentId', description: 'PersonaDesk id of the agent', example: 'agent_abc' },
    ({ known }) => known.conversation.agentId,
  ),
];
