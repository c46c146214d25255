import type { PreviewedConversation } from '../../delivery/preview.ts';
import type { ConversationId } from '../../domain/ids.ts';
import type { DeliveryPlan } from '../../domain/plan.ts';
import type { ReasonCode } from '../../domain/reasons.ts';
import { EXAMPLES, tally, uncheckedCode, writesOf } from './plan-effect.ts';

/** What another mapping changes in the plans of the same conversations. */
export interface PlanDifference {
  /** Conversations that could be checked with both. */
  readonly compared: number;
  /** Of these, the ones of which something would be written otherwise, or that would end otherwise. */
  readonly changed: number;
  /** Records that one writes and the other does not, or does otherwise. */
  readonly records: readonly {
    /** `person`, `activity` or `task`. */
    readonly record: RecordName;
    /** What the plan says of it: `create`, `upsert`, `keep`; `none` where it says nothing. */
    readonly present: string;
    readonly draft: string;
    readonly conversations: number;
  }[];
  readonly outcomes: readonly {
    readonly present: ReasonCode;
    readonly draft: ReasonCode;
    readonly conversations: number;
  }[];
  /** Fields of which another value would be written, the most frequent first. */
  readonly fields: readonly FieldDifference[];
  /** Warnings that the present mapping does not give for the same conversation. */
  readonly newWarnings: readonly { readonly warning: string; readonly conversations: number }[];
  /** Checked with the present mapping and not with the draft, by code. */
  readonly newFailures: readonly { readonly code: string; readonly conversations: number }[];
}

type RecordName = 'person' | 'activity' | 'task';

/** One field that would be written otherwise. */
interface FieldDifference {
  readonly record: string;
  readonly field: string;
  readonly conversations: number;
  readonly examples: readonly FieldDifferenceExample[];
}

interface FieldDifferenceExample {
  readonly conversationId: ConversationId;
  /** What would be written; undefined when the field would be left alone. */
  readonly present: string | undefined;
  readonly draft: string | undefined;
}

interface Pair {
  readonly present: PreviewedConversation;
  readonly draft: PreviewedConversation;
}

interface ChangedField extends FieldDifferenceExample {
  readonly record: string;
  readonly field: string;
}

/** Compares the previews of the same conversations under two mappings. Pure. */
export function differenceOf(
  present: readonly PreviewedConversation[],
  draft: readonly PreviewedConversation[],
): PlanDifference {
  const drafted = new Map(draft.map((one) => [one.conversationId, one]));
  const pairs = present.flatMap((one): readonly Pair[] => {
    const other = drafted.get(one.conversationId);
    return other === undefined || uncheckedCode(one) !== undefined ? [] : [{ present: one, draft: other }];
  });
  const compared = pairs.filter((pair) => uncheckedCode(pair.draft) === undefined);
  const records = compared.map(changedRecords);
  const fields = compared.map(changedFields);
  const outcomes = compared.map(changedOutcome);
  return {
    compared: compared.length,
    changed: compared.filter((_, index) =>
      [records[index], fields[index], outcomes[index]].some((some) => some !== undefined && some.length > 0),
    ).length,
    records: counted(records.flat()),
    outcomes: counted(outcomes.flat()),
    fields: tally(fields.flat(), ({ record, field }) => `${record} ${field}`).map(({ items, count }) => ({
      record: items[0].record,
      field: items[0].field,
      conversations: count,
      examples: items.slice(0, EXAMPLES).map(({ conversationId, present: before, draft: after }) => ({
        conversationId,
        present: before,
        draft: after,
      })),
    })),
    newWarnings: counted(compared.flatMap(newWarnings).map((warning) => ({ warning }))),
    newFailures: counted(pairs.flatMap((pair) => uncheckedCode(pair.draft) ?? []).map((code) => ({ code }))),
  };
}

/** Each thing once, with the number of conversations it stands for. */
function counted<T extends object>(things: readonly T[]): readonly (T & { readonly conversations: number })[] {
  return tally(things, (thing) => JSON.stringify(thing)).map(({ items: [thing], count }) => ({
    ...thing,
    conversations: count,
  }));
}

const RECORDS: readonly RecordName[] = ['person', 'activity', 'task'];

function changedRecords({ present, draft }: Pair) {
  return RECORDS.flatMap((record) => {
    const [before, after] = [actionOf(present.trace.plan, record), actionOf(draft.trace.plan, record)];
    return before === after ? [] : [{ record, present: before, draft: after }];
  });
}

function actionOf(plan: DeliveryPlan | undefined, record: RecordName): string {
  return plan?.[record]?.action ?? 'none';
}

function changedOutcome({ present, draft }: Pair) {
  const [before, after] = [present.outcome.reason, draft.outcome.reason];
  return before === after ? [] : [{ present: before, draft: after }];
}

function changedFields({ present, draft }: Pair): readonly ChangedField[] {
  const [before, after] = [writtenBy(present), writtenBy(draft)];
  return [...new Map([...before, ...after]).values()].flatMap(({ record, field }): readonly ChangedField[] => {
    const [was, is] = [before.get(`${record} ${field}`)?.to, after.get(`${record} ${field}`)?.to];
    return was === is ? [] : [{ conversationId: present.conversationId, record, field, present: was, draft: is }];
  });
}

function writtenBy({ trace: { plan } }: PreviewedConversation) {
  const writes = plan === undefined ? [] : writesOf(plan);
  return new Map(
    writes.map(({ record, change: { field, to } }) => [`${record} ${field}`, { record, field, to }] as const),
  );
}

function newWarnings({ present, draft }: Pair): readonly string[] {
  const before = new Set(present.trace.plan?.warnings);
  return (draft.trace.plan?.warnings ?? []).filter((warning) => !before.has(warning));
}
