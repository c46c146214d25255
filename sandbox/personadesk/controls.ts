import { changeBehaviour, type Behaviour, type BehaviourPatch, type Fault } from './behaviour.ts';
import type { RequestCounts } from './request-tally.ts';
import type { ApiRecord, SandboxConversation } from './resources.ts';
import { resetState, type SandboxState } from './sandbox-state.ts';

/** What a test or a demo may do to a running sandbox; the same is offered over HTTP under `/_sandbox`. */
export interface PersonaDeskControls {
  addConversations(conversations: readonly SandboxConversation[]): void;
  /** Merges fields into a conversation, e.g. to complete an active one; false when the id is unknown. */
  updateConversation(id: string, patch: ApiRecord): boolean;
  conversations(): readonly SandboxConversation[];
  requestCounts(): RequestCounts;
  options(): Behaviour;
  setOptions(options: BehaviourPatch): void;
  injectFault(fault: Fault): void;
  clearFaults(): void;
  /** Every cursor issued so far is from now on answered with 400. */
  expireCursors(): void;
  /** Back to how the sandbox started: the documented example only, no faults, counts at zero. */
  reset(): void;
}

export function createControls(state: SandboxState): PersonaDeskControls {
  const atStart = state.behaviour;
  return {
    addConversations: (conversations) => state.conversations.add(conversations),
    updateConversation: (id, patch) => state.conversations.update(id, patch),
    conversations: () => state.conversations.all(),
    requestCounts: () => state.tally.counts(),
    options: () => state.behaviour,
    setOptions: (options) => {
      state.behaviour = changeBehaviour(state.behaviour, options);
    },
    injectFault: (fault) => state.faults.add(fault),
    clearFaults: () => state.faults.clear(),
    expireCursors: () => state.cursors.expireAll(),
    reset: () => resetState(state, atStart),
  };
}
