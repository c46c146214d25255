import { identifyCaller } from '../../src/domain/caller.ts';
import type { Conversation } from '../../src/domain/conversation.ts';
import type { RecordRef } from '../../src/domain/crm.ts';
import { connectionIdSchema, conversationIdSchema, tenantIdSchema } from '../../src/domain/ids.ts';
import { knowConversation } from '../../src/domain/known-conversation.ts';
import { NOTHING_WRITTEN, type DeliveryPlan, type WrittenRecords } from '../../src/domain/plan.ts';
import { judge } from '../../src/delivery/judge.ts';
import type { Loaded, LookedUp, Planned } from '../../src/delivery/steps.ts';
import { DEFAULT_POLICIES } from '../support/policies.ts';

const conversationId = conversationIdSchema.parse('conv_1');
const tenantId = tenantIdSchema.parse('ten_1');

const resource: Conversation = {
  id: conversationId,
  tenantId,
  channel: 'voice',
  status: 'completed',
  caller: { number: '+15551234567' },
  tags: [],
  raw: {},
};

const caller = identifiedCaller();

/** What a test may say of a conversation on its way. */
export interface OnItsWay {
  readonly person?: RecordRef;
  /** Read along with the look-up; absent when nobody looked. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly agentId?: string;
  /** The agent who was to take over. */
  readonly handoff?: string;
  readonly written?: WrittenRecords;
  readonly attempts?: number;
}

/** A conversation whose person was found, or is to be made when none is named. */
export function lookedUp({
  person,
  fields,
  agentId,
  handoff,
  written = NOTHING_WRITTEN,
  attempts = 0,
}: OnItsWay): LookedUp {
  const known = knowConversation({ resource: { ...resource, agentId }, routing: [], events: [] });
  const requested = { requestedAt: '2026-03-02T10:00:00Z', reason: undefined, agentId: handoff };
  return {
    row: {
      tenantId,
      connectionId: connectionIdSchema.parse('the-crm'),
      conversationId,
      priority: 2,
      firstHeardAt: new Date('2026-03-02T10:00:00Z'),
      attempts,
      failingSince: undefined,
      written,
    },
    ...judged({
      known: handoff === undefined ? known : { ...known, handoff: requested },
      caller,
      occurredAt: '2026-03-02T10:00:00Z',
    }),
    choice:
      person === undefined ? { kind: 'create', rule: 'test' } : { kind: 'matched', ref: person, fields, rule: 'test' },
    lookUp: undefined,
  };
}

/** What the policies of a connection that says nothing of them, or these, make of a conversation. */
export function judged<T extends Pick<Loaded, 'known' | 'caller' | 'occurredAt'>>(
  item: T,
  policies: Partial<typeof DEFAULT_POLICIES> = {},
): T & Pick<Loaded, 'judgement' | 'remembered'> {
  const loaded = { ...item, remembered: undefined };
  const by = { configuration: { ...DEFAULT_POLICIES, ...policies }, tenant: { timezone: 'UTC' } };
  return { ...loaded, judgement: judge(by, { ...loaded, row: { written: NOTHING_WRITTEN } }) };
}

/** A conversation with a plan made by hand. */
export function plannedAs(
  plan: Pick<DeliveryPlan, 'activity' | 'task'>,
  { person, written }: { readonly person: RecordRef; readonly written: WrittenRecords },
): Planned {
  return {
    ...lookedUp({ person, written }),
    owners: { recordOwner: { kind: 'known', ownerId: undefined }, answers: new Map() },
    related: { activity: undefined, task: undefined },
    plan: {
      conversationId,
      mappingVersion: 'test',
      person: { action: 'keep', key: caller.key, ref: person, changes: [], rule: 'test' },
      reason: 'written',
      warnings: [],
      ...plan,
    },
  };
}

function identifiedCaller() {
  const identified = identifyCaller(resource, 'US');
  if (identified.kind !== 'identified') throw new Error('the number is one');
  return identified;
}
