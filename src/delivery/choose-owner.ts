import type { CrmFailure, OwnerAnswer, OwnerQuery } from '../domain/crm.ts';
import type { KnownConversation } from '../domain/known-conversation.ts';
import { ownerQuery, type OwnerPolicy, type OwnerRule } from '../domain/owner-policy.ts';
import type { OwnerPlan } from '../domain/plan.ts';
import { ownerKey, type OwnerFacts, type Part } from './steps.ts';

export interface OwnerChoice {
  readonly owner: OwnerPlan;
  /** Owners that were passed over because the CRM would refuse them; they name agents, never addresses. */
  readonly warnings: readonly string[];
  /** The first owner on the way who could not be checked. */
  readonly unchecked: CrmFailure | undefined;
}

/** What the choice is made of. */
export interface OwnerChoiceInput {
  readonly known: KnownConversation;
  readonly policy: OwnerPolicy;
  readonly facts: OwnerFacts;
}

/** Tries the policy's rules in order; the first owner who is active in the CRM is taken. Pure and total. */
export function chooseOwner(part: Part, input: OwnerChoiceInput): OwnerChoice {
  const rules = input.policy[part];
  const passed: Candidate[] = [];
  for (const candidate of rules.flatMap((rule) => candidatesOf(rule, part, input))) {
    const { answer, rule } = candidate;
    if (answer?.kind === 'active') return choice({ ownerId: answer.ownerId, rule }, part, passed);
    passed.push(candidate);
  }
  const why = rules.length === 0 ? 'policy' : passed.map(whyNot).join('; ');
  return choice({ ownerId: undefined, rule: `left to the CRM: ${why}` }, part, passed);
}

/** Agents of the conversation whose owners count: the one who was to take over before the one who spoke. */
export function agentsOf({ conversation, handoff }: KnownConversation, part: Part): readonly string[] {
  const agents = part === 'task' ? [handoff?.agentId, conversation.agentId] : [conversation.agentId];
  return [...new Set(agents.filter((agent) => agent !== undefined))];
}

/** Whom the configuration names for an agent. An id is data: it may be the name of something every object has. */
export function ownerOfAgent({ agents }: OwnerPolicy, agent: string): OwnerQuery | undefined {
  const name = Object.hasOwn(agents, agent) ? agents[agent] : undefined;
  return name === undefined ? undefined : ownerQuery(name);
}

/** Somebody whom a rule proposes, or the reason why it proposes nobody. */
interface Candidate {
  readonly rule: string;
  readonly who: string;
  /** What the CRM said of them; undefined for nobody. */
  readonly answer: OwnerAnswer | undefined;
}

function candidatesOf(rule: OwnerRule, part: Part, { known, policy, facts }: OwnerChoiceInput): readonly Candidate[] {
  switch (rule) {
    case 'agent': {
      const agents = agentsOf(known, part);
      if (agents.length === 0) return [nobody('no agent is known')];
      return agents.map((agent) => candidateOfAgent(agent, ownerOfAgent(policy, agent), facts));
    }
    case 'record_owner':
      return [candidateOfRecord(facts)];
    case 'fallback': {
      if (policy.fallback === undefined) return [nobody('there is no fallback')];
      return [{ rule: 'fallback', who: 'the fallback owner', answer: answerTo(ownerQuery(policy.fallback), facts) }];
    }
  }
}

function nobody(who: string): Candidate {
  return { rule: '', who, answer: undefined };
}

function candidateOfAgent(agent: string, query: OwnerQuery | undefined, facts: OwnerFacts): Candidate {
  if (query === undefined) return nobody(`agent ${agent} has no owner`);
  const rule = `agent ${agent} is mapped to this owner`;
  return { rule, who: `the owner of agent ${agent}`, answer: answerTo(query, facts) };
}

function candidateOfRecord(facts: OwnerFacts): Candidate {
  const { recordOwner } = facts;
  const words = { rule: "owner of the person's record", who: "the owner of the person's record" };
  if (recordOwner.kind === 'could_not_check') return { ...words, answer: recordOwner };
  const { ownerId } = recordOwner;
  if (ownerId === undefined) return nobody("the person's record has no owner");
  return { ...words, answer: answerTo({ by: 'id', value: ownerId }, facts) };
}

function answerTo(query: OwnerQuery, { answers }: OwnerFacts): OwnerAnswer {
  return answers.get(ownerKey(query)) ?? { kind: 'unknown' };
}

function whyNot({ who, answer }: Candidate): string {
  switch (answer?.kind) {
    case undefined:
    case 'active':
      return who;
    case 'inactive':
      return `${who} is not active in the CRM`;
    case 'unknown':
      return `${who} is not known to the CRM`;
    case 'could_not_check':
      return `${who} could not be checked (${answer.failure.code})`;
  }
}

/** That a rule proposes nobody is no fault; that the CRM would refuse somebody is worth a remark. */
function choice(owner: OwnerPlan, part: Part, passed: readonly Candidate[]): OwnerChoice {
  const refused = passed.filter(({ answer }) => answer !== undefined);
  return {
    owner,
    warnings: refused.map((candidate) => `${part}: ${whyNot(candidate)}`),
    unchecked: refused.flatMap(({ answer }) => (answer?.kind === 'could_not_check' ? [answer.failure] : []))[0],
  };
}
