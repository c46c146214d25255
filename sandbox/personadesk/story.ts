import { callerOf, type Caller } from './callers.ts';
import { createRandom, hashText, type NonEmpty, type Random } from './random.ts';

/** An endless, repeatable series of conversations. */
export interface ConversationSeries {
  readonly seed: number;
  readonly tenantId: string;
  /** The first and the last instant at which a conversation may start (ISO 8601 or a Date). */
  readonly from: string | Date;
  readonly to: string | Date;
}

/** What to generate: the first `count` conversations of a series; a larger `count` only adds to them. */
export interface GenerateInput extends ConversationSeries {
  readonly count: number;
}

type Channel = 'voice' | 'chat' | 'sms';
type Status = 'active' | 'completed' | 'missed' | 'abandoned' | 'failed' | 'transferred';

/** What happened in one conversation: the facts that resource, transcript and events are told from. */
export interface Story {
  /** Common ending of the conversation's, messages' and events' ids. */
  readonly suffix: string;
  readonly key: string;
  readonly tenantId: string;
  readonly channel: Channel;
  readonly status: Status;
  readonly direction: 'inbound' | 'outbound';
  /** Epoch milliseconds, whole seconds. */
  readonly startedAt: number;
  readonly durationSeconds: number;
  readonly caller: Caller;
  readonly agentId: string;
  /** `null` when nobody took the conversation. */
  readonly routeReason: string | null;
  readonly handedOff: boolean;
}

const CHANNELS: NonEmpty<readonly [Channel, number]> = [
  ['voice', 65],
  ['chat', 20],
  ['sms', 15],
];

const STATUSES: NonEmpty<readonly [Status, number]> = [
  ['completed', 62],
  ['missed', 10],
  ['abandoned', 8],
  ['transferred', 10],
  ['failed', 4],
  ['active', 6],
];

const ROUTE_REASONS: NonEmpty<string> = [
  'lead_high_intent',
  'existing_customer',
  'appointment_request',
  'billing_question',
  'after_hours',
  'language_match',
];

const AGENTS: NonEmpty<string> = ['agent_abc', 'agent_ava', 'agent_human_1', 'agent_human_2'];

const milliseconds = (instant: string | Date): number => new Date(instant).getTime();

function startOf(input: ConversationSeries, random: Random): number {
  const from = milliseconds(input.from);
  const to = milliseconds(input.to);
  return Math.floor((from + random.next() * (to - from)) / 1000) * 1000;
}

function durationOf(status: Status, random: Random): number {
  switch (status) {
    case 'missed':
      return 0;
    case 'abandoned':
    case 'failed':
      return random.int(2, 40);
    case 'active':
    case 'completed':
    case 'transferred':
      return random.chance(0.05) ? random.int(1_200, 5_400) : random.int(20, 600);
  }
}

/** A call nobody took is not routed; whoever gave up early seldom was. */
function isRouted(status: Status, random: Random): boolean {
  if (status === 'missed') return false;
  return status === 'abandoned' ? random.chance(0.3) : true;
}

/** Decides what happened in the `index`-th conversation of a seed. */
export function tellStory(input: ConversationSeries, index: number): Story {
  const seedKey = `${input.tenantId}:${input.seed}`;
  const key = `${seedKey}:${index}`;
  const random = createRandom(key);
  const channel = random.weighted(CHANNELS);
  const told = random.weighted(STATUSES);
  // Nobody misses a chat: it waits.
  const status = channel !== 'voice' && told === 'missed' ? 'completed' : told;
  const routed = isRouted(status, random);
  return {
    suffix: `${hashText(seedKey).toString(36)}_${String(index).padStart(6, '0')}`,
    key,
    tenantId: input.tenantId,
    channel,
    status,
    direction: random.chance(0.12) ? 'outbound' : 'inbound',
    startedAt: startOf(input, random),
    durationSeconds: durationOf(status, random),
    caller: callerOf(seedKey, index, channel === 'chat', random),
    agentId: random.pick(AGENTS),
    routeReason: routed ? random.pick(ROUTE_REASONS) : null,
    handedOff: status === 'transferred' || (routed && random.chance(0.15)),
  };
}

/** Epoch milliseconds as the API writes instants: UTC, whole seconds. */
export function apiInstant(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('.000Z', 'Z');
}
