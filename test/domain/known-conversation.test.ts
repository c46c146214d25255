import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Conversation } from '../../src/domain/conversation.ts';
import type { EventFacts, KnownEventType } from '../../src/domain/event.ts';
import { conversationIdSchema, tenantIdSchema } from '../../src/domain/ids.ts';
import { knowConversation } from '../../src/domain/known-conversation.ts';

const resource: Conversation = {
  id: conversationIdSchema.parse('conv_123'),
  tenantId: tenantIdSchema.parse('ten_1'),
  channel: 'voice',
  status: 'completed',
  caller: {},
  tags: [],
  raw: {},
};

const event = (
  eventId: string,
  type: KnownEventType,
  createdAt: string,
  more: Partial<EventFacts> = {},
): EventFacts => ({
  eventId,
  type,
  createdAt,
  fromNumber: undefined,
  toAgentId: undefined,
  routeReason: undefined,
  ...more,
});

const events = [
  event('e1', 'call.started', '2026-01-01T10:00:00.000Z', { fromNumber: '+15550000001' }),
  event('e2', 'conversation.routed', '2026-01-01T10:00:05.000Z', { fromNumber: '+15550000002', toAgentId: 'agent_a' }),
  event('e3', 'handoff.requested', '2026-01-01T10:01:00.000Z', { routeReason: 'asked_for_person' }),
  event('e4', 'conversation.completed', '2026-01-01T10:02:00.000Z'),
];

describe('what is known of a conversation', () => {
  it('does not depend on the order in which events arrived', () => {
    const inOrder = knowConversation({ resource, routing: [], events });
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (shuffled) => {
        expect(knowConversation({ resource, routing: [], events: shuffled })).toEqual(inOrder);
      }),
    );
  });

  it('trusts the resource before the routing decisions, and those before the events', () => {
    const numberOf = (known: ReturnType<typeof knowConversation>) => known.conversation.caller.number;
    const routing = [{ fromNumber: '+15550000003', agentId: 'agent_b' }];
    const own = { ...resource, caller: { number: '+15550000004' } };
    expect(numberOf(knowConversation({ resource: own, routing, events }))).toBe('+15550000004');
    expect(numberOf(knowConversation({ resource, routing, events }))).toBe('+15550000003');
    expect(numberOf(knowConversation({ resource, routing: [], events }))).toBe('+15550000002');
  });

  it('an empty number at the source does not hide the one an event knows', () => {
    const blank = { ...resource, caller: { number: ' ' } };
    expect(knowConversation({ resource: blank, routing: [], events }).conversation.caller.number).toBe('+15550000002');
  });

  it('a handoff is the first request, however often it is repeated', () => {
    const repeated = [
      ...events,
      event('e5', 'handoff.requested', '2026-01-01T10:03:00.000Z', { routeReason: 'again' }),
    ];
    expect(knowConversation({ resource, routing: [], events: repeated }).handoff).toEqual({
      requestedAt: '2026-01-01T10:01:00.000Z',
      reason: 'again',
      agentId: undefined,
    });
  });
});
