import { setTimeout as delay } from 'node:timers/promises';
import { createRandom, shuffled } from './random.ts';
import type { WebhookEvent } from './resources.ts';
import type { SendOptions, SendResult } from './webhook-sender.ts';

export interface SendAllOptions {
  /** Deliveries under way at the same time; default 8. */
  readonly concurrency?: number;
  /** Extra copies of every event; default 0. */
  readonly duplicates?: number;
  /** Deliver in another, repeatable order. */
  readonly shuffleSeed?: number;
  /** Every n-th event is lost: no copy of it is sent. */
  readonly dropEvery?: number;
  /** Every n-th event is sent with a wrong signature only. */
  readonly wrongSignatureEvery?: number;
  /** How often a delivery is tried until it is answered with 2xx; default 1. */
  readonly attempts?: number;
  /** Pause before each further attempt; default 200. */
  readonly retryDelayMs?: number;
}

/** What became of the events: every id is in exactly one of the four lists. */
export interface DeliveryReport {
  /** Answered with 2xx at least once. */
  readonly accepted: readonly string[];
  /** Sent genuinely and never answered with 2xx. */
  readonly refused: readonly string[];
  /** Never sent, by request. */
  readonly dropped: readonly string[];
  /** Sent with a wrong signature only, by request. */
  readonly forged: readonly string[];
  /** Requests made. */
  readonly sent: number;
  /** Answers by status; 0 counts requests without an answer. */
  readonly byStatus: Readonly<Record<string, number>>;
}

type Send = (event: WebhookEvent, options?: SendOptions) => Promise<SendResult>;
type Fate = 'sent' | 'dropped' | 'forged';

function fateOf(index: number, { dropEvery, wrongSignatureEvery }: SendAllOptions): Fate {
  if (dropEvery !== undefined && (index + 1) % dropEvery === 0) return 'dropped';
  if (wrongSignatureEvery !== undefined && (index + 1) % wrongSignatureEvery === 0) return 'forged';
  return 'sent';
}

const wasAccepted = (status: number): boolean => status >= 200 && status < 300;

/** Runs `work` for every item, `concurrency` at a time. */
async function eachOf<T>(items: readonly T[], concurrency: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const lane = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: Math.max(1, concurrency) }, lane));
}

/** Delivers events as a real sender does, and accounts for each of them. */
export async function deliverAll(
  send: Send,
  events: readonly WebhookEvent[],
  options: SendAllOptions,
): Promise<DeliveryReport> {
  const { concurrency = 8, duplicates = 0, shuffleSeed, attempts = 1, retryDelayMs = 200 } = options;
  const planned = events.map((event, index) => ({ event, fate: fateOf(index, options) }));
  const idsOf = (fate: Fate): string[] => planned.filter((one) => one.fate === fate).map(({ event }) => event.id);
  const copies = planned
    .filter(({ fate }) => fate !== 'dropped')
    .flatMap((one) => Array.from({ length: 1 + duplicates }, () => one));
  const deliveries = shuffleSeed === undefined ? copies : shuffled(copies, createRandom(`order:${shuffleSeed}`));

  const accepted = new Set<string>();
  const byStatus = new Map<number, number>();
  let sent = 0;
  await eachOf(deliveries, concurrency, async ({ event, fate }) => {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      if (attempt > 1) await delay(retryDelayMs);
      const { status } = await send(event, fate === 'forged' ? { forge: 'wrong_secret' } : {});
      sent += 1;
      byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
      if (wasAccepted(status)) {
        accepted.add(event.id);
        return;
      }
    }
  });

  const genuine = idsOf('sent');
  return {
    accepted: genuine.filter((id) => accepted.has(id)),
    refused: genuine.filter((id) => !accepted.has(id)),
    dropped: idsOf('dropped'),
    forged: idsOf('forged'),
    sent,
    byStatus: Object.fromEntries(byStatus),
  };
}
