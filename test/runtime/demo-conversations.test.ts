import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SandboxConversation } from '../../sandbox/personadesk/index.ts';
import { recallConversations, rememberConversations } from '../../src/runtime/demo-conversations.ts';

const NOW = new Date('2026-11-24T12:00:00.000Z');

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crm-sync-memory-'));
  file = join(folder, 'conversations.json');
});
afterEach(() => rm(folder, { recursive: true }));

const conversation = (id: string, status: string, startedAt: string): SandboxConversation => ({
  resource: { id, tenant_id: 'ten_demo', status, started_at: startedAt, ended_at: null, caller: { name: 'Zoë' } },
  messages: [{ id: 'msg_1' }],
  routingDecisions: [],
});

/** What a sandbox holds after the recall; a later one of the same id replaces the earlier, as the sandbox does. */
async function recalled() {
  const held = new Map<string, SandboxConversation>();
  const addConversations = (added: readonly SandboxConversation[]): void => {
    for (const one of added) held.set(one.resource.id, one);
  };
  const events = await recallConversations(file, { addConversations }, NOW);
  return { held: [...held.values()], events };
}

describe('the memory of the demo', () => {
  it('brings back the conversations of the last run as they were', async () => {
    const before = [conversation('conv_a', 'completed', '2026-11-24T11:00:00.000Z')];
    await rememberConversations(file, before);
    expect(await recalled()).toEqual({ held: before, events: [] });
  });

  it('a call that was going on at the stop has ended by the next start, and the event says so', async () => {
    await rememberConversations(file, [conversation('conv_a', 'active', '2026-11-24T11:59:50.000Z')]);
    const { held, events } = await recalled();
    expect(held[0]?.resource).toMatchObject({ status: 'completed', ended_at: NOW.toISOString() });
    expect(events).toEqual([
      {
        type: 'conversation.completed',
        id: 'evt_conv_a_ended',
        created_at: NOW.toISOString(),
        data: { conversation_id: 'conv_a', tenant_id: 'ten_demo' },
      },
    ]);
  });

  it('keeps the newest and stays small', async () => {
    const minute = (n: number) => new Date(NOW.getTime() - n * 60_000).toISOString();
    const all = Array.from({ length: 400 }, (_, n) => conversation(`conv_${n}`, 'completed', minute(n)));
    await rememberConversations(file, all);
    const { held } = await recalled();
    expect(held).toHaveLength(300);
    expect(held.at(-1)?.resource.id).toBe('conv_0');
  });

  it.each(['', '{"no": "list"}', '[{"resource": 1}]'])(
    'a file that makes no sense is an empty memory (%s)',
    async (text) => {
      await writeFile(file, text);
      expect(await recalled()).toEqual({ held: [], events: [] });
    },
  );

  it('the first start remembers nothing', async () => {
    expect(await recalled()).toEqual({ held: [], events: [] });
  });
});
