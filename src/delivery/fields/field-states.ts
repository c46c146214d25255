import type { FieldValues } from '../../domain/crm.ts';
import type { FieldChange, WrittenRecord } from '../../domain/plan.ts';
import type { PresentRecord } from '../steps.ts';
import { decideField, UNREAD, type FieldState, type WantedField } from './decide-field.ts';
import { isSameValue } from './same-value.ts';

/** How the fields of a record stand, before the mapping has its say. */
export type StateOf = (field: string) => FieldState;

/** A record that does not exist yet. */
export const NEW: StateOf = () => ({ exists: false, present: undefined, last: undefined });

/** A record of somebody else's whose present values were read. */
export function read(present: FieldValues): StateOf {
  return (field) => ({ exists: true, present: present[field], last: undefined });
}

/** Decides all fields of a record. */
export function changesOf(wanted: readonly WantedField[], stateOf: StateOf, blockName: string): readonly FieldChange[] {
  return wanted.map((each) => decideField(each, stateOf(each.field), blockName));
}

/**
 * Decides all fields of an activity or a task. One that a person has deleted is made again, whole.
 *
 * @param present what the CRM holds of it; undefined when nobody looked
 */
export function changesOfOurs(
  wanted: readonly WantedField[],
  { written, present }: { readonly written: WrittenRecord | undefined; readonly present: PresentRecord | undefined },
  blockName: string,
): readonly FieldChange[] {
  const isNew = written === undefined || present?.kind === 'gone';
  return changesOf(wanted, isNew ? NEW : asItStands(written, present), blockName);
}

/** A record that nobody has changed since we wrote it. */
export function asWeLeftIt({ fields }: WrittenRecord): StateOf {
  return (field) => ({ exists: true, present: fields[field], last: fields[field] });
}

function asItStands({ fields, stored }: WrittenRecord, present: PresentRecord | undefined): StateOf {
  return (field) => {
    const last = fields[field];
    if (present?.kind !== 'present' || !present.asked.has(field)) return { exists: true, present: UNREAD, last };
    const now = present.fields[field];
    const form = stored?.[field];
    // What we wrote, in the CRM's own form, is what we wrote.
    const isOurs = form !== undefined && isSameValue(now, form);
    return { exists: true, present: isOurs ? last : now, last, limit: present.limits?.[field] };
  };
}
