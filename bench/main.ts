/**
 * `npm run bench`: what one connection delivers, and how long one conversation takes. Everything runs on this machine
 * (PostgreSQL with fsync, Temporal, the product, both sandboxes), so read the ratios first.
 */
import { once, EventEmitter } from 'node:events';
import { startProduct, type Product } from './product.ts';
import { calls, type Work } from './workload.ts';

const CRM_LATENCY_MS = 30;
const BURST = 2_000;
const ALONE = 40;

/** Puts conversations into the ledger while the connection is paused, lets go, and times until all have settled. */
async function burst(
  product: Product,
  work: readonly Work[],
): Promise<{ readonly seconds: number; readonly requests: number }> {
  await product.ask({ kind: 'conversations', conversations: work.map((item) => item.conversation) });
  await product.store.connections.pause(product.connectionId);
  const sent = await product.sender.sendAll(
    work.map((item) => item.event),
    { concurrency: 32, attempts: 5 },
  );
  if (sent.accepted.length !== work.length) throw new Error(`only ${sent.accepted.length} events were accepted`);
  const progress = new EventEmitter();
  let [settled, requests] = [0, 0];
  product.listener = {
    settled: ({ state }) => {
      if (state !== 'synced') throw new Error(`a conversation ended as ${state}`);
      settled += 1;
      progress.emit('settled');
    },
    request: () => {
      requests += 1;
    },
  };
  await product.store.connections.resume(product.connectionId);
  const start = performance.now();
  await product.wake();
  while (settled < work.length) await once(progress, 'settled');
  return { seconds: (performance.now() - start) / 1_000, requests };
}

/** From the 202 to the CRM, one conversation at a time; the CRM's own time is what its requests took. */
async function alone(
  product: Product,
  work: readonly Work[],
): Promise<{ readonly total: number; readonly beyondCrm: number }[]> {
  const times: { total: number; beyondCrm: number }[] = [];
  for (const { conversation, event } of work) {
    await product.ask({ kind: 'conversations', conversations: [conversation] });
    const done = new EventEmitter();
    const settled = once(done, 'settled');
    let crm = 0;
    let end = 0;
    product.listener = {
      settled: () => {
        end = performance.now();
        done.emit('settled');
      },
      request: ({ durationMs }) => {
        crm += durationMs;
      },
    };
    const { status } = await product.sender.send(event);
    const start = performance.now();
    if (status !== 202) throw new Error(`the intake answered ${status}`);
    await settled;
    // A delivery may even be recorded before the sender has read its 202.
    times.push({ total: Math.max(0, end - start), beyondCrm: Math.max(0, end - start - crm) });
  }
  return times;
}

function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? Number.NaN;
}

const print = (label: string, value: string) => console.log(`${label.padEnd(62)} ${value.padStart(12)}`);
const perSecond = (count: number, seconds: number) => count / seconds;

console.log(`CRM latency ${CRM_LATENCY_MS} ms, every caller new, durable PostgreSQL, all on this machine.\n`);

const product = await startProduct({ crmLatencyMs: CRM_LATENCY_MS });
await burst(product, calls('warm', 200, 1_000_000));
const many = await burst(product, calls('burst', BURST, 2_000_000));
const singles = await alone(product, calls('alone', ALONE, 3_000_000));
const contents = await product.ask({ kind: 'contents' });
await product.stop();

const oneByOne = await startProduct({ crmLatencyMs: CRM_LATENCY_MS, policy: { batchSize: 1 } });
await burst(oneByOne, calls('warm', 10, 1_000_000));
const single = await burst(oneByOne, calls('one', 60, 2_000_000));
await oneByOne.stop();

const rate = perSecond(BURST, many.seconds);
print(`${BURST} conversations waiting: delivered per second`, rate.toFixed(0));
print('  requests to the CRM per conversation', (many.requests / BURST).toFixed(3));
print('the same with batches of one: delivered per second', perSecond(60, single.seconds).toFixed(1));
print('  ratio', `${(rate / perSecond(60, single.seconds)).toFixed(1)} x`);
print(
  `one alone: 202 to recorded, p50 of ${ALONE}`,
  `${percentile(
    singles.map((t) => t.total),
    0.5,
  ).toFixed(0)} ms`,
);
print(
  '  beyond the time of the CRM itself, p50',
  `${percentile(
    singles.map((t) => t.beyondCrm),
    0.5,
  ).toFixed(0)} ms`,
);
print(
  '  beyond the time of the CRM itself, p95',
  `${percentile(
    singles.map((t) => t.beyondCrm),
    0.95,
  ).toFixed(0)} ms`,
);

const expected = 200 + BURST + ALONE;
if (contents.kind === 'contents' && (contents.calls !== expected || contents.contacts !== expected)) {
  console.error(`The CRM holds ${contents.calls} calls and ${contents.contacts} contacts instead of ${expected} each.`);
  process.exitCode = 1;
} else print('calls and contacts in the CRM, each exactly once', `${expected}`);
