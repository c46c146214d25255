import { describe, expect, it } from '@jest/globals';
import { identifyCaller } from '../../src/domain/caller.ts';
import type { Conversation } from '../../src/domain/conversation.ts';
import type { ActivityKind } from '../../src/domain/crm.ts';
import { conversationIdSchema, tenantIdSchema } from '../../src/domain/ids.ts';
import type { KnownConversation } from '../../src/domain/known-conversation.ts';
import { defaultMapping } from '../../src/mapping/default-mapping.ts';
import { evaluate, type FieldRule, type MappingSource } from '../../src/mapping/mapping.ts';

const mapping = defaultMapping('salesforce');

describe('the default mapping for Salesforce', () => {
  it('a call becomes a logged call with its direction, length and result', () => {
    expect(valuesOf(mapping.activity('call'), source({ summary: 'Wants a quote. Asked for Tuesday.' }))).toMatchObject({
      Subject: 'Wants a quote.',
      ActivityDate: '2026-11-24',
      TaskSubtype: 'Call',
      CallType: 'Inbound',
      CallDurationInSeconds: '132',
      CallDisposition: 'lead high intent',
      CallObject: 'conv_1',
    });
  });

  it('an outbound call says so, and without a summary it is named after who was called', () => {
    const values = valuesOf(mapping.activity('call'), source({ direction: 'outbound' }));
    expect(values).toMatchObject({ CallType: 'Outbound', Subject: 'Call to Zoe Example' });
  });

  it.each<ActivityKind>(['chat', 'text_message'])('a %s is no call', (kind) => {
    const values = valuesOf(mapping.activity(kind), source({ channel: 'chat' }));
    expect(Object.keys(values).toSorted()).toEqual(['ActivityDate', 'CallObject', 'Description', 'Subject']);
    expect(values.Subject).toBe('Conversation from Zoe Example');
  });

  it('the description is plain text: the summary, what is known, what was said', () => {
    const messages = [{ id: undefined, role: 'caller', text: 'Hello <b>you</b> & me', createdAt: undefined }];
    const known = source({ summary: 'Wants a quote.' }, { messages });
    expect(valuesOf(mapping.activity('call'), known).Description).toBe(
      [
        'Wants a quote.',
        'Outcome: lead high intent\nStarted: 2026-11-24T22:59:00Z\nPersonaDesk conversation: conv_1',
        'caller: Hello <b>you</b> & me',
      ].join('\n\n'),
    );
  });

  it('a description ends at 32,000 characters and says that it was cut', () => {
    const messages = [{ id: undefined, role: 'caller', text: '😀'.repeat(40_000), createdAt: undefined }];
    const { Description = '' } = valuesOf(mapping.activity('call'), source({}, { messages }));
    expect(Description.length).toBeLessThanOrEqual(32_000);
    expect(Description.endsWith('…')).toBe(true);
    expect(Description.isWellFormed()).toBe(true);
  });

  it('the status of a conversation is left to the connector, which knows the words of the org', () => {
    for (const kind of ['call', 'chat', 'text_message'] as const) {
      expect(fieldsOf(mapping.activity(kind))).not.toContain('Status');
    }
    expect(fieldsOf(mapping.task)).not.toContain('Status');
  });

  it('what is refused in an update is said only when the task is made', () => {
    expect(mapping.activity('call').find(({ field }) => field === 'TaskSubtype')?.mode).toBe('create_only');
  });

  it('a follow-up task is due on the day where the tenant is, and never touched again', () => {
    const handoff = { requestedAt: '2026-11-25T00:10:00Z', reason: 'asked_for_person', agentId: undefined };
    const followUp = { dueAt: '2026-11-25T00:25:00.000Z', priority: 'high' } as const;
    const asked = { ...source({}, { handoff }), followUp };
    const there = { ...asked, context: { timezone: 'America/New_York' } };
    expect(valuesOf(mapping.task, there)).toMatchObject({ ActivityDate: '2026-11-24' });
    expect(valuesOf(mapping.task, { ...asked, followUp: { ...followUp, priority: 'medium' } })).toMatchObject({
      Priority: 'Normal',
    });
    expect(valuesOf(mapping.task, asked)).toEqual({
      Subject: 'Call back Zoe Example',
      Description: 'The AI receptionist asked for a person (asked for person). Number: +15551234567.',
      ActivityDate: '2026-11-25',
      Priority: 'High',
    });
    expect(new Set(mapping.task.map(({ mode }) => mode))).toEqual(new Set(['create_only']));
  });

  it.each([
    ['Zoe van Example', { FirstName: 'Zoe', LastName: 'van Example' }],
    ['Zoe', { FirstName: undefined, LastName: 'Zoe' }],
    [undefined, { FirstName: 'Unknown caller', LastName: '+15551234567' }],
  ])('a caller named %p has the last name that Salesforce asks for, and a company for leads', (name, expected) => {
    const values = valuesOf(
      mapping.person,
      source({ caller: { number: '+15551234567', name, email: 'Zoe@Example.com' } }),
    );
    expect({ FirstName: values.FirstName, LastName: values.LastName }).toEqual(expected);
    expect(values).toMatchObject({ Phone: '+15551234567', Email: 'zoe@example.com', Company: 'Unknown' });
  });

  it('a name longer than its field is cut', () => {
    const caller = { number: '+15551234567', name: `${'a'.repeat(60)} ${'b'.repeat(99)}` };
    const { FirstName, LastName } = valuesOf(mapping.person, source({ caller }));
    expect([FirstName?.length, LastName?.length]).toEqual([40, 80]);
  });
});

function valuesOf(rules: readonly FieldRule[], from: MappingSource): Record<string, string> {
  return Object.fromEntries(evaluate(rules, from).map(({ field, value }) => [field, value]));
}

function fieldsOf(rules: readonly FieldRule[]): readonly string[] {
  return rules.map(({ field }) => field);
}

function source(conversation: Partial<Conversation>, known: Partial<KnownConversation> = {}): MappingSource {
  const whole: Conversation = {
    id: conversationIdSchema.parse('conv_1'),
    tenantId: tenantIdSchema.parse('ten_a'),
    channel: 'voice',
    status: 'lead_high_intent',
    direction: 'inbound',
    startedAt: '2026-11-24T22:59:00Z',
    durationSeconds: 131.6,
    caller: { number: '(555) 123-4567', name: 'Zoe Example' },
    tags: [],
    raw: {},
    ...conversation,
  };
  return {
    known: { conversation: whole, routing: [], handoff: undefined, messages: undefined, ended: true, ...known },
    caller: identifyCaller(whole, 'US'),
    occurredAt: '2026-11-24T22:59:00Z',
  };
}
