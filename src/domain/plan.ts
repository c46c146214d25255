import type { PersonKey } from './caller.ts';
import type { ContentDecision } from './content-policy.ts';
import type { ActivityKind, FieldValues, RecordRef, RelatedKind } from './crm.ts';
import type { ConversationId } from './ids.ts';
import type { ReasonCode } from './reasons.ts';

/**
 * Who decides when the CRM already holds something else.
 * - `overwrite`: we do, always.
 * - `overwrite_unless_edited`: we do, as long as the field holds what we wrote last, or nothing.
 * - `fill_if_empty`: the CRM does, unless the field is empty.
 * - `append_block`: both; ours is a marked block in a long text, renewed in its place.
 * - `create_only`: only when we create.
 * - `never`: the CRM; the row says what would be written, for others to read.
 */
export const WRITE_MODES = [
  'overwrite',
  'overwrite_unless_edited',
  'fill_if_empty',
  'append_block',
  'create_only',
  'never',
] as const;
export type WriteMode = (typeof WRITE_MODES)[number];

/** What is done with a field. `keep_edited`: a person changed it since we wrote it. */
export type FieldDecision = 'write' | 'unchanged' | 'keep_existing' | 'keep_edited' | 'never';

/** One field of one record: what is there, what would be there, and the rule that decided. */
export interface FieldChange {
  readonly field: string;
  /** Present value, or the one we wrote last when nobody looked; undefined when the field is empty or the record new. */
  readonly from: string | undefined;
  readonly to: string;
  readonly mode: WriteMode;
  readonly decision: FieldDecision;
}

/** The person of a conversation. `none` is a decision too: it says by which rule. */
export type PersonPlan =
  | {
      readonly action: 'create';
      readonly key: PersonKey;
      readonly changes: readonly FieldChange[];
      readonly rule: string;
    }
  | {
      readonly action: 'update' | 'keep';
      readonly key: PersonKey;
      readonly ref: RecordRef;
      readonly changes: readonly FieldChange[];
      readonly rule: string;
    }
  | { readonly action: 'none'; readonly rule: string };

/** A record beside the person that the conversation also belongs to. `none` is a decision too: it says by which rule. */
export type RelatedPlan =
  | { readonly action: 'link'; readonly ref: RecordRef; readonly rule: string }
  | { readonly action: 'none'; readonly kind: RelatedKind; readonly rule: string };

/** Who the record is given to; the field itself is among the changes. */
export interface OwnerPlan {
  /** The CRM's id of the owner; undefined leaves it to the CRM, which takes the integration user. */
  readonly ownerId: string | undefined;
  readonly rule: string;
}

export interface ActivityPlan {
  readonly action: 'upsert' | 'keep';
  readonly key: string;
  readonly kind: ActivityKind;
  readonly changes: readonly FieldChange[];
  readonly owner: OwnerPlan;
  readonly related: readonly RelatedPlan[];
}

export interface TaskPlan {
  /** Why there is one; absent in plans of releases that wrote it for requests only. */
  readonly rule?: string | undefined;
  readonly action: 'upsert' | 'keep';
  readonly key: string;
  readonly changes: readonly FieldChange[];
  readonly owner: OwnerPlan;
  readonly related: readonly RelatedPlan[];
}

/** The intended writes for one conversation into one CRM: a value, made by pure code, shown and applied alike. */
export interface DeliveryPlan {
  readonly conversationId: ConversationId;
  /** The mapping that made it. */
  readonly mappingVersion: string;
  readonly person: PersonPlan;
  readonly activity: ActivityPlan | undefined;
  readonly task: TaskPlan | undefined;
  /** What of the content may leave, and by which rule; absent in plans of releases without rules. */
  readonly content?: Omit<ContentDecision, 'redact'> | undefined;
  /** What the ledger will say when every write of this plan has succeeded. */
  readonly reason: ReasonCode;
  /** Remarks worth a person's eye: an unknown status that was mapped to a default, a shortened text. */
  readonly warnings: readonly string[];
}

/** The fields of a record that is there: only what changes. */
export function fieldsToUpdate(changes: readonly FieldChange[]): FieldValues {
  return valuesOf(changes.filter((change) => change.decision === 'write'));
}

/**
 * The fields of a record that is found or made by its key: what changes, and all else that is ours to decide. Somebody
 * may have deleted the record since, and what an upsert makes anew must be whole.
 */
export function fieldsToUpsert(changes: readonly FieldChange[]): FieldValues {
  return valuesOf(changes.filter((change) => change.decision === 'write' || change.mode === 'overwrite'));
}

function valuesOf(changes: readonly FieldChange[]): FieldValues {
  return Object.fromEntries(changes.map((change) => [change.field, change.to]));
}

/** What we wrote for a conversation so far, kept so that a second delivery writes nothing twice. */
export interface WrittenRecords {
  readonly person: RecordRef | undefined;
  readonly activity: WrittenRecord | undefined;
  readonly task: WrittenRecord | undefined;
  /** Whether the caller was known before this conversation was first written; absent in what earlier releases wrote. */
  readonly repeatCaller?: boolean | undefined;
}

/** An activity or a task as we left it in the CRM. */
export interface WrittenRecord {
  readonly ref: RecordRef;
  /** As they were planned. */
  readonly fields: FieldValues;
  /** What the CRM was given instead, where it takes another form; empty texts for what was left out. */
  readonly stored?: FieldValues | undefined;
  readonly linkedTo: RecordRef | undefined;
  /** Absent in what was written before there were related records. */
  readonly relatedTo?: readonly RecordRef[] | undefined;
}

export const NOTHING_WRITTEN: WrittenRecords = { person: undefined, activity: undefined, task: undefined };

/** Related records that a plan puts a record on and that it is not on yet, so far as we wrote it. */
export function relatedToLink(
  related: readonly RelatedPlan[],
  written: WrittenRecord | undefined,
): readonly RecordRef[] {
  const there = written?.relatedTo ?? [];
  return related
    .flatMap((plan) => (plan.action === 'link' ? [plan.ref] : []))
    .filter((ref) => !there.some((before) => isSameRecord(before, ref)));
}

/** True for two references to one record. */
export function isSameRecord(a: RecordRef | undefined, b: RecordRef | undefined): boolean {
  return a !== undefined && a.object === b?.object && a.id === b.id;
}
