import { describe, expect, it } from '@jest/globals';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { exampleConversation, exampleEvent, generateConversations } from '../../../sandbox/personadesk/index.ts';

const series = { seed: 7, tenantId: 'ten_demo', from: '2025-01-01T00:00:00Z', to: '2025-02-01T00:00:00Z' };
const thousand = generateConversations({ ...series, count: 1_000 });

const valuesOf = (field: string): Set<unknown> => new Set(thousand.map(({ resource }) => resource[field]));

function phones(): (string | null)[] {
  const told = thousand.flatMap(({ events }) => events.map(({ data }) => data.from_number));
  return told.filter((phone) => typeof phone === 'string' || phone === null);
}

describe('generated conversations', () => {
  it('are the same for the same seed, and a larger count only adds to them', () => {
    expect(generateConversations({ ...series, count: 50 })).toEqual(thousand.slice(0, 50));
  });

  it('have ids that differ between seeds and tenants', () => {
    const others = [
      ...generateConversations({ ...series, seed: 8, count: 1_000 }),
      ...generateConversations({ ...series, tenantId: 'ten_other', count: 1_000 }),
    ];
    const ids = [...thousand, ...others].map(({ resource }) => resource.id);
    expect(new Set(ids).size).toBe(3_000);
  });

  it('start within the time asked for', () => {
    const starts = thousand.map(({ resource }) => Date.parse(resource.started_at));
    expect(Math.min(...starts)).toBeGreaterThanOrEqual(Date.parse(series.from));
    expect(Math.max(...starts)).toBeLessThanOrEqual(Date.parse(series.to));
  });

  it('show every channel and every status', () => {
    expect(valuesOf('channel')).toEqual(new Set(['voice', 'chat', 'sms']));
    expect(valuesOf('status')).toEqual(
      new Set(['completed', 'missed', 'abandoned', 'transferred', 'failed', 'active']),
    );
  });

  it('have optional fields that are present, null and absent', () => {
    for (const field of ['summary', 'tags', 'language', 'duration_seconds']) {
      expect(thousand.some(({ resource }) => resource[field] === null)).toBe(true);
      expect(thousand.some(({ resource }) => !(field in resource))).toBe(true);
      expect(thousand.some(({ resource }) => resource[field] !== null && field in resource)).toBe(true);
    }
  });

  it('have valid numbers from several countries, however they are typed, and withheld ones', () => {
    const withCountryCode = phones().filter((phone) => phone !== null && /^(tel:)?\+/.test(phone));
    const parsed = withCountryCode.map((phone) => parsePhoneNumberFromString(phone ?? ''));
    expect(parsed.filter((phone) => phone?.isValid() !== true)).toEqual([]);
    expect(new Set(parsed.map((phone) => phone?.country)).size).toBeGreaterThanOrEqual(7);
    expect(phones()).toEqual(expect.arrayContaining(['anonymous', 'Restricted', '', null]));
    expect(phones().some((phone) => phone?.startsWith('00') === true)).toBe(true);
    expect(phones().some((phone) => phone?.includes('ext.') === true)).toBe(true);
  });

  it('have callers who come back, their number typed in another way', () => {
    const typings = new Map<string, Set<string>>();
    for (const phone of phones()) {
      const number = phone === null ? undefined : parsePhoneNumberFromString(phone)?.number;
      if (phone === null || number === undefined) continue;
      typings.set(number, (typings.get(number) ?? new Set()).add(phone));
    }
    expect([...typings.values()].filter((set) => set.size > 2).length).toBeGreaterThan(5);
  });

  it('include long transcripts, in both spellings', () => {
    expect(thousand.some(({ messages }) => messages.length >= 50)).toBe(true);
    const all = thousand.flatMap(({ messages }) => messages);
    expect(all.some((message) => 'role' in message && 'content' in message)).toBe(true);
    expect(all.some((message) => 'sender' in message && 'text' in message)).toBe(true);
  });
});

describe('the events of a conversation', () => {
  it('come in the order they happened, with ids of their own', () => {
    for (const { events } of thousand) {
      const instants = events.map(({ created_at }) => Date.parse(created_at));
      expect(instants).toEqual([...instants].sort((left, right) => left - right));
    }
    const ids = thousand.flatMap(({ events }) => events.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('tell of a started call only for inbound voice, and of completion only when it is over', () => {
    for (const { resource, events } of thousand) {
      const types = events.map(({ type }) => type);
      expect(types.includes('call.started')).toBe(resource.channel === 'voice' && resource.direction === 'inbound');
      expect(types.includes('conversation.completed')).toBe(resource.status !== 'active');
    }
    expect(thousand.some(({ events }) => events.length === 4)).toBe(true);
  });

  it('tell of a handoff exactly when the caller was handed off', () => {
    for (const { events, resource } of thousand.filter((one) => one.resource.handed_off !== undefined)) {
      expect(events.some(({ type }) => type === 'handoff.requested')).toBe(resource.handed_off);
    }
  });
});

describe('the documented example', () => {
  it('has exactly the six documented fields', () => {
    expect(exampleConversation('ten_demo').resource).toEqual({
      id: 'conv_123',
      tenant_id: 'ten_demo',
      status: 'completed',
      channel: 'voice',
      started_at: '2025-01-15T10:24:00Z',
      ended_at: '2025-01-15T10:26:45Z',
    });
  });

  it('has the documented event', () => {
    expect(exampleEvent('ten_demo')).toEqual({
      type: 'conversation.routed',
      id: 'evt_123',
      created_at: '2025-01-15T10:25:12Z',
      data: {
        conversation_id: 'conv_123',
        tenant_id: 'ten_demo',
        from_number: '+15551234567',
        to_agent_id: 'agent_abc',
        route_reason: 'lead_high_intent',
      },
    });
  });
});
