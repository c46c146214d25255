import { describe, expect, it } from '@jest/globals';
import { applyContentPolicy } from '../../src/mapping/mapping.ts';
import { sourceOf } from './generated-sources.ts';

const ALL = { recording: 'link', summary: true, transcript: true, rule: 'test' } as const;
const CARD = '4111 1111 1111 1111';

describe('what is redacted', () => {
  const { known } = sourceOf(
    {
      summary: `Paid with ${CARD}.`,
      intent: `pay with ${CARD}`,
      sentiment: CARD,
      tags: [CARD, 'vip'],
      caller: { number: '+14155552671', name: CARD },
      raw: { [CARD]: 1, list: [CARD, { deep: 4_111_111_111_111_111 }], count: 42, none: null, yes: true },
    },
    {
      messages: [{ id: undefined, role: 'caller', text: `It is ${CARD}`, createdAt: undefined }],
      routing: [{ reason: CARD, agentId: 'ag_1' }],
      handoff: { requestedAt: '2026-03-02T10:00:00Z', reason: CARD, agentId: undefined },
    },
  );
  const redacted = applyContentPolicy(known, { ...ALL, redact: ['card_number'] });

  it('is gone from every text that was said or written of it, at any depth', () => {
    const { caller, ...conversation } = redacted.conversation;
    expect(JSON.stringify({ ...redacted, conversation })).not.toMatch(/4111/);
    expect(redacted.conversation).toMatchObject({
      summary: 'Paid with [card number].',
      raw: { '[card number]': 1, list: ['[card number]', { deep: '[card number]' }], count: 42, none: null, yes: true },
    });
    // By them people are found.
    expect(caller).toEqual(known.conversation.caller);
  });

  it('is nothing without a rule: everything stays as it was', () => {
    expect(applyContentPolicy(known, { ...ALL, redact: [] })).toEqual(known);
  });
});
