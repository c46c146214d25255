import type { PersonKey } from './caller.ts';
import type { ActivityKind, FieldValues, RecordRef } from './crm.ts';
import type { ConversationId } from './ids.ts';
import type { ReasonCode } from './reasons.ts';

/**
 * Who decides when the CRM already holds something else.
 * - `overwrite`: we do. - `fill_if_empty`: the CRM does, unless the field is empty. - `create_only`: only when we create.
 */
export type WriteMode = 'overwrite' | 'fill_if_empty' | 'create_only';

/** One field of one record: what is there, what would be there, and the rule that decided. */
export interface FieldChange {
  readonly field: string;
  /** Present value; undefined when the field is empty, the record new, or its values are not known. */
  readonly from: string | undefined;
  readonly to: string;
  readonly mode: WriteMode;
  readonly decision: 'write' | 'keep_existing' | 'unchanged';
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

export interface ActivityPlan {
  readonly action: 'upsert' | 'keep';
  readonly key: string;
  readonly kind: ActivityKind;
  readonly changes: readonly FieldChange[];
}

export interface TaskPlan {
  readonly action: 'upsert' | 'keep';
  readonly key: string;
  readonly changes: readonly FieldChange[];
}

/** The intended writes for one conversation into one CRM: a value, made by pure code, shown and applied alike. */
export interface DeliveryPlan {
  readonly conversationId: ConversationId;
  /** The mapping that made it. */
  readonly mappingVersion: string;
  readonly person: PersonPlan;
  readonly activity: ActivityPlan | undefined;
  readonly task: TaskPlan | undefined;
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
  readonly activity:
    { readonly ref: RecordRef; readonly fields: FieldValues; readonly linkedTo: RecordRef | undefined } | undefined;
  readonly task:
    { readonly ref: RecordRef; readonly fields: FieldValues; readonly linkedTo: RecordRef | undefined } | undefined;
}

export const NOTHING_WRITTEN: WrittenRecords = { person: undefined, activity: undefined, task: undefined };
