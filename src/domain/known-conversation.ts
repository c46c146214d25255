import { hasEnded, type Conversation, type Message, type RoutingDecision } from './conversation.ts';
import type { EventFacts } from './event.ts';

/** When and why a person was asked for. */
interface Handoff {
  /** ISO 8601 UTC. */
  readonly requestedAt: string;
  readonly reason: string | undefined;
  readonly agentId: string | undefined;
}

/**
 * Everything known of one conversation at one moment: the source's resource completed by its routing decisions and by
 * what only the events say (the caller's number is documented only there).
 */
export interface KnownConversation {
  readonly conversation: Conversation;
  readonly routing: readonly RoutingDecision[];
  readonly handoff: Handoff | undefined;
  /** Absent when they were not asked for or the source does not offer them. */
  readonly messages: readonly Message[] | undefined;
  readonly ended: boolean;
}

/**
 * Merges in this order of trust: resource, routing decisions, events. Pure, and blind to the order in which events
 * arrived: the newest instant wins per field, the event id breaks a tie.
 */
export function knowConversation(input: {
  readonly resource: Conversation;
  readonly routing: readonly RoutingDecision[];
  readonly events: readonly EventFacts[];
  readonly messages?: readonly Message[] | undefined;
}): KnownConversation {
  const events = newestFirst(input.events);
  const number =
    present(input.resource.caller.number) ??
    firstPresent(newestDecisionsFirst(input.routing), (decision) => decision.fromNumber) ??
    firstPresent(events, (event) => event.fromNumber);
  const agentId =
    present(input.resource.agentId) ??
    firstPresent(newestDecisionsFirst(input.routing), (decision) => decision.agentId) ??
    firstPresent(events, (event) => event.toAgentId);
  const conversation: Conversation = {
    ...input.resource,
    caller: { ...input.resource.caller, ...(number === undefined ? {} : { number }) },
    ...(agentId === undefined ? {} : { agentId }),
  };
  return {
    conversation,
    routing: input.routing,
    handoff: handoffOf(events),
    messages: input.messages,
    ended: hasEnded(conversation),
  };
}

/** The first request counts: later ones repeat it, and its task must not move. Reason and agent come from the newest. */
function handoffOf(events: readonly EventFacts[]): Handoff | undefined {
  const requests = events.filter((event) => event.type === 'handoff.requested');
  const first = requests.at(-1);
  if (first === undefined) return undefined;
  return {
    requestedAt: first.createdAt,
    reason: firstPresent(requests, (event) => event.routeReason),
    agentId: firstPresent(requests, (event) => event.toAgentId),
  };
}

function newestFirst(events: readonly EventFacts[]): readonly EventFacts[] {
  return events.toSorted((a, b) => compare(b.createdAt, a.createdAt) || compare(b.eventId, a.eventId));
}

function newestDecisionsFirst(decisions: readonly RoutingDecision[]): readonly RoutingDecision[] {
  return decisions.toSorted((a, b) => compare(b.decidedAt ?? '', a.decidedAt ?? ''));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function firstPresent<T>(items: readonly T[], read: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const value = present(read(item));
    if (value !== undefined) return value;
  }
  return undefined;
}

function present(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value;
}
