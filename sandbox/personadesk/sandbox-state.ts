import { changeBehaviour, DEFAULT_BEHAVIOUR, type Behaviour, type BehaviourPatch } from './behaviour.ts';
import { createConversationStore, type ConversationStore } from './conversation-store.ts';
import { exampleConversation } from './documented-example.ts';
import { createFaultList, type FaultList } from './faults.ts';
import { createCursorMint, type CursorMint } from './paging.ts';
import { createRateMeter, type RateMeter } from './rate-meter.ts';
import { createRequestTally, type RequestTally } from './request-tally.ts';
import type { SandboxTenant } from './resources.ts';

/** Everything one running sandbox knows. */
export interface SandboxState {
  readonly clock: () => number;
  readonly tenants: readonly SandboxTenant[];
  readonly conversations: ConversationStore;
  readonly faults: FaultList;
  readonly cursors: CursorMint;
  readonly rate: RateMeter;
  readonly tally: RequestTally;
  behaviour: Behaviour;
}

/** Back to the first tenant's documented example, no faults, nothing counted; `behaviour` as at the start. */
export function resetState(state: SandboxState, behaviour: Behaviour): void {
  state.behaviour = behaviour;
  state.faults.clear();
  state.tally.clear();
  state.rate.clear();
  state.conversations.clear();
  const first = state.tenants[0];
  if (first !== undefined) state.conversations.add([exampleConversation(first.id)]);
}

export function createState(
  tenants: readonly SandboxTenant[],
  behaviour: BehaviourPatch,
  clock: () => number,
): SandboxState {
  const state: SandboxState = {
    clock,
    tenants,
    conversations: createConversationStore(),
    faults: createFaultList(),
    cursors: createCursorMint(clock),
    rate: createRateMeter(clock),
    tally: createRequestTally(),
    behaviour: changeBehaviour(DEFAULT_BEHAVIOUR, behaviour),
  };
  resetState(state, state.behaviour);
  return state;
}
