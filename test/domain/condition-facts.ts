import { identifyCaller } from '../../src/domain/caller.ts';
import type { ConditionFacts } from '../../src/domain/condition.ts';
import type { Conversation } from '../../src/domain/conversation.ts';
import { conversationIdSchema, tenantIdSchema } from '../../src/domain/ids.ts';
import type { KnownConversation } from '../../src/domain/known-conversation.ts';

const conversation: Conversation = {
  id: conversationIdSchema.parse('conv_1'),
  tenantId: tenantIdSchema.parse('ten_1'),
  channel: 'voice',
  status: 'completed',
  direction: 'inbound',
  durationSeconds: 42,
  caller: { number: '+14155550100' },
  businessNumber: '+14155550199',
  agentId: 'ag_front',
  intent: 'booking',
  tags: ['VIP', 'spring'],
  raw: {},
};

/** An ended call of 42 seconds from a recognised caller, changed as given. */
export function factsOf(
  more: Partial<Conversation> = {},
  rest: Partial<Omit<ConditionFacts, 'known'>> & Pick<Partial<KnownConversation>, 'handoff'> = {},
): ConditionFacts {
  const whole = { ...conversation, ...more };
  const { handoff, ...others } = rest;
  return {
    known: { conversation: whole, routing: [], handoff, messages: undefined, ended: true },
    caller: identifyCaller(whole, 'US'),
    afterHours: false,
    repeatCaller: false,
    ...others,
  };
}
