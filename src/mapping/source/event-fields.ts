import { booleanField, instantField, numberField, textField, type SourceField } from './field.ts';

/** How the conversation was routed. */
export const routingFields: readonly SourceField[] = [
  textField(
    { path: 'routing.reason', description: 'the first reason given for routing it', example: 'lead_high_intent' },
    ({ known }) => known.routing.find((decision) => decision.reason !== undefined)?.reason,
  ),
  textField(
    { path: 'routing.agentId', description: 'the agent it was first routed to', example: 'agent_abc' },
    ({ known }) => known.routing.find((decision) => decision.agentId !== undefined)?.agentId,
  ),
  numberField(
    { path: 'routing.count', description: 'how often it was routed', example: '1' },
    ({ known }) => known.routing.length,
  ),
];

/** Whether, when and why a person was asked for. */
export const handoffFields: readonly SourceField[] = [
  booleanField(
    { path: 'handoff.requested', description: 'whether a person was asked for', example: 'true' },
    ({ known }) => known.handoff !== undefined,
  ),
  instantField(
    { path: 'handoff.requestedAt', description: 'when a person was first asked for', example: '2026-03-02T10:01:00Z' },
    ({ known }) => known.handoff?.requestedAt,
  ),
  textField(
    { path: 'handoff.reason', description: 'why a person was asked for', example: 'asked_for_person' },
    ({ known }) => known.handoff?.reason,
  ),
  textField(
    { path: 'handoff.agentId', description: 'the agent who was asked for', example: 'agent_human_1' },
    ({ known }) => known.handoff?.agentId,
  ),
];

/** The follow-up task that is to be written; without values where there is none. */
export const taskFields: readonly SourceField[] = [
  instantField(
    { path: 'task.dueAt', description: 'until when the follow-up task is to be done', example: '2026-03-02T10:16:00Z' },
    ({ followUp }) => followUp?.dueAt,
  ),
  textField(
    { path: 'task.priority', description: 'high, medium or low', example: 'high' },
    ({ followUp }) => followUp?.priority,
  ),
];
