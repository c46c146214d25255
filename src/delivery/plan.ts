import type { PersonKey } from '../domain/caller.ts';
import type { Connection } from '../domain/connection.ts';
import type { TenantId } from '../domain/ids.ts';
import {
  relatedToLink,
  type ActivityPlan,
  type DeliveryPlan,
  type FieldChange,
  type PersonPlan,
  type TaskPlan,
  type WrittenRecord,
} from '../domain/plan.ts';
import type { ReasonCode } from '../domain/reasons.ts';
import {
  activityKindOf,
  applyContentPolicy,
  evaluate,
  type MappedField,
  type Mapping,
  type MappingSource,
} from '../mapping/mapping.ts';
import { changesOf, changesOfOurs, NEW, read } from './fields/field-states.ts';
import { planPlace, type PlaceInput } from './plan-place.ts';
import type { LookedAround, Part, PersonChoice } from './steps.ts';

/** Everything a plan is made of. Nothing else may influence it: the same input is the same plan, live or previewed. */
export interface PlanInput extends PlaceInput, Pick<LookedAround, 'caller' | 'occurredAt' | 'choice' | 'judgement'> {
  readonly tenantId: TenantId;
  readonly tenant: Pick<Connection['tenant'], 'timezone' | 'defaultCountry'>;
  readonly mapping: Mapping;
}

/** Turns what is known into the list of intended writes. Pure and total. */
export function planDelivery(input: PlanInput): DeliveryPlan {
  const { content } = input.judgement;
  const source = sourceOf(input);
  const person = planPerson(input, source);
  const activity = planActivity(input, source);
  const task = planTask(input, source);
  return {
    conversationId: input.known.conversation.id,
    mappingVersion: input.mapping.version,
    person,
    activity: activity?.plan,
    task: task?.plan,
    content: {
      recording: content.recording,
      summary: content.summary,
      transcript: content.transcript,
      rule: content.rule,
    },
    reason: reasonOf(input, person, activity?.plan, task?.plan),
    warnings: [
      ...new Set([...input.mapping.warnings(source), ...(activity?.warnings ?? []), ...(task?.warnings ?? [])]),
    ],
  };
}

/** What the mapping may read: nothing that the content policy keeps back. */
export function sourceOf({
  known,
  caller,
  occurredAt,
  judgement,
  tenant,
}: Pick<PlanInput, 'known' | 'caller' | 'occurredAt' | 'judgement' | 'tenant'>): MappingSource {
  const { content, followUp, facts } = judgement;
  return {
    known: applyContentPolicy(known, content),
    caller,
    occurredAt,
    followUp,
    context: { timezone: tenant.timezone, defaultCountry: tenant.defaultCountry, afterHours: facts.afterHours },
  };
}

function planPerson({ caller, choice, mapping }: PlanInput, source: MappingSource): PersonPlan {
  if (choice.kind === 'nobody' || choice.kind === 'log_without_person' || caller.kind !== 'identified') {
    return { action: 'none', rule: choice.rule };
  }
  const mapped = evaluate(mapping.person, source);
  if (choice.kind === 'create') {
    return { action: 'create', key: caller.key, rule: choice.rule, changes: changesOf(mapped, NEW, caller.key) };
  }
  return planKnownPerson(caller.key, choice, mapped);
}

function planKnownPerson(
  key: PersonKey,
  choice: Extract<PersonChoice, { kind: 'matched' }>,
  mapped: readonly MappedField[],
): PersonPlan {
  const changes = choice.fields === undefined ? [] : changesOf(mapped, read(choice.fields), key);
  const action = changes.some((change) => change.decision === 'write') ? 'update' : 'keep';
  return { action, key, ref: choice.ref, rule: choice.rule, changes };
}

/** A planned record, and remarks on its plan. */
interface Remarked<T> {
  readonly plan: T;
  readonly warnings: readonly string[];
}

/**
 * On nobody's timeline an activity is invisible in every CRM: it is written once there is a person, unless the policy
 * wants it there.
 */
function planActivity(input: PlanInput, source: MappingSource): Remarked<ActivityPlan> | undefined {
  if (input.choice.kind === 'nobody') return undefined;
  const kind = activityKindOf(input.known.conversation.channel);
  const { warnings, ...record } = planRecord('activity', input, evaluate(input.mapping.activity(kind), source));
  return { plan: { ...record, kind, key: activityKey(input) }, warnings };
}

function planTask(input: PlanInput, source: MappingSource): Remarked<TaskPlan> | undefined {
  const { followUp } = input.judgement;
  if (followUp === undefined) return undefined;
  const { warnings, ...record } = planRecord('task', input, evaluate(input.mapping.task, source));
  return { plan: { ...record, key: `${activityKey(input)}:handoff`, rule: followUp.rule }, warnings };
}

/** What activities and tasks have in common: fields, an owner, and what they are put on. */
function planRecord(part: Part, input: PlanInput, mapped: readonly MappedField[]) {
  const { owner, fields, related, warnings } = planPlace(part, input.mapping.crm, input, mapped);
  const changes = changesOfOurs(
    [...mapped, ...fields],
    { written: input.written[part], present: input.present?.[part] },
    input.known.conversation.id,
  );
  return { action: actionOf(changes), changes, owner, related, warnings };
}

/** Unique in the CRM account even when two tenants share it. */
function activityKey({ tenantId, known }: PlanInput): string {
  return `${tenantId}:${known.conversation.id}`;
}

function actionOf(changes: readonly FieldChange[]): 'upsert' | 'keep' {
  return changes.some((change) => change.decision === 'write') ? 'upsert' : 'keep';
}

function reasonOf(
  { known, choice, written }: PlanInput,
  person: PersonPlan,
  activity: ActivityPlan | undefined,
  task: TaskPlan | undefined,
): ReasonCode {
  if (choice.kind === 'nobody') return choice.reason;
  if (!known.ended) return known.handoff === undefined ? 'written_without_end' : 'handoff_written_conversation_active';
  const hasPerson = choice.kind !== 'log_without_person';
  const isInPlace = (plan: Pick<TaskPlan, 'related'> | undefined, record: WrittenRecord | undefined) =>
    (!hasPerson || record?.linkedTo !== undefined) && relatedToLink(plan?.related ?? [], record).length === 0;
  const linked = isInPlace(activity, written.activity) && (task === undefined || isInPlace(task, written.task));
  const quiet =
    person.action === (hasPerson ? 'keep' : 'none') &&
    activity?.action === 'keep' &&
    (task === undefined || task.action === 'keep');
  return linked && quiet ? 'nothing_to_change' : 'written';
}
