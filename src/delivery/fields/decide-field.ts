import type { FieldChange, WriteMode } from '../../domain/plan.ts';
import { readBlock, withBlock } from './managed-block.ts';
import { isSameValue } from './same-value.ts';

/** What a field holds, and what we know of how it came to. */
export interface FieldState {
  /** False for a record that is still to be made. */
  readonly exists: boolean;
  /** What the CRM holds now: `undefined` for an empty field, `unread` when nobody has looked. */
  readonly present: string | undefined | typeof UNREAD;
  /** What we wrote last; undefined when we never wrote it. */
  readonly last: string | undefined;
  /** Characters the field takes, where the CRM says so. */
  readonly limit?: number | undefined;
}

/** Nobody has looked at what the field holds. */
export const UNREAD = Symbol('unread');

/** One field that the mapping has a value for. */
export interface WantedField {
  readonly field: string;
  readonly mode: WriteMode;
  readonly value: string;
  /** Characters that our part of the field may have. */
  readonly limit?: number | undefined;
  /** The value is HTML. */
  readonly isHtml?: boolean | undefined;
}

/** Modes that cannot be decided without looking at what the CRM holds now. */
export const MODES_THAT_LOOK: ReadonlySet<WriteMode> = new Set([
  'overwrite_unless_edited',
  'fill_if_empty',
  'append_block',
]);

/**
 * Decides one field by comparing three values: what the CRM holds, what we wrote last, and what the mapping wants. What a
 * person changed since our last write is theirs, unless the mode is `overwrite`. Pure and total.
 *
 * @param blockName names our block in a text that people write in too
 */
export function decideField(wanted: WantedField, state: FieldState, blockName: string): FieldChange {
  const { field, mode } = wanted;
  const outcome = outcomeOf(wanted, state, blockName);
  const from = state.present === UNREAD ? state.last : state.present;
  return { field, mode, from: state.exists ? from : undefined, to: wanted.value, ...outcome };
}

type Outcome = Pick<FieldChange, 'decision'> & { readonly to?: string };

function outcomeOf(wanted: WantedField, state: FieldState, blockName: string): Outcome {
  if (wanted.mode === 'never') return { decision: 'never' };
  if (wanted.mode === 'append_block') return block(wanted, state, blockName);
  if (!state.exists) return { decision: 'write' };
  switch (wanted.mode) {
    case 'overwrite':
      return { decision: holds(state, wanted.value) ? 'unchanged' : 'write' };
    case 'overwrite_unless_edited':
      return unlessEdited(wanted, state);
    case 'fill_if_empty':
      return fillIfEmpty(wanted, state);
    case 'create_only':
      return { decision: holds(state, wanted.value) ? 'unchanged' : 'keep_existing' };
  }
}

function fillIfEmpty({ value }: WantedField, state: FieldState): Outcome {
  if (holds(state, value)) return { decision: 'unchanged' };
  if (state.present === UNREAD) return { decision: 'keep_existing' };
  // Emptied after we had filled it: a person wants it empty.
  if (isEmpty(state.present)) return { decision: isEmpty(state.last) ? 'write' : 'keep_edited' };
  return { decision: 'keep_existing' };
}

function unlessEdited({ value }: WantedField, state: FieldState): Outcome {
  if (holds(state, value)) return { decision: 'unchanged' };
  const { present, last } = state;
  if (present === UNREAD) return { decision: 'keep_existing' };
  if (last === undefined) return { decision: isEmpty(present) ? 'write' : 'keep_existing' };
  return { decision: isSameValue(present, last) ? 'write' : 'keep_edited' };
}

/** What is written is the whole text: ours renewed, the rest as it is. */
function block(wanted: WantedField, { exists, present, last, limit }: FieldState, name: string): Outcome {
  if (present === UNREAD && exists) return { decision: 'keep_existing' };
  const text = !exists || present === UNREAD ? '' : (present ?? '');
  const ours = readBlock(text, name);
  if (ours === undefined && last !== undefined && exists) return { decision: 'keep_edited' };
  if (ours !== undefined && isSameValue(ours, wanted.value)) return { decision: 'unchanged' };
  const renewed = { name, text: wanted.value, isHtml: wanted.isHtml === true };
  const to = withBlock(text, renewed, { block: wanted.limit, field: limit });
  if (to === undefined) return { decision: 'keep_existing' };
  // What did not fit the last time does not fit now.
  return isSameValue(to, text) ? { decision: 'unchanged' } : { decision: 'write', to };
}

function holds({ present, last }: FieldState, value: string): boolean {
  return isSameValue(present === UNREAD ? last : present, value);
}

function isEmpty(value: string | undefined): boolean {
  return value === undefined || value.trim() === '';
}
