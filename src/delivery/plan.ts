import type { PersonKey } from '../domain/caller.ts';
import type { ConnectionConfiguration } from '../domain/configuration.ts';
import type { FieldValues } from '../domain/crm.ts';
import type { TenantId } from '../domain/ids.ts';
import type { ActivityPlan, DeliveryPlan, FieldChange, PersonPlan, TaskPlan } from '../domain/plan.ts';
import type { ReasonCode } from '../domain/reasons.ts';
import {
  activityKindOf,
  applyContentPolicy,
  evaluate,
  type MappedField,
  type Mapping,
  type MappingSource,
} from '../mapping/mapping.ts';
import type { LookedUp, PersonChoice } from './steps.ts';

/** Everything a plan is made of. Nothing else may influence it: the same input is the same plan, live or previewed. */
export interface PlanInput extends Pick<LookedUp, 'known' | 'caller' | 'occurredAt' | 'choice'> {
  readonly tenantId: TenantId;
  readonly written: LookedUp['row']['written'];
  readonly content: ConnectionConfiguration['content'];
  readonly mapping: Mapping;
}

/** Turns what is known into the list of intended writes. Pure and total. */
export function planDelivery(input: PlanInput): DeliveryPlan {
  const source: MappingSource = {
    known: applyContentPolicy(input.known, input.content),
    caller: input.caller,
    occurredAt: input.occurredAt,
  };
  const person = planPerson(input, source);
  const activity = planActivity(input, source);
  const task = planTask(input, source);
  return {
    conversationId: input.known.conversation.id,
    mappingVersion: input.mapping.version,
    person,
    activity,
    task,
    reason: reasonOf(input, person, activity, task),
    warnings: input.mapping.warnings(source),
  };
}

function planPerson({ caller, choice, mapping }: PlanInput, source: MappingSource): PersonPlan {
  if (choice.kind === 'nobody' || caller.kind !== 'identified') return { action: 'none', rule: choice.rule };
  const mapped = evaluate(mapping.person, source);
  if (choice.kind === 'create') {
    return { action: 'create', key: caller.key, rule: choice.rule, changes: changesOf(mapped, undefined) };
  }
  return planKnownPerson(caller.key, choice, mapped);
}

function planKnownPerson(
  key: PersonKey,
  choice: Extract<PersonChoice, { kind: 'matched' }>,
  mapped: readonly MappedField[],
): PersonPlan {
  const changes = choice.fields === undefined ? [] : changesOf(mapped, choice.fields);
  const action = changes.some((change) => change.decision === 'write') ? 'update' : 'keep';
  return { action, key, ref: choice.ref, rule: choice.rule, changes };
}

/** On nobody's timeline an activity is invisible in every CRM: it is written once there is a person. */
function planActivity(input: PlanInput, source: MappingSource): ActivityPlan | undefined {
  if (input.choice.kind === 'nobody') return undefined;
  const kind = activityKindOf(input.known.conversation.channel);
  const changes = changesOf(evaluate(input.mapping.activity(kind), source), input.written.activity?.fields);
  return { action: actionOf(changes), kind, key: activityKey(input), changes };
}

function planTask(input: PlanInput, source: MappingSource): TaskPlan | undefined {
  if (input.known.handoff === undefined) return undefined;
  const changes = changesOf(evaluate(input.mapping.task, source), input.written.task?.fields);
  return { action: actionOf(changes), key: `${activityKey(input)}:handoff`, changes };
}

/** Unique in the CRM account even when two tenants share it. */
function activityKey({ tenantId, known }: PlanInput): string {
  return `${tenantId}:${known.conversation.id}`;
}

function actionOf(changes: readonly FieldChange[]): 'upsert' | 'keep' {
  return changes.some((change) => change.decision === 'write') ? 'upsert' : 'keep';
}

/** @param present what the record holds; undefined for one that does not exist yet. */
function changesOf(mapped: readonly MappedField[], present: FieldValues | undefined): readonly FieldChange[] {
  return mapped.map(({ field, mode, value }) => {
    const from = present?.[field];
    return { field, mode, from, to: value, decision: decide(mode, from, value, present !== undefined) };
  });
}

function decide(
  mode: MappedField['mode'],
  from: string | undefined,
  to: string,
  exists: boolean,
): FieldChange['decision'] {
  if (from === to) return 'unchanged';
  switch (mode) {
    case 'overwrite':
      return 'write';
    case 'fill_if_empty':
      return from === undefined || from === '' ? 'write' : 'keep_existing';
    case 'create_only':
      return exists ? 'keep_existing' : 'write';
  }
}

function reasonOf(
  { known, choice, written }: PlanInput,
  person: PersonPlan,
  activity: ActivityPlan | undefined,
  task: TaskPlan | undefined,
): ReasonCode {
  if (choice.kind === 'nobody') return choice.reason;
  if (!known.ended) return known.handoff === undefined ? 'written_without_end' : 'handoff_written_conversation_active';
  const linked =
    written.activity?.linkedTo !== undefined && (task === undefined || written.task?.linkedTo !== undefined);
  const quiet =
    person.action === 'keep' && activity?.action === 'keep' && (task === undefined || task.action === 'keep');
  return linked && quiet ? 'nothing_to_change' : 'written';
}
