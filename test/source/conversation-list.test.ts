import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SourceError } from '../../src/source/errors.ts';
import type { ConversationSource } from '../../src/source/source.ts';
import { allPages, startSourceFixture, type SourceFixture } from './sandbox-client.ts';

let fixture: SourceFixture;

beforeEach(async () => {
  fixture = await startSourceFixture();
});

afterEach(() => fixture.close());

async function thrownBy(source: ConversationSource, cursor?: string): Promise<SourceError> {
  try {
    await allPages(source, { pageSize: 10, ...(cursor === undefined ? {} : { cursor }) });
  } catch (error) {
    if (error instanceof SourceError) return error;
    throw error;
  }
  throw new Error('the list was read without an error');
}

describe('the conversation list', () => {
  it.each(['started_at_desc', 'shuffled'] as const)(
    'gives every one of 1,000 conversations once, and an unparsable one costs only itself (%s)',
    async (order) => {
      fixture.sandbox.setOptions({ order });
      const generated = fixture.generate(1_000);
      const broken = generated[500]?.resource.id ?? '';
      fixture.sandbox.updateConversation(broken, { channel: null });
      const pages = await allPages(fixture.client(), { pageSize: 100 });
      const ids = pages.flatMap((page) => page.conversations.map(({ id }) => id));
      expect(ids.length).toBe(1_000);
      expect(new Set(ids).size).toBe(1_000);
      expect(pages.flatMap(({ rejected }) => rejected.items)).toEqual([{ id: broken, reason: 'invalid' }]);
      expect(pages.reduce((sum, { rejected }) => sum + rejected.count, 0)).toBe(1);
      expect(pages.map(({ nextCursor }) => nextCursor === null)).toEqual([...Array<boolean>(10).fill(false), true]);
    },
  );

  it('counts items whose id is not even readable', async () => {
    const data = [null, 5, 'text', [], {}, { id: 7 }, { id: 'a b' }];
    const body = JSON.stringify({ data, next_cursor: null });
    fixture.sandbox.injectFault({ effect: { kind: 'answer', status: 200, body } });
    const [page] = await allPages(fixture.client(), { pageSize: 10 });
    expect(page?.rejected).toEqual({ count: 7, items: data.map(() => ({ reason: 'invalid' })) });
  });

  it("rejects another tenant's conversation on our page", async () => {
    const theirs = { id: 'conv_9', tenant_id: 'ten_other', status: 'completed', channel: 'sms' };
    const body = JSON.stringify({ data: [theirs], next_cursor: null });
    fixture.sandbox.injectFault({ effect: { kind: 'answer', status: 200, body } });
    const [page] = await allPages(fixture.client(), { pageSize: 10 });
    expect(page?.conversations).toEqual([]);
    expect(page?.rejected.items).toEqual([{ id: 'conv_9', reason: 'other_tenant' }]);
  });

  it('goes on from a cursor as if it had never stopped', async () => {
    fixture.generate(30);
    const whole = await allPages(fixture.client(), { pageSize: 10 });
    const cursor = whole[1]?.nextCursor ?? '';
    const rest = await allPages(fixture.client(), { pageSize: 10, cursor });
    const conversations = rest.map((page) => page.conversations);
    expect(conversations).toEqual(whole.slice(2).map((page) => page.conversations));
  });

  it('reads no further than its reader', async () => {
    fixture.generate(100);
    for await (const page of fixture.client().listConversations({ pageSize: 10 })) {
      expect(page.conversations.length).toBe(10);
      break;
    }
    expect(fixture.sandbox.requestCounts().total).toBe(1);
  });

  it('throws the failure of a page, after the pages before it', async () => {
    fixture.generate(30);
    const source = fixture.client();
    let pages = 0;
    const reading = (async () => {
      for await (const page of source.listConversations({ pageSize: 10 })) {
        pages += 1;
        expect(page.conversations.length).toBe(10);
        fixture.sandbox.injectFault({ effect: { kind: 'status', status: 429, retryAfter: '3' } });
      }
    })();
    await expect(reading).rejects.toMatchObject({
      name: 'SourceError',
      failure: { kind: 'rate_limited', status: 429, retryAfterMs: 3_000, code: 'http_429' },
    });
    expect(pages).toBe(1);
  });

  it('says that it was the cursor when a cursor is refused', async () => {
    fixture.generate(30);
    const source = fixture.client();
    const [first] = await allPages(source, { pageSize: 10 });
    fixture.sandbox.expireCursors();
    const error = await thrownBy(source, first?.nextCursor ?? '');
    expect(error.failure).toEqual({ kind: 'bad_request', status: 400, code: 'cursor_rejected' });
  });

  it('does not go round for ever when the cursor has another name', async () => {
    fixture.generate(30);
    const error = await thrownBy(fixture.client({ cursorParameter: 'page_token' }));
    expect(error.failure).toEqual({ kind: 'invalid_response', code: 'cursor_not_advancing' });
    expect(fixture.sandbox.requestCounts().total).toBe(2);
  });

  it('is read without a page size when the source refuses ours, and that is remembered', async () => {
    fixture.generate(30);
    fixture.sandbox.setOptions({ maxPageSize: 5, defaultPageSize: 20 });
    const source = fixture.client();
    const pages = await allPages(source, { pageSize: 10 });
    expect(pages.map(({ conversations }) => conversations.length)).toEqual([20, 11]);
    expect(fixture.sandbox.requestCounts().byStatus).toEqual({ 400: 1, 200: 2 });
    await allPages(source, { pageSize: 10 });
    expect(fixture.sandbox.requestCounts().byStatus).toEqual({ 400: 1, 200: 4 });
  });

  it.each([
    ['{"data":{}}', 'not_a_page'],
    ['{"items":[]}', 'not_a_page'],
    ['"hello"', 'not_a_page'],
    ['{"data":[],"next_cursor":{}}', 'not_a_page'],
  ])('of the form %s is an invalid response', async (body, code) => {
    fixture.sandbox.injectFault({ effect: { kind: 'answer', status: 200, body } });
    expect((await thrownBy(fixture.client())).failure).toMatchObject({ kind: 'invalid_response', code });
  });

  it('that does not exist means that the base URL is wrong', async () => {
    const source = fixture.client({ baseUrl: `${fixture.sandbox.url}/v2` });
    expect((await thrownBy(source)).failure).toEqual({ kind: 'bad_request', status: 404, code: 'list_missing' });
  });

  it('ends on an empty cursor as on null', async () => {
    const body = JSON.stringify({ data: [], next_cursor: '' });
    fixture.sandbox.injectFault({ effect: { kind: 'answer', status: 200, body } });
    expect((await allPages(fixture.client(), { pageSize: 10 })).map(({ nextCursor }) => nextCursor)).toEqual([null]);
  });
});

describe('the tenant list', () => {
  it('names the tenants of the key', async () => {
    const read = await fixture.client().listTenants();
    expect(read).toEqual({ kind: 'found', value: [{ id: 'ten_demo', name: 'Demo Dental', raw: {} }] });
  });

  it('fails as every read does', async () => {
    const read = await fixture.client({ apiKey: () => 'wrong' }).listTenants();
    expect(read).toMatchObject({ kind: 'failed', failure: { kind: 'unauthorized' } });
  });
});
