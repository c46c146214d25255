import { describe, expect, it } from '@jest/globals';
import { FIELDS } from '../../connectors/csv-log/columns.ts';
import { identifyCaller } from '../../src/domain/caller.ts';
import type { Conversation } from '../../src/domain/conversation.ts';
import { conversationIdSchema, tenantIdSchema } from '../../src/domain/ids.ts';
import { defaultCsvLogMapping } from '../../src/mapping/default-csv-log.ts';
import { evaluate, type FieldRule, type MappingSource } from '../../src/mapping/mapping.ts';

function sourceOf(more: Partial<Conversation> = {}, rest: Partial<MappingSource['known']> = {}): MappingSource {
  const conversation: Conversation = {
    id: conversationIdSchema.parse('conv_1'),
    tenantId: tenantIdSchema.parse('ten_a'),
    channel: 'voice',
    status: 'completed',
    direction: 'inbound',
    caller: { number: '(415) 555-2671', name: 'Zoë Quill' },
    businessNumber: '+14155550000',
    summary: 'Wants a date.\r\nPrefers mornings.',
    durationSeconds: 165,
    tags: [],
    raw: {},
    ...more,
  };
  return {
    known: { conversation, routing: [], handoff: undefined, messages: undefined, ended: true, ...rest },
    caller: identifyCaller(conversation, 'US'),
    occurredAt: '2026-03-02T10:00:00.000Z',
  };
}

function written(rules: readonly FieldRule[], source: MappingSource): Readonly<Record<string, string>> {
  return Object.fromEntries(evaluate(rules, source).map(({ field, value }) => [field, value]));
}

const { person, activity, task } = defaultCsvLogMapping;

describe('the default mapping for CSV files', () => {
  it('writes only columns that the files have', () => {
    const kinds = (['call', 'text_message', 'chat'] as const).flatMap((kind) => activity(kind));
    const named = (rules: readonly FieldRule[]) => rules.map(({ field }) => field);
    expect(FIELDS.people).toEqual(expect.arrayContaining(named(person)));
    expect(FIELDS.activities).toEqual(expect.arrayContaining(named(kinds)));
    expect(FIELDS.tasks).toEqual(expect.arrayContaining(named(task)));
  });

  it('a call is there with its numbers in the direction it went', () => {
    expect(written(activity('call'), sourceOf())).toMatchObject({
      title: 'Wants a date.',
      body: 'Wants a date.\nPrefers mornings.',
      duration_seconds: '165',
      from_number: '+14155552671',
      to_number: '+14155550000',
    });
    expect(written(activity('call'), sourceOf({ direction: 'outbound' }))).toMatchObject({
      from_number: '+14155550000',
      to_number: '+14155552671',
    });
  });

  it('a transcript that may leave stands below the summary', () => {
    const messages = [{ id: undefined, role: 'caller', text: 'Hello', createdAt: undefined }];
    expect(written(activity('chat'), sourceOf({ summary: 'Short.' }, { messages })).body).toBe('Short.\ncaller: Hello');
  });

  it('a person has number and name, and a task says whom to call back', () => {
    expect(written(person, sourceOf())).toEqual({ phone: '+14155552671', first_name: 'Zoë', last_name: 'Quill' });
    const handoff = { requestedAt: '2026-03-02T10:01:00Z', reason: 'lead_high_intent', agentId: undefined };
    const followUp = { dueAt: '2026-03-02T10:16:00.000Z', priority: 'high' } as const;
    expect(written(task, { ...sourceOf({}, { handoff }), followUp })).toEqual({
      due_at: '2026-03-02T10:16:00.000Z',
      subject: 'Call back +14155552671',
      body: 'lead high intent',
      status: 'open',
    });
  });
});
