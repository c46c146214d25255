import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ResourceName } from '../../sandbox/personadesk/behaviour.ts';
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

const LIST_ONLY: readonly ResourceName[] = ['tenants', 'conversations'];
const UNKNOWN = conversationId('conv_unknown');

const idsOf = (count: number) => fixture.generate(count).map(({ resource }) => conversationId(resource.id));

const requests = (route: string): number => fixture.sandbox.requestCounts().byRoute[`GET ${route}`] ?? 0;

describe('a batch of conversations', () => {
  it('has one result per distinct id, in the order given', async () => {
    const ids = idsOf(40);
    const reads = await fixture.client().getConversations([...ids, ...ids.slice(0, 5)]);
    expect([...reads.keys()]).toEqual(ids);
    expect([...reads.values()].map((read) => found(read).id)).toEqual(ids);
    expect(requests('/conversations/{id}')).toBe(40);
  });

  it('asks for nothing when it is empty', async () => {
    expect((await fixture.client().getConversations([])).size).toBe(0);
    expect(fixture.sandbox.requestCounts().total).toBe(0);
  });

  it('never has more requests under way than its bound', async () => {
    const ids = idsOf(60);
    fixture.sandbox.injectFault({ times: 60, effect: { kind: 'delay', ms: 5 } });
    await fixture.client().getConversations(ids);
    const peak = fixture.sandbox.requestCounts().peakInFlight;
    expect(peak).toBeLessThanOrEqual(16);
    expect(peak).toBeGreaterThan(3);
    fixture.sandbox.reset();
    await fixture.client({ concurrency: 3 }).getConversations(ids);
    expect(fixture.sandbox.requestCounts().peakInFlight).toBeLessThanOrEqual(3);
  });

  it("is not spoiled by one conversation's failure", async () => {
    const ids = idsOf(10);
    const [broken, ...others] = ids;
    fixture.sandbox.injectFault({ path: `/conversations/${broken ?? ''}`, effect: { kind: 'broken_json' } });
    const reads = await fixture.client().getConversations(ids);
    expect(failureOf(reads.get(broken ?? UNKNOWN)).kind).toBe('invalid_response');
    expect(others.map((id) => reads.get(id)?.kind)).toEqual(others.map(() => 'found'));
  });

  it.each([401, 429])('stops asking after a %i, which every further request would meet too', async (status) => {
    const ids = idsOf(100);
    fixture.sandbox.injectFault({ times: 1_000, effect: { kind: 'status', status, retryAfter: '5' } });
    const reads = await fixture.client().getConversations(ids);
    expect([...reads.values()].map((read) => failureOf(read).status)).toEqual(ids.map(() => status));
    expect(fixture.sandbox.requestCounts().total).toBeLessThanOrEqual(16);
  });

  it("does not hand on another tenant's conversation, whatever the API sends", async () => {
    const body = JSON.stringify({ id: 'conv_123', tenant_id: 'ten_other', status: 'completed', channel: 'voice' });
    fixture.sandbox.injectFault({ effect: { kind: 'answer', status: 200, body } });
    const failure = failureOf(await fixture.client().getConversation(CONV_123));
    expect(failure).toEqual({ kind: 'forbidden', code: 'other_tenant' });
  });

  it('does not take another conversation for the one asked for', async () => {
    const body = JSON.stringify({ id: 'conv_124', tenant_id: 'ten_demo', status: 'completed', channel: 'voice' });
    fixture.sandbox.injectFault({ effect: { kind: 'answer', status: 200, body } });
    expect(failureOf(await fixture.client().getConversation(CONV_123)).code).toBe('other_conversation');
  });
});

describe('a source that has single conversations', () => {
  it('needs no list to tell that one is unknown, once it has answered for another', async () => {
    const client = fixture.client();
    const reads = await client.getConversations([CONV_123, UNKNOWN]);
    expect([reads.get(CONV_123)?.kind, reads.get(UNKNOWN)?.kind]).toEqual(['found', 'not_found']);
    expect(requests('/conversations')).toBe(0);
  });

  it('is asked for the list when it has not answered for any yet', async () => {
    const read = await fixture.client().getConversation(UNKNOWN);
    expect(read).toEqual({ kind: 'not_found' });
    expect(requests('/conversations')).toBe(1);
  });
});

describe('a source that has only the list', () => {
  beforeEach(() => fixture.sandbox.setOptions({ offeredResources: LIST_ONLY, documentedFieldsOnly: true }));

  it('gives the same conversations, by one walk through the list for the whole batch', async () => {
    const ids = idsOf(250);
    const reads = await fixture.client().getConversations([...ids, UNKNOWN]);
    expect(ids.map((id) => reads.get(id)?.kind)).toEqual(ids.map(() => 'found'));
    expect(reads.get(UNKNOWN)).toEqual({ kind: 'not_found' });
    // 250 generated and the documented one, 100 a page.
    expect(requests('/conversations')).toBe(3);
  });

  it('is asked for single conversations again only after a while', async () => {
    let now = 0;
    const client = fixture.client({ clock: () => now, notOfferedTtlMs: 1_000 });
    await client.getConversations([CONV_123]);
    expect(fixture.sandbox.requestCounts().byRoute).toEqual({
      'GET /conversations/{id}': 1,
      'GET /conversations': 1,
    });
    await client.getConversations([CONV_123]);
    expect(fixture.sandbox.requestCounts().total).toBe(3);
    now = 1_000;
    await client.getConversations([CONV_123]);
    expect(fixture.sandbox.requestCounts().total).toBe(5);
  });

  it('uses single conversations as soon as they are there', async () => {
    let now = 0;
    const client = fixture.client({ clock: () => now, notOfferedTtlMs: 1_000 });
    await client.getConversation(CONV_123);
    fixture.sandbox.setOptions({ offeredResources: [...LIST_ONLY, 'conversation'] });
    now = 1_000;
    await client.getConversation(CONV_123);
    await client.getConversation(CONV_123);
    expect(requests('/conversations')).toBe(1);
  });

  it('stops walking when all are found', async () => {
    fixture.generate(250);
    fixture.sandbox.setOptions({ order: 'started_at_desc' });
    const newest = fixture.sandbox
      .conversations()
      .toSorted((a, b) => Date.parse(String(b.resource.started_at)) - Date.parse(String(a.resource.started_at)))[0];
    const read = await fixture.client().getConversation(conversationId(newest?.resource.id ?? ''));
    expect(read.kind).toBe('found');
    expect(requests('/conversations')).toBe(1);
  });

  it('is not said to lack what the walk did not reach', async () => {
    fixture.generate(250);
    // The documented example is the oldest of all, so it is on the last page.
    const client = fixture.client({ scan: { pageSize: 100, maxPages: 2 } });
    expect(failureOf(await client.getConversation(CONV_123))).toEqual({
      kind: 'unavailable',
      code: 'list_scan_limit',
    });
    expect(requests('/conversations')).toBe(2);
  });

  it('leaves the undecided as failed when the walk fails', async () => {
    fixture.sandbox.injectFault({ path: '/conversations', effect: { kind: 'status', status: 503 } });
    expect(failureOf(await fixture.client().getConversation(CONV_123)).status).toBe(503);
  });

  it('tells an unreadable conversation from an unknown one', async () => {
    const [id = UNKNOWN] = idsOf(3);
    fixture.sandbox.updateConversation(id, { status: 42 });
    expect(failureOf(await fixture.client().getConversation(id)).code).toBe('not_a_conversation');
  });
});
