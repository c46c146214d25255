import type { PreviewedConversation } from '../../delivery/preview.ts';
import type { ConversationId } from '../../domain/ids.ts';
import type { LedgerState } from '../../domain/ledger.ts';
import type { DeliveryPlan, FieldChange, WriteMode } from '../../domain/plan.ts';
import type { ReasonCode } from '../../domain/reasons.ts';
import { activityWord } from '../wording.ts';

/** What deliveries of several conversations would come to, counted. */
export interface PlanEffect {
  readonly conversations: number;
  /** Several conversations of one new caller make one person; found people count once per conversation. */
  readonly people: { readonly create: number; readonly update: number; readonly keep: number };
  readonly activities: RecordCounts;
  readonly tasks: RecordCounts;
  /** How the ledger would put it, the most frequent first; without what could not be checked. */
  readonly outcomes: readonly {
    readonly state: LedgerState;
    readonly reason: ReasonCode;
    readonly conversations: number;
  }[];
  /** Why nothing is known of some, by code: a failure of the CRM or of PersonaDesk. */
  readonly unchecked: readonly { readonly code: string; readonly conversations: number }[];
  /** Fields that would be written, the most frequent first. */
  readonly fields: readonly FieldEffect[];
  readonly warnings: readonly { readonly warning: string; readonly conversations: number }[];
  /** Read from what was stored, because PersonaDesk no longer has them. */
  readonly fromSnapshots: number;
}

interface RecordCounts {
  readonly write: number;
  readonly keep: number;
}

/** One field of one kind of record, in all conversations. */
interface FieldEffect {
  /** `person`, the kind of activity, or `task`. */
  readonly record: string;
  readonly field: string;
  readonly conversations: number;
  readonly examples: readonly FieldExample[];
}

interface FieldExample {
  readonly conversationId: ConversationId;
  readonly from: string | undefined;
  readonly to: string;
  readonly mode: WriteMode;
}

/** Examples of each field. */
export const EXAMPLES = 3;

/** Counts what previews say. Pure. */
export function effectOf(previewed: readonly PreviewedConversation[]): PlanEffect {
  const checked = previewed.filter((one) => uncheckedCode(one) === undefined);
  const plans = checked.flatMap(({ trace }) => trace.plan ?? []);
  return {
    conversations: previewed.length,
    people: countPeople(plans),
    activities: countRecords(plans.flatMap(({ activity }) => activity ?? [])),
    tasks: countRecords(plans.flatMap(({ task }) => task ?? [])),
    outcomes: tally(checked, ({ outcome }) => outcome.reason).map(({ items: [first], count }) => ({
      state: first.outcome.state,
      reason: first.outcome.reason,
      conversations: count,
    })),
    unchecked: tally(
      previewed.flatMap((one) => uncheckedCode(one) ?? []),
      (code) => code,
    ).map(({ items: [code], count }) => ({ code, conversations: count })),
    fields: tally(plans.flatMap(writesOf), ({ record, change }) => `${record} ${change.field}`).map(fieldEffect),
    warnings: tally(
      plans.flatMap((plan) => plan.warnings),
      (warning) => warning,
    ).map(({ items: [warning], count }) => ({ warning, conversations: count })),
    fromSnapshots: previewed.filter(({ readFrom }) => readFrom === 'snapshot').length,
  };
}

/** The failure for which nothing is known of a conversation; undefined when everything that was asked was answered. */
export function uncheckedCode({ trace }: Pick<PreviewedConversation, 'trace'>): string | undefined {
  if (trace.source !== 'found' && trace.source !== 'not_found') return trace.source;
  return trace.failures[0]?.code;
}

/** One field that would be written, and for which record. */
export interface PlannedWrite {
  readonly conversationId: ConversationId;
  readonly record: string;
  readonly change: FieldChange;
}

/** The fields that a plan writes. */
export function writesOf({ conversationId, person, activity, task }: DeliveryPlan): readonly PlannedWrite[] {
  const of = (record: string, changes: readonly FieldChange[]) =>
    changes.filter(({ decision }) => decision === 'write').map((change) => ({ conversationId, record, change }));
  return [
    ...of('person', 'changes' in person ? person.changes : []),
    ...(activity === undefined ? [] : of(activityWord(activity.kind), activity.changes)),
    ...of('task', task?.changes ?? []),
  ];
}

/** Items that are alike, the most frequent kind first, kinds of one size as they came. */
export function tally<T>(
  items: readonly T[],
  kindOf: (item: T) => string,
): readonly { readonly items: readonly [T, ...T[]]; readonly count: number }[] {
  const kinds = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const kind = kindOf(item);
    const alike = kinds.get(kind);
    if (alike === undefined) kinds.set(kind, [item]);
    else alike.push(item);
  }
  return [...kinds.values()]
    .map((alike) => ({ items: alike, count: alike.length }))
    .toSorted((a, b) => b.count - a.count);
}

function countPeople(plans: readonly DeliveryPlan[]): PlanEffect['people'] {
  const people = plans.map(({ person }) => person);
  const created = people.flatMap((person) => (person.action === 'create' ? [person.key] : []));
  return {
    create: new Set(created).size,
    update: people.filter(({ action }) => action === 'update').length,
    keep: people.filter(({ action }) => action === 'keep').length,
  };
}

function countRecords(records: readonly { readonly action: 'upsert' | 'keep' }[]): RecordCounts {
  const write = records.filter(({ action }) => action === 'upsert').length;
  return { write, keep: records.length - write };
}

function fieldEffect({
  items,
  count,
}: {
  readonly items: readonly [PlannedWrite, ...PlannedWrite[]];
  readonly count: number;
}): FieldEffect {
  const [{ record, change }] = items;
  const examples = items.slice(0, EXAMPLES).map(({ conversationId, change: { from, to, mode } }) => ({
    conversationId,
    from,
    to,
    mode,
  }));
  return { record, field: change.field, conversations: count, examples };
}
