import { runDemoTraffic } from './demo-traffic.ts';
import { generateConversations } from './generate-conversations.ts';
import { startPersonaDeskSandbox, type PersonaDeskSandbox, type PersonaDeskSandboxOptions } from './server.ts';
import { createWebhookSender, type WebhookSenderOptions } from './webhook-sender.ts';

export interface RunPersonaDeskSandboxOptions extends PersonaDeskSandboxOptions {
  readonly port: number;
  /** Stops the traffic and closes the server. */
  readonly signal: AbortSignal;
  /** Decides what is generated; another one at each start keeps live conversations new. */
  readonly seed: number;
  /** Where live events go; without it there is no live traffic. */
  readonly webhook?: Pick<WebhookSenderOptions, 'url' | 'secret' | 'scheme'>;
  /** Pause between two live conversations; default 5,000. */
  readonly intervalMs?: number;
  /** Conversations of the past, for backfills; default 200 over 60 days. */
  readonly history?: { readonly count: number; readonly days: number; readonly seed: number };
  /** Called once the sandbox answers. */
  readonly onReady?: (sandbox: PersonaDeskSandbox) => void;
}

const DAY_MS = 86_400_000;

function addHistory(sandbox: PersonaDeskSandbox, options: RunPersonaDeskSandboxOptions, now: number): void {
  const { count, days, seed } = options.history ?? { count: 200, days: 60, seed: 1 };
  // History ends an hour ago, so that nothing of it is still to end in the future.
  const [from, to] = [new Date(now - days * DAY_MS), new Date(now - 2 * 3_600_000)];
  for (const { id } of sandbox.tenants) {
    sandbox.addConversations(generateConversations({ seed, count, tenantId: id, from, to }));
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function sendLiveTraffic(sandbox: PersonaDeskSandbox, options: RunPersonaDeskSandboxOptions): Promise<void> {
  const { webhook, signal, seed, intervalMs = 5_000, clock = Date.now } = options;
  const tenantId = sandbox.tenants[0]?.id;
  if (webhook === undefined || tenantId === undefined) {
    await aborted(signal);
    return;
  }
  const sender = createWebhookSender({ ...webhook, clock });
  try {
    await runDemoTraffic({ sandbox, sender, tenantId, intervalMs, signal, seed, clock });
  } finally {
    await sender.close();
  }
}

/** The sandbox as a process of its own runs it: history, live traffic to one endpoint, until the signal says stop. */
export async function runPersonaDeskSandbox(options: RunPersonaDeskSandboxOptions): Promise<void> {
  const sandbox = await startPersonaDeskSandbox(options);
  try {
    addHistory(sandbox, options, (options.clock ?? Date.now)());
    options.onReady?.(sandbox);
    await sendLiveTraffic(sandbox, options);
  } finally {
    await sandbox.close();
  }
}
