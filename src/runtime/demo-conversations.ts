import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { PersonaDeskSandbox, SandboxConversation, WebhookEvent } from '../../sandbox/personadesk/index.ts';
import { hasErrorCode } from './embedded/error-code.ts';

/** Enough to cover all that can still be owed at a stop. */
const REMEMBERED = 300;

const record = z.record(z.string(), z.unknown());
const rememberedSchema = z.array(
  z.object({
    resource: z.looseObject({ id: z.string(), tenant_id: z.string(), status: z.string(), started_at: z.string() }),
    messages: z.array(record).default([]),
    routingDecisions: z.array(record).default([]),
  }),
);

/** Keeps the demo's newest conversations, so that what is owed at a stop can still be fetched after the next start. */
export async function rememberConversations(file: string, all: readonly SandboxConversation[]): Promise<void> {
  const newest = all
    .toSorted((a, b) => String(a.resource.started_at).localeCompare(String(b.resource.started_at)))
    .slice(-REMEMBERED)
    .map(({ resource, messages, routingDecisions }) => ({ resource, messages, routingDecisions }));
  const draft = `${file}.draft`;
  await writeFile(draft, JSON.stringify(newest), { mode: 0o600 });
  await rename(draft, file);
}

/**
 * Puts the conversations of the last run back. Those that were going on then have ended meanwhile.
 * @returns the events that say so
 */
export async function recallConversations(
  file: string,
  sandbox: Pick<PersonaDeskSandbox, 'addConversations'>,
  now: Date,
): Promise<readonly WebhookEvent[]> {
  const remembered = await readRemembered(file);
  const ended = remembered.filter(({ resource }) => resource.status === 'active');
  sandbox.addConversations(remembered);
  sandbox.addConversations(
    ended.map((conversation) => ({ ...conversation, resource: endedAt(conversation.resource, now) })),
  );
  return ended.map(({ resource: { id, tenant_id } }) => ({
    type: 'conversation.completed',
    id: `evt_${id}_ended`,
    created_at: now.toISOString(),
    data: { conversation_id: id, tenant_id },
  }));
}

type Remembered = z.infer<typeof rememberedSchema>[number];

function endedAt(resource: Remembered['resource'], now: Date): Remembered['resource'] {
  const latest = Math.min(Date.parse(resource.started_at) + 60_000, now.getTime());
  return { ...resource, status: 'completed', ended_at: new Date(latest).toISOString() };
}

/** The demo can do without: a file that is not there or makes no sense is an empty one. */
async function readRemembered(file: string): Promise<readonly Remembered[]> {
  try {
    return rememberedSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT') || error instanceof SyntaxError || error instanceof z.ZodError) return [];
    throw error;
  }
}
