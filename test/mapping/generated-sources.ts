import fc from 'fast-check';
import { identifyCaller } from '../../src/domain/caller.ts';
import type { Conversation, Message } from '../../src/domain/conversation.ts';
import { conversationIdSchema, tenantIdSchema } from '../../src/domain/ids.ts';
import type { MappingSource } from '../../src/mapping/mapping.ts';

/** A conversation as it is written out in tests. */
export function sourceOf(
  conversation: Partial<Conversation> = {},
  known: Partial<MappingSource['known']> = {},
  more: Pick<MappingSource, 'context' | 'followUp'> = {},
): MappingSource {
  const whole: Conversation = {
    id: conversationIdSchema.parse('conv_1'),
    tenantId: tenantIdSchema.parse('ten_a'),
    channel: 'voice',
    status: 'completed',
    direction: 'inbound',
    startedAt: '2026-03-02T22:30:00Z',
    endedAt: '2026-03-02T22:32:45Z',
    durationSeconds: 165,
    caller: { number: '(555) 123-4567', name: 'Zoe van Example' },
    businessNumber: '+14155550000',
    summary: 'Wants Tuesday. Was upset.',
    tags: ['vip', 'refund'],
    raw: {},
    ...conversation,
  };
  return {
    known: { conversation: whole, routing: [], handoff: undefined, messages: undefined, ended: true, ...known },
    caller: identifyCaller(whole, 'US'),
    occurredAt: '2026-03-02T22:30:00Z',
    ...more,
  };
}

const instant = fc
  .date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2099-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());

/** Text of every sort, markup and what is no character among it. */
const anyText = fc.oneof(
  { weight: 4, arbitrary: fc.lorem({ mode: 'sentences', maxCount: 4 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 300 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('<b>Call</b> & "more"', "Robert'); DROP TABLE", '😀'.repeat(300), '\uD83D', ' ', '\n'),
  },
  { weight: 1, arbitrary: fc.constantFrom(41, 256, 300, 70_000).map((length) => 'é'.repeat(length)) },
);

/** A word such as a code or an id. */
const word = fc.stringMatching(/^[a-z][a-z_]{0,15}$/);

const number = fc.oneof(
  fc.constantFrom('+15551234567', '(555) 987-6543', '+49 30 901820', 'anonymous', '12', '0049301234567'),
  fc.stringMatching(/^\+1555\d{7}$/),
);

const message: fc.Arbitrary<Message> = fc.record({
  id: fc.constant(undefined),
  role: fc.constantFrom('caller', 'agent', 'assistant'),
  text: anyText,
  createdAt: fc.constant(undefined),
});

const conversation: fc.Arbitrary<Conversation> = fc.record(
  {
    id: fc.stringMatching(/^conv_[a-z0-9]{1,12}$/).map((id) => conversationIdSchema.parse(id)),
    tenantId: fc.constant(tenantIdSchema.parse('ten_a')),
    channel: fc.constantFrom('voice', 'phone', 'call', 'sms', 'whatsapp', 'chat', 'hologram'),
    status: fc.oneof(
      fc.constantFrom(
        'active',
        'completed',
        'missed',
        'abandoned',
        'failed',
        'transferred',
        'busy',
        'no_answer',
        'voicemail',
        'wrong_number',
      ),
      word,
    ),
    direction: fc.constantFrom('inbound' as const, 'outbound' as const),
    startedAt: instant,
    endedAt: instant,
    durationSeconds: fc.oneof(fc.nat(10_000), fc.double({ min: 0, max: 100_000, noNaN: true })),
    caller: fc.record({ number, name: personName(), email: fc.emailAddress() }, { requiredKeys: [] }),
    businessNumber: number,
    agentId: word,
    summary: anyText,
    sentiment: word,
    intent: fc.oneof(word, fc.constantFrom('wrong_number', 'Wrong number', 'WRONG-NUMBER', ' wrong_number ')),
    tags: fc.array(word, { maxLength: 4 }),
    recordingUrl: fc.oneof(fc.webUrl({ validSchemes: ['https', 'http'] }), fc.constant('file:///tmp/a.mp3')),
    language: fc.constantFrom('en', 'de'),
    raw: fc.dictionary(word, fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown>, { maxKeys: 4 }),
  },
  { requiredKeys: ['id', 'tenantId', 'channel', 'status', 'caller', 'tags', 'raw'] },
);

/** Anything that the source and its events may come to. */
export const anySource: fc.Arbitrary<MappingSource> = fc
  .record({
    conversation,
    occurredAt: instant,
    routing: fc.array(
      fc.record({ reason: fc.option(word, { nil: undefined }), agentId: fc.option(word, { nil: undefined }) }),
      { maxLength: 3 },
    ),
    handoff: fc.option(
      fc.record({
        requestedAt: instant,
        reason: fc.option(word, { nil: undefined }),
        agentId: fc.option(word, { nil: undefined }),
      }),
      { nil: undefined },
    ),
    messages: fc.option(fc.array(message, { maxLength: 12 }), { nil: undefined }),
    followUp: fc.option(
      fc.record({ dueAt: instant, priority: fc.constantFrom('low' as const, 'medium' as const, 'high' as const) }),
      { nil: undefined },
    ),
    timezone: fc.constantFrom('UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland'),
  })
  .map(({ conversation: whole, occurredAt, routing, handoff, messages, followUp, timezone }) => ({
    known: { conversation: whole, routing, handoff, messages, ended: true },
    caller: identifyCaller(whole, 'US'),
    occurredAt,
    followUp,
    context: { timezone },
  }));

function personName(): fc.Arbitrary<string> {
  const part = fc.oneof(
    fc.constantFrom('Zoë', "O'Brien", 'van', 'Müller', '李', '<b>Bob</b>', '😀'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).map((text) => text.replace(/\s|\p{Cc}/gu, 'x')),
  );
  return fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(' '));
}
