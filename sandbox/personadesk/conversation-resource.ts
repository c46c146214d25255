import { createRandom, type NonEmpty, type Random } from './random.ts';
import type { ApiRecord, GeneratedResource } from './resources.ts';
import { apiInstant, type Story } from './story.ts';

const BUSINESS_NUMBERS: NonEmpty<string> = ['+12125550100', '+442079460000', '+493023125000'];

const SUMMARIES: NonEmpty<string> = [
  'Caller asked for an appointment next Tuesday; booked at 10:30.',
  'Wants a quote for 3 units 🙂 and said "call me back before noon".',
  "Customer's invoice shows the wrong address & asked for <b>a corrected copy</b>.",
  'Rückruf gewünscht wegen Terminverschiebung.\nBitte nach 17 Uhr.',
  'Client demande un devis ; très intéressé par l’offre annuelle.',
  '询问营业时间和停车位。',
  'Asked whether the office is open on Saturday. <script>alert("hi")</script>',
  'High-intent lead 🚀: budget approved, decision this week, wants a demo.',
];

const SENTIMENTS: NonEmpty<string> = ['positive', 'neutral', 'negative'];
const INTENTS: NonEmpty<string> = ['book_appointment', 'sales_inquiry', 'billing', 'support', 'other'];
const LANGUAGES: NonEmpty<string> = ['en', 'en-GB', 'de', 'fr', 'pt-BR', 'zh'];
const TAGS: NonEmpty<string> = ['vip', 'new patient', 'urgent', 'follow-up', 'lead:hot', 'español'];

/** Present, null or left out: what optional fields of a real API do. */
function maybe(random: Random, name: string, value: unknown): ApiRecord {
  const roll = random.next();
  if (roll < 0.7) return { [name]: value };
  return roll < 0.85 ? { [name]: null } : {};
}

/** Some systems write local time with its offset; it is the same instant. */
function written(instant: number, withOffset: boolean): string {
  if (!withOffset) return apiInstant(instant);
  return apiInstant(instant + 2 * 3_600_000).replace('Z', '+02:00');
}

type NumberPlace = 'number_field' | 'caller_object' | 'caller_number' | 'nowhere';

/** Where the caller's number stands: usually a field of its own, sometimes only in `caller`, sometimes nowhere. */
const NUMBER_PLACES: NonEmpty<readonly [NumberPlace, number]> = [
  ['number_field', 75],
  ['caller_object', 10],
  ['caller_number', 8],
  ['nowhere', 7],
];

function numbersOf(story: Story, random: Random): ApiRecord {
  const { phone, name, email } = story.caller;
  const own = random.pick(BUSINESS_NUMBERS);
  const place = random.weighted(NUMBER_PLACES);
  const party = story.direction === 'inbound' ? 'from_number' : 'to_number';
  const business = story.direction === 'inbound' ? 'to_number' : 'from_number';
  const person = { ...(name === null ? {} : { name }), ...(email === null ? {} : { email }) };
  switch (place) {
    case 'number_field':
      return { [party]: phone, [business]: own, caller: person };
    case 'caller_object':
      return { [business]: own, caller: { ...person, phone } };
    case 'caller_number':
      return { caller_number: phone, [business]: own, caller: person };
    case 'nowhere':
      return { caller: person };
  }
}

function contentOf(story: Story, random: Random): ApiRecord {
  // Of a call nobody took there is nothing to tell.
  if (story.status === 'missed') return { duration_seconds: 0 };
  const recording = `https://recordings.example.com/${story.suffix}.mp3`;
  return {
    ...maybe(random, 'summary', random.pick(SUMMARIES)),
    ...maybe(random, 'sentiment', random.pick(SENTIMENTS)),
    ...maybe(random, 'intent', random.pick(INTENTS)),
    ...maybe(random, 'tags', [random.pick(TAGS), random.pick(TAGS)]),
    ...maybe(random, 'duration_seconds', story.durationSeconds),
    ...(story.channel === 'voice' ? maybe(random, 'recording_url', recording) : {}),
  };
}

/** The conversation as `GET /conversations/{id}` would show it. */
export function toResource(story: Story): GeneratedResource {
  const random = createRandom(`${story.key}:resource`);
  const withOffset = random.chance(0.03);
  const ended = story.status !== 'active';
  return {
    id: `conv_${story.suffix}`,
    tenant_id: story.tenantId,
    status: story.status,
    channel: story.channel,
    started_at: written(story.startedAt, withOffset),
    ended_at: ended ? written(story.startedAt + story.durationSeconds * 1000, withOffset) : null,
    direction: story.direction,
    agent_id: story.routeReason === null ? null : story.agentId,
    handed_off: story.handedOff,
    ...numbersOf(story, random),
    ...maybe(random, 'language', random.pick(LANGUAGES)),
    ...(ended ? contentOf(story, random) : {}),
  };
}

/** Fields that are only known when a conversation is over. */
const FINAL_FIELDS: ReadonlySet<string> = new Set([
  'summary',
  'sentiment',
  'intent',
  'tags',
  'duration_seconds',
  'recording_url',
  'handed_off',
]);

/** The same conversation while it is still going on: active, without an end, a summary or a recording. */
export function whileActive(resource: GeneratedResource): GeneratedResource {
  const kept = Object.fromEntries(Object.entries(resource).filter(([name]) => !FINAL_FIELDS.has(name)));
  const { id, tenant_id, channel, started_at } = resource;
  return { ...kept, id, tenant_id, channel, started_at, status: 'active', ended_at: null };
}
