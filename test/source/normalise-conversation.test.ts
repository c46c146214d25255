import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Conversation } from '../../src/domain/conversation.ts';
import { normaliseConversation } from '../../src/source/normalise-conversation.ts';
import { exampleConversation, generateConversations } from '../../sandbox/personadesk/index.ts';
import { conversationShape } from './conversation-shape.ts';
import { TENANT } from './sandbox-client.ts';

const CORE = { id: 'conv_1', tenant_id: 'ten_demo', status: 'completed', channel: 'voice' };

function normalised(fields: Readonly<Record<string, unknown>>): Conversation {
  const result = normaliseConversation({ ...CORE, ...fields }, TENANT);
  if (result.kind !== 'conversation') throw new Error(`rejected: ${result.item.reason}`);
  return result.value;
}

describe('a conversation from the source', () => {
  it('needs nothing but the documented fields', () => {
    expect(normaliseConversation(exampleConversation('ten_demo').resource, TENANT)).toEqual({
      kind: 'conversation',
      value: {
        id: 'conv_123',
        tenantId: 'ten_demo',
        status: 'completed',
        channel: 'voice',
        startedAt: '2025-01-15T10:24:00.000Z',
        endedAt: '2025-01-15T10:26:45.000Z',
        durationSeconds: 165,
        caller: {},
        tags: [],
        raw: {},
      },
    });
  });

  it('is never rejected for an optional field, whatever is in it', () => {
    const names = [
      ...['direction', 'from_number', 'to_number', 'caller', 'caller_number', 'agent_id', 'summary', 'sentiment'],
      ...['intent', 'tags', 'recording_url', 'duration_seconds', 'language', 'started_at', 'ended_at', '__proto__'],
    ];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), fc.jsonValue()), (fields) => {
        const value = normalised(fields);
        expect(conversationShape.safeParse(value).success).toBe(true);
        expect(value.durationSeconds ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('loses no field: what is not understood is in raw', () => {
    const odd = {
      from_number: 15_551_234_567,
      direction: 'sideways',
      tags: 'vip',
      duration_seconds: '165',
      started_at: 'yesterday',
      summary: { text: 'hi' },
      caller: 'Zoë',
      handoff_requested: true,
      custom: { deep: [1] },
    };
    const value = normalised(odd);
    expect(value.raw).toEqual(odd);
    expect(value).toMatchObject({ caller: {}, tags: [] });
    expect(value).not.toHaveProperty('direction');
    expect(value).not.toHaveProperty('startedAt');
    expect(value).not.toHaveProperty('durationSeconds');
  });

  it('takes no null and no blank for a value', () => {
    const value = normalised({ from_number: null, summary: ' ', agent_id: '', language: null, ended_at: null });
    expect(value).toMatchObject({ caller: {}, raw: { summary: ' ', agent_id: '' } });
    expect(Object.values(value.raw)).not.toContain(null);
    expect(Object.keys(value).sort()).toEqual(['caller', 'channel', 'id', 'raw', 'status', 'tags', 'tenantId']);
  });

  it.each([
    [{ from_number: '+1555' }, '+1555'],
    [{ caller: { phone: '+1555' } }, '+1555'],
    [{ caller: { number: '+1555' } }, '+1555'],
    [{ caller_number: '+1555' }, '+1555'],
    [{ from_number: '', caller: { phone: '+1555' } }, '+1555'],
    [{ from_number: 'anonymous' }, 'anonymous'],
    [{ direction: 'OUTBOUND', from_number: '+1999', to_number: '+1555' }, '+1555'],
    [{ direction: 'outbound', from_number: '+1999', caller: { phone: '+1555' } }, '+1555'],
    [{ direction: 'outbound', from_number: '+1999' }, undefined],
  ])('with %j was with %p', (fields, number) => {
    expect(normalised(fields).caller.number).toBe(number);
  });

  it('keeps the second spelling of a number beside the first', () => {
    expect(normalised({ from_number: '+1555', caller_number: '+1666' }).raw).toEqual({ caller_number: '+1666' });
  });

  it('knows which number of the business was used', () => {
    expect(normalised({ to_number: '+1999' }).businessNumber).toBe('+1999');
    expect(normalised({ direction: 'outbound', from_number: '+1999' }).businessNumber).toBe('+1999');
  });

  it('keeps what else is known of the caller', () => {
    const value = normalised({ caller: { name: 'Zoë', email: 'z@example.com', phone: '+1', company: 'Acme' } });
    expect(value.caller).toEqual({ number: '+1', name: 'Zoë', email: 'z@example.com' });
    expect(value.raw).toEqual({ caller: { company: 'Acme' } });
  });

  it.each([
    ['2025-01-15T10:24:00Z', '2025-01-15T10:24:00.000Z'],
    ['2025-01-15T12:24:00+02:00', '2025-01-15T10:24:00.000Z'],
    ['2025-01-15T10:24:00.5Z', '2025-01-15T10:24:00.500Z'],
    ['2025-01-15 10:24:00', '2025-01-15T10:24:00.000Z'],
    ['2025-01-15T10:24:00', '2025-01-15T10:24:00.000Z'],
    ['2025-13-15T10:24:00Z', undefined],
    ['15/01/2025', undefined],
    ['2025', undefined],
    [1_736_936_640, undefined],
  ])('that started at %j started at %p', (started_at, startedAt) => {
    expect(normalised({ started_at }).startedAt).toBe(startedAt);
  });

  it('has the duration that is given, else the time from start to end, and none if that is negative', () => {
    const times = { started_at: '2025-01-15T10:24:00Z', ended_at: '2025-01-15T10:25:00Z' };
    expect(normalised({ ...times, duration_seconds: 42 }).durationSeconds).toBe(42);
    expect(normalised({ ...times, duration_seconds: -1 }).durationSeconds).toBe(60);
    expect(normalised({ started_at: times.ended_at, ended_at: times.started_at }).durationSeconds).toBeUndefined();
  });

  it.each([
    [{ status: 42 }, 'invalid'],
    [{ channel: null }, 'invalid'],
    [{ id: '../x' }, 'invalid'],
    [{ tenant_id: undefined }, 'invalid'],
    [{ tenant_id: 'ten_other' }, 'other_tenant'],
  ])('with %j is rejected as %s', (fields, reason) => {
    expect(normaliseConversation({ ...CORE, ...fields }, TENANT)).toMatchObject({
      kind: 'rejected',
      item: { reason },
    });
  });

  it('may have a status and a channel we have never heard of', () => {
    expect(normalised({ status: 'parked', channel: 'whatsapp' })).toMatchObject({
      status: 'parked',
      channel: 'whatsapp',
    });
  });

  it('of any generated kind is a conversation of ours', () => {
    const series = {
      seed: 9,
      count: 500,
      tenantId: 'ten_demo',
      from: '2025-01-01T00:00:00Z',
      to: '2025-02-01T00:00:00Z',
    };
    for (const { resource } of generateConversations(series)) {
      const result = normaliseConversation(resource, TENANT);
      expect(result.kind).toBe('conversation');
      if (result.kind === 'conversation') expect(conversationShape.safeParse(result.value).success).toBe(true);
    }
  });
});
