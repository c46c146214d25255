import { setTimeout as delay } from 'node:timers/promises';
import type { PersonaDeskControls } from './controls.ts';
import { whileActive } from './conversation-resource.ts';
import { generateConversation } from './generate-conversations.ts';
import type { GeneratedConversation } from './resources.ts';
import type { WebhookSender } from './webhook-sender.ts';

export interface DemoTrafficOptions {
  readonly sandbox: Pick<PersonaDeskControls, 'addConversations' | 'updateConversation'>;
  readonly sender: Pick<WebhookSender, 'send'>;
  readonly tenantId?: string;
  /** Pause between two new conversations. */
  readonly intervalMs: number;
  /** Pause between two events of one conversation; default a quarter of the interval. */
  readonly stepMs?: number;
  readonly signal: AbortSignal;
  /** Decides all that happens. Use another one at each start, or conversations of the last run come back. */
  readonly seed: number;
  /** Epoch milliseconds. */
  readonly clock?: () => number;
}

/** Waits, or learns that it is time to stop: false then. */
async function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await delay(ms, undefined, { signal });
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}

/** The `index`-th conversation of the demo, placed in time so that it is over just now. */
function endingNow(tenantId: string, seed: number, index: number, now: number): GeneratedConversation {
  const at = (instant: number): GeneratedConversation => {
    const date = new Date(instant);
    return generateConversation({ seed, tenantId, from: date, to: date }, index);
  };
  const { started_at, ended_at } = at(now).resource;
  return ended_at === null ? at(now) : at(now - (Date.parse(ended_at) - Date.parse(started_at)));
}

/** Lets one conversation happen: it appears as active, tells its events, and is final before its last one is sent. */
async function live(conversation: GeneratedConversation, options: DemoTrafficOptions, stepMs: number): Promise<void> {
  const { sandbox, sender, signal } = options;
  sandbox.addConversations([{ ...conversation, resource: whileActive(conversation.resource) }]);
  for (const [index, event] of conversation.events.entries()) {
    if (index > 0 && !(await waited(stepMs, signal))) return;
    if (event.type === 'conversation.completed') {
      sandbox.updateConversation(conversation.resource.id, conversation.resource);
    }
    // A receiver that is down loses the event, as a real one would: reconciliation has to find the conversation.
    await sender.send(event, { signal });
  }
}

/** Makes a new conversation live through its events every `intervalMs`, until the signal stops it. */
export async function runDemoTraffic(options: DemoTrafficOptions): Promise<void> {
  const { intervalMs, stepMs = intervalMs / 4, signal, seed, tenantId = 'ten_demo', clock = Date.now } = options;
  const lives = new Set<Promise<void>>();
  for (let index = 0; !signal.aborted; index += 1) {
    const begun = live(endingNow(tenantId, seed, index, clock()), options, stepMs);
    lives.add(begun);
    const ended = (): boolean => lives.delete(begun);
    begun.then(ended, ended);
    if (!(await waited(intervalMs, signal))) break;
  }
  await Promise.all(lives);
}
