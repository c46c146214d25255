import type { SandboxConversation, WebhookEvent } from '../../sandbox/personadesk/index.ts';
import type { HubSpotSandbox } from '../../sandbox/hubspot/index.ts';

/** A completed voice call with everything a source may say. */
export function call(
  id: string,
  number: string | null,
  more: Readonly<Record<string, unknown>> = {},
): SandboxConversation {
  return {
    resource: {
      id,
      tenant_id: 'ten_test',
      status: 'completed',
      channel: 'voice',
      direction: 'inbound',
      started_at: '2026-03-02T10:00:00Z',
      ended_at: '2026-03-02T10:02:45Z',
      duration_seconds: 165,
      from_number: number,
      summary: `Summary of ${id}.`,
      ...more,
    },
    messages: [],
    routingDecisions: [],
  };
}

/** The four events of a conversation, in the order in which they happen. */
export function eventsOf(
  id: string,
  number: string,
): readonly [WebhookEvent, WebhookEvent, WebhookEvent, WebhookEvent] {
  const event = (type: WebhookEvent['type'], n: number, data: object = {}): WebhookEvent => ({
    type,
    id: `evt_${id}_${n}`,
    created_at: `2026-03-02T10:0${n}:00Z`,
    data: { conversation_id: id, tenant_id: 'ten_test', from_number: number, ...data },
  });
  return [
    event('call.started', 0),
    event('conversation.routed', 1, { to_agent_id: 'agent_abc', route_reason: 'lead_high_intent' }),
    event('handoff.requested', 2, { to_agent_id: 'agent_human_1' }),
    event('conversation.completed', 3),
  ];
}

/** The event that says a conversation is over. */
export function completed(id: string, number: string): WebhookEvent {
  return eventsOf(id, number)[3];
}

/** All orders of a list. */
export function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length <= 1) return [items];
  return items.flatMap((item, index) =>
    permutations(items.toSpliced(index, 1)).map((rest): readonly T[] => [item, ...rest]),
  );
}

/** All sub-lists but the empty one, in order. */
export function subsets<T>(items: readonly T[]): readonly (readonly T[])[] {
  const count = 2 ** items.length;
  return Array.from({ length: count - 1 }, (_, n) => items.filter((_item, index) => ((n + 1) >> index) % 2 === 1));
}

/** What stands in the HubSpot sandbox, live records only, reduced to what scenarios ask. */
export function inHubSpot(hubspot: HubSpotSandbox) {
  const live = (type: 'contacts' | 'calls' | 'communications' | 'notes' | 'tasks') =>
    hubspot.records(type).filter((record) => !record.archived);
  return {
    contacts: live('contacts'),
    calls: live('calls'),
    communications: live('communications'),
    notes: live('notes'),
    tasks: live('tasks'),
    /** Ids of contacts on whose timeline the record is. */
    contactsOf: (record: ReturnType<typeof live>[number]) =>
      record.associations.filter((link) => link.type === 'contacts').map((link) => link.id),
  };
}
