import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  CONV_123,
  conversationId,
  failureOf,
  found,
  startSourceFixture,
  type SourceFixture,
} from './sandbox-client.ts';

let fixture: SourceFixture;

beforeEach(async () => {
  fixture = await startSourceFixture();
});

afterEach(() => fixture.close());

const UNKNOWN = conversationId('conv_unknown');

const requests = (route: string): number => fixture.sandbox.requestCounts().byRoute[`GET ${route}`] ?? 0;

describe('routing decisions', () => {
  it('tell the number, the agent and the reason', async () => {
    expect(found(await fixture.client().getRoutingDecisions(CONV_123))).toEqual([
      {
        id: 'route_123',
        decidedAt: '2025-01-15T10:25:12.000Z',
        agentId: 'agent_abc',
        reason: 'lead_high_intent',
        fromNumber: '+15551234567',
      },
    ]);
  });

  it('are none, not unknown, for a conversation nobody took', async () => {
    const missed = fixture.generate(100).find(({ resource }) => resource.status === 'missed');
    const read = await fixture.client().getRoutingDecisions(conversationId(missed?.resource.id ?? ''));
    expect(read).toEqual({ kind: 'found', value: [] });
  });
});

describe('messages', () => {
  it('are read to the end, in both spellings', async () => {
    const generated = fixture.generate(200);
    const source = fixture.client();
    fixture.sandbox.setOptions({ defaultPageSize: 20 });
    const long = generated.find(({ messages }) => messages.length >= 50 && 'sender' in (messages[0] ?? {}));
    const other = generated.find(({ messages }) => messages.length >= 2 && 'role' in (messages[0] ?? {}));
    for (const one of [long, other]) {
      const messages = found(await source.getMessages(conversationId(one?.resource.id ?? '')));
      expect(messages.map(({ text }) => text)).toEqual(one?.messages.map((sent) => sent.text ?? sent.content));
      expect(messages.map(({ role }) => role)).toEqual(one?.messages.map((sent) => sent.sender ?? sent.role));
    }
  });

  it('leave out a turn that is none, but a transcript of nothing else is an invalid response', async () => {
    const answer = (data: unknown) => {
      const body = JSON.stringify({ data, next_cursor: null });
      fixture.sandbox.injectFault({ effect: { kind: 'answer', status: 200, body } });
      return fixture.client().getMessages(CONV_123);
    };
    expect(found(await answer([{ role: 'caller', content: 'hi' }, 7, { role: 'caller' }])).length).toBe(1);
    expect(failureOf(await answer([7, { words: 'hi' }])).code).toBe('no_usable_item');
  });

  it('may come as a bare list', async () => {
    fixture.sandbox.injectFault({ effect: { kind: 'answer', status: 200, body: '[{"text":"hi"}]' } });
    expect(found(await fixture.client().getMessages(CONV_123))).toEqual([
      { id: undefined, role: 'unknown', text: 'hi', createdAt: undefined },
    ]);
  });
});

describe.each([
  ['messages', 'getMessages'],
  ['routing_decisions', 'getRoutingDecisions'],
] as const)('a source without %s', (resource, read) => {
  beforeEach(() => fixture.sandbox.setOptions({ offeredResources: ['conversations', 'conversation'] }));

  it('says "not offered" for a conversation that exists, and is not asked again for a while', async () => {
    let now = 0;
    const source = fixture.client({ clock: () => now, notOfferedTtlMs: 1_000 });
    expect(await source[read](CONV_123)).toEqual({ kind: 'not_offered' });
    expect(await source[read](CONV_123)).toEqual({ kind: 'not_offered' });
    expect(requests(`/conversations/{id}/${resource}`)).toBe(1);
    now = 1_000;
    fixture.sandbox.setOptions({ offeredResources: ['conversations', 'conversation', resource] });
    expect((await source[read](CONV_123)).kind).toBe('found');
  });

  it('says "not found" for a conversation that does not exist, and learns nothing from that', async () => {
    const source = fixture.client();
    expect(await source[read](UNKNOWN)).toEqual({ kind: 'not_found' });
    fixture.sandbox.setOptions({ offeredResources: ['conversations', 'conversation', resource] });
    expect((await source[read](CONV_123)).kind).toBe('found');
  });

  it('costs no second look at a conversation that was read before', async () => {
    const source = fixture.client();
    await source.getConversations([CONV_123]);
    await source[read](CONV_123);
    expect(requests('/conversations/{id}')).toBe(1);
  });

  it('is not judged when the look at the conversation fails', async () => {
    fixture.sandbox.injectFault({ path: '/conversations/*', effect: { kind: 'status', status: 503 } });
    const source = fixture.client();
    expect(failureOf(await source[read](CONV_123)).status).toBe(503);
    expect(await source[read](CONV_123)).toEqual({ kind: 'not_offered' });
  });
});

describe('a resource that has answered', () => {
  it('is offered: its 404 is about the conversation alone', async () => {
    const source = fixture.client();
    await source.getConversations([CONV_123]);
    await source.getMessages(CONV_123);
    fixture.sandbox.injectFault({ effect: { kind: 'status', status: 404 } });
    expect(await source.getMessages(CONV_123)).toEqual({ kind: 'not_found' });
    expect((await source.getMessages(CONV_123)).kind).toBe('found');
  });
});

describe('agents', () => {
  it('are read with their name and e-mail', async () => {
    expect(found(await fixture.client().getAgent('agent_human_1'))).toEqual({
      id: 'agent_human_1',
      name: 'Dana Reyes',
      email: 'dana.reyes@example.com',
      type: 'human',
      raw: { tenant_id: 'ten_demo' },
    });
  });

  it('are found in the list where single agents are not offered', async () => {
    fixture.sandbox.setOptions({ offeredResources: ['agents'] });
    const source = fixture.client();
    expect(found(await source.getAgent('agent_abc')).id).toBe('agent_abc');
    expect(await source.getAgent('agent_404')).toEqual({ kind: 'not_found' });
  });

  it('are not offered where neither exists, and not asked for again', async () => {
    fixture.sandbox.setOptions({ offeredResources: ['conversations'] });
    const source = fixture.client();
    expect(await source.getAgent('agent_abc')).toEqual({ kind: 'not_offered' });
    expect(await source.getAgent('agent_ava')).toEqual({ kind: 'not_offered' });
    expect(fixture.sandbox.requestCounts().total).toBe(2);
  });

  it('that are unknown need no list once an agent was read', async () => {
    const source = fixture.client();
    await source.getAgent('agent_abc');
    expect(await source.getAgent('agent_404')).toEqual({ kind: 'not_found' });
    expect(requests('/agents')).toBe(0);
  });
});
