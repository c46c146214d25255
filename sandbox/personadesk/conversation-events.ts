import type { ApiRecord, WebhookEvent, WebhookEventType } from './resources.ts';
import { apiInstant, type Story } from './story.ts';

/** Who was given the conversation and why; empty when nobody was. */
export function toRoutingDecisions(story: Story): ApiRecord[] {
  if (story.routeReason === null) return [];
  return [
    {
      id: `route_${story.suffix}`,
      conversation_id: `conv_${story.suffix}`,
      created_at: apiInstant(routedAt(story)),
      from_number: story.caller.phone,
      to_agent_id: story.agentId,
      route_reason: story.routeReason,
    },
  ];
}

/** A part of the conversation's length after its start, in whole seconds. */
function after(story: Story, part: number): number {
  return story.startedAt + Math.floor(story.durationSeconds * part) * 1000;
}

const routedAt = (story: Story): number => after(story, 0.2);

interface Happening {
  readonly type: WebhookEventType;
  readonly at: number;
  readonly told: ApiRecord;
}

function happenings(story: Story): Happening[] {
  const from_number = story.caller.phone;
  const list: Happening[] = [];
  // The developer page describes call.started as "a new inbound call has started".
  if (story.channel === 'voice' && story.direction === 'inbound') {
    list.push({ type: 'call.started', at: story.startedAt, told: { from_number, direction: story.direction } });
  }
  if (story.routeReason !== null) {
    const told = { from_number, to_agent_id: story.agentId, route_reason: story.routeReason };
    list.push({ type: 'conversation.routed', at: routedAt(story), told });
  }
  if (story.handedOff) {
    const told = { from_number, to_agent_id: 'agent_human_1', reason: 'caller_asked_for_human' };
    list.push({ type: 'handoff.requested', at: after(story, 0.6), told });
  }
  if (story.status !== 'active') {
    const told = { status: story.status, channel: story.channel, duration_seconds: story.durationSeconds };
    list.push({ type: 'conversation.completed', at: after(story, 1), told });
  }
  return list;
}

/** The webhook events of a conversation, in the order they happened. */
export function toEvents(story: Story): WebhookEvent[] {
  return happenings(story).map(({ type, at, told }, index) => ({
    type,
    id: `evt_${story.suffix}_${index + 1}`,
    created_at: apiInstant(at),
    data: { conversation_id: `conv_${story.suffix}`, tenant_id: story.tenantId, ...told },
  }));
}
