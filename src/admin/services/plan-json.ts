import type { Preview, PreviewedConversation } from '../../delivery/preview.ts';
import type { ConnectionPlan, PlanResult } from './plan-conversations.ts';
import { uncheckedCode } from './plan-effect.ts';

/** A result as data: everything that the text says, and the plans themselves. Its shape is stable. */
export function planJson(result: PlanResult): unknown {
  return result.kind === 'planned' ? { ...result, connections: result.connections.map(connectionJson) } : result;
}

function connectionJson(plan: ConnectionPlan): unknown {
  if (plan.kind === 'left_alone') return plan;
  const { preview, draft, ...rest } = plan;
  return { ...rest, ...previewJson(preview), draft: draft === undefined ? undefined : draftJson(draft) };
}

function draftJson({ preview, ...rest }: NonNullable<Extract<ConnectionPlan, { kind: 'previewed' }>['draft']>) {
  return { ...rest, ...previewJson(preview) };
}

function previewJson({ conversations, ...rest }: Preview) {
  return { ...rest, conversations: conversations.map(conversationJson) };
}

/** The requests are the batch's, and would stand with each of its conversations. */
function conversationJson(one: PreviewedConversation) {
  const { conversationId, readFrom, outcome, trace } = one;
  const { source, caller, lookUp, filter, plan, failures } = trace;
  return {
    conversationId,
    readFrom,
    /** Undefined when everything that was asked was answered. */
    uncheckedBecause: uncheckedCode(one),
    state: outcome.state,
    reason: outcome.reason,
    vendorCode: outcome.vendorCode,
    source,
    caller,
    lookUp,
    filter,
    failures,
    plan,
  };
}
