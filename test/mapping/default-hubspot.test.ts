import { describe, expect, it } from '@jest/globals';
import { identifyCaller } from '../../src/domain/caller.ts';
import type { Conversation } from '../../src/domain/conversation.ts';
import { conversationIdSchema, tenantIdSchema } from '../../src/domain/ids.ts';
import { defaultMapping } from '../../src/mapping/default-mapping.ts';
import { evaluate, type MappingSource } from '../../src/mapping/mapping.ts';

const mapping = defaultMapping('hubspot');

const callOf = (conversation: Partial<Conversation>) =>
  Object.fromEntries(
    evaluate(mapping.activity('call'), source(conversation)).map(({ field, value }) => [field, value]),
  );

describe('the outcome of a call in the default mapping for HubSpot', () => {
  it.each([
    ['completed', 'COMPLETED', 'Connected'],
    ['transferred', 'COMPLETED', 'Connected'],
    ['missed', 'NO_ANSWER', 'No answer'],
    ['no_answer', 'NO_ANSWER', 'No answer'],
    ['voicemail', 'NO_ANSWER', 'Left voicemail'],
    ['busy', 'BUSY', 'Busy'],
    ['wrong_number', 'COMPLETED', 'Wrong number'],
    // None of these says how the call went.
    ['active', 'IN_PROGRESS', undefined],
    ['abandoned', 'CANCELED', undefined],
    ['failed', 'FAILED', undefined],
  ])('%s is %s with the outcome %s, and nothing is guessed', (status, callStatus, outcome) => {
    const call = callOf({ status });
    expect([call.hs_call_status, call.hs_call_disposition]).toEqual([callStatus, outcome]);
    expect(mapping.warnings(source({ status }))).toEqual([]);
  });

  it.each(['something new', 'constructor'])(
    'the status %s is a completed call without an outcome, and told',
    (status) => {
      const call = callOf({ status });
      expect([call.hs_call_status, call.hs_call_disposition]).toEqual(['COMPLETED', undefined]);
      expect(mapping.warnings(source({ status }))).toEqual([
        `status '${status}' is not known; it was written as COMPLETED`,
      ]);
    },
  );

  it.each(['wrong_number', 'Wrong number'])('a call about %s reached the wrong people, however it ended', (intent) => {
    expect(callOf({ status: 'completed', intent }).hs_call_disposition).toBe('Wrong number');
  });

  it('only calls have one', () => {
    for (const kind of ['chat', 'text_message'] as const) {
      expect(mapping.activity(kind).map(({ field }) => field)).not.toContain('hs_call_disposition');
    }
  });
});

function source(conversation: Partial<Conversation>): MappingSource {
  const whole: Conversation = {
    id: conversationIdSchema.parse('conv_1'),
    tenantId: tenantIdSchema.parse('ten_a'),
    channel: 'voice',
    status: 'completed',
    caller: { number: '(555) 123-4567' },
    tags: [],
    raw: {},
    ...conversation,
  };
  return {
    known: { conversation: whole, routing: [], handoff: undefined, messages: undefined, ended: true },
    caller: identifyCaller(whole, 'US'),
    occurredAt: '2026-11-24T22:59:00Z',
  };
}
