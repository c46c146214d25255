import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  generateConversations,
  startPersonaDeskSandbox,
  type PersonaDeskSandbox,
  type PersonaDeskSandboxOptions,
} from '../../../sandbox/personadesk/index.ts';

const TENANTS = [
  { id: 'ten_demo', name: 'Demo', apiKey: 'key-demo' },
  { id: 'ten_other', name: 'Other', apiKey: 'key-other' },
];

interface Listing {
  readonly data: readonly { readonly id: string; readonly started_at: string }[];
  readonly next_cursor: string | null;
}

let now: number;
let sandbox: PersonaDeskSandbox;

async function start(options: PersonaDeskSandboxOptions = {}): Promise<void> {
  sandbox = await startPersonaDeskSandbox({ tenants: TENANTS, clock: () => now, ...options });
}

beforeEach(async () => {
  now = Date.parse('2025-06-01T00:00:00Z');
  await start();
});

afterEach(() => sandbox.close());

function ask(path: string, key = 'key-demo', method = 'GET'): Promise<Response> {
  return fetch(`${sandbox.url}${path}`, { method, headers: { authorization: `Bearer ${key}` } });
}

async function statusOf(path: string, key?: string, method?: string): Promise<number> {
  const response = await ask(path, key, method);
  await response.arrayBuffer();
  return response.status;
}

async function listed(query: string): Promise<Listing> {
  const response = await ask(`/conversations?tenant_id=ten_demo${query}`);
  // The sandbox's own answer, checked by the expectations of each test.
  return (await response.json()) as Listing;
}

async function walk(limit: number): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Listing = await listed(`&limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`);
    ids.push(...page.data.map(({ id }) => id));
    cursor = page.next_cursor;
  } while (cursor !== null);
  return ids;
}

function addThree(tenantId = 'ten_demo'): void {
  const [from, to] = ['2025-03-01T00:00:00Z', '2025-04-01T00:00:00Z'];
  sandbox.addConversations(generateConversations({ seed: 1, count: 3, tenantId, from, to }));
}

describe('the documented resources', () => {
  it('answer the documented example', async () => {
    const response = await ask('/conversations?tenant_id=ten_demo');
    expect(await response.json()).toEqual({
      data: [
        {
          id: 'conv_123',
          tenant_id: 'ten_demo',
          status: 'completed',
          channel: 'voice',
          started_at: '2025-01-15T10:24:00Z',
          ended_at: '2025-01-15T10:26:45Z',
        },
      ],
      next_cursor: null,
    });
  });

  it('are all there', async () => {
    const paths = [
      '/tenants',
      '/tenants/ten_demo',
      '/agents',
      '/agents/agent_abc',
      '/conversations/conv_123',
      '/conversations/conv_123/messages',
      '/conversations/conv_123/routing_decisions',
    ];
    expect(await Promise.all(paths.map((path) => statusOf(path)))).toEqual(paths.map(() => 200));
  });

  it('answer 404 when left out, as unknown paths do', async () => {
    sandbox.setOptions({ offeredResources: ['tenants', 'conversations'] });
    expect(await statusOf('/conversations/conv_123')).toBe(404);
    expect(await statusOf('/conversations/conv_123/messages')).toBe(404);
    expect(await statusOf('/surprises')).toBe(404);
    expect(await statusOf('/conversations?tenant_id=ten_demo')).toBe(200);
  });

  it('show nothing but documented fields when asked to', async () => {
    addThree();
    sandbox.setOptions({ documentedFieldsOnly: true });
    const fields = (await listed('')).data.flatMap((item) => Object.keys(item));
    expect(new Set(fields)).toEqual(new Set(['id', 'tenant_id', 'status', 'channel', 'started_at', 'ended_at']));
  });
});

describe('refusals', () => {
  it('are 401 without a valid key', async () => {
    expect((await fetch(`${sandbox.url}/tenants`)).status).toBe(401);
    expect(await statusOf('/tenants', 'wrong')).toBe(401);
  });

  it("are 403 for everything that is another tenant's", async () => {
    addThree('ten_other');
    const theirs =
      sandbox.conversations().find(({ resource }) => resource.tenant_id === 'ten_other')?.resource.id ?? '';
    expect(await statusOf(`/conversations/${theirs}`)).toBe(403);
    expect(await statusOf(`/conversations/${theirs}/messages`)).toBe(403);
    expect(await statusOf('/conversations?tenant_id=ten_other')).toBe(403);
    expect(await statusOf('/tenants/ten_other')).toBe(403);
    expect(await statusOf(`/conversations/${theirs}`, 'key-other')).toBe(200);
  });

  it.each([
    ['/conversations', 400],
    ['/conversations?tenant_id=ten_demo&limit=0', 400],
    ['/conversations?tenant_id=ten_demo&limit=101', 400],
    ['/conversations?tenant_id=ten_demo&limit=ten', 400],
    ['/conversations?tenant_id=ten_demo&cursor=made-up', 400],
    ['/conversations/conv_404', 404],
    ['/conversations/%', 404],
    ['/agents/agent_404', 404],
    ['/tenants/ten_404', 404],
  ])('of %s are %i', async (path, status) => {
    expect(await statusOf(path)).toBe(status);
  });

  it('are 405 for anything but GET', async () => {
    expect(await statusOf('/conversations/conv_123', 'key-demo', 'DELETE')).toBe(405);
  });
});

describe('cursors', () => {
  it.each(['started_at_desc', 'shuffled'] as const)('lead to every conversation exactly once (%s)', async (order) => {
    addThree();
    sandbox.setOptions({ order });
    const ids = await walk(1);
    expect(ids.length).toBe(4);
    expect(new Set(ids)).toEqual(new Set(sandbox.conversations().map(({ resource }) => resource.id)));
  });

  it('of the ordered list lead from newest to oldest', async () => {
    addThree();
    const starts = (await listed('')).data.map(({ started_at }) => Date.parse(started_at));
    expect(starts).toEqual([...starts].sort((left, right) => right - left));
  });

  it('skip and repeat nothing when newer conversations come in between', async () => {
    addThree();
    const first = await listed('&limit=2');
    const newer = { seed: 2, count: 5, tenantId: 'ten_demo', from: '2025-05-01T00:00:00Z', to: '2025-05-02T00:00:00Z' };
    sandbox.addConversations(generateConversations(newer));
    const second = await listed(`&limit=100&cursor=${first.next_cursor ?? ''}`);
    expect(new Set([...first.data, ...second.data].map(({ id }) => id)).size).toBe(4);
  });

  it('are refused after they were expired, when they are too old, and for another list', async () => {
    addThree();
    const cursor = (await listed('&limit=1')).next_cursor ?? '';
    expect(await statusOf(`/agents?cursor=${cursor}`)).toBe(400);
    sandbox.setOptions({ cursorTtlMs: 1_000 });
    expect(await statusOf(`/conversations?tenant_id=ten_demo&cursor=${cursor}`)).toBe(200);
    now += 1_001;
    expect(await statusOf(`/conversations?tenant_id=ten_demo&cursor=${cursor}`)).toBe(400);
    sandbox.setOptions({ cursorTtlMs: null });
    sandbox.expireCursors();
    expect(await statusOf(`/conversations?tenant_id=ten_demo&cursor=${cursor}`)).toBe(400);
  });
});

describe('the rate limit', () => {
  it.each([
    ['seconds', '10'],
    ['date', 'Sun, 01 Jun 2025 00:00:10 GMT'],
    ['none', null],
  ] as const)('refuses what is over it and says when to come back by %s', async (retryAfter, header) => {
    sandbox.setOptions({ rateLimit: { requests: 2, perMs: 10_000, retryAfter } });
    expect(await statusOf('/tenants')).toBe(200);
    expect(await statusOf('/tenants')).toBe(200);
    const refused = await ask('/tenants');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, header]);
    expect(await statusOf('/tenants', 'key-other')).toBe(200);
    now += 10_000;
    expect(await statusOf('/tenants')).toBe(200);
  });
});
