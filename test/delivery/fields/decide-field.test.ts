import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decideField, UNREAD, type FieldState, type WantedField } from '../../../src/delivery/fields/decide-field.ts';
import { readBlock } from '../../../src/delivery/fields/managed-block.ts';
import { WRITE_MODES, type FieldDecision, type WriteMode } from '../../../src/domain/plan.ts';

const NAME = 'conv_1';

function decide(mode: WriteMode, value: string, state: Partial<FieldState>, more: Partial<WantedField> = {}) {
  const whole = { exists: true, present: undefined, last: undefined, ...state };
  return decideField({ field: 'f', mode, value, ...more }, whole, NAME);
}

/** What the CRM holds, what we wrote last, and how each mode decides when the mapping wants `new`. */
const TABLE: readonly (readonly [string, Partial<FieldState>, Readonly<Record<WriteMode, FieldDecision>>])[] = [
  [
    'a new record',
    { exists: false },
    {
      overwrite: 'write',
      overwrite_unless_edited: 'write',
      fill_if_empty: 'write',
      append_block: 'write',
      create_only: 'write',
      never: 'never',
    },
  ],
  [
    'an empty field that we never wrote',
    { present: undefined },
    {
      overwrite: 'write',
      overwrite_unless_edited: 'write',
      fill_if_empty: 'write',
      append_block: 'write',
      create_only: 'keep_existing',
      never: 'never',
    },
  ],
  [
    "somebody else's value",
    { present: 'theirs' },
    {
      overwrite: 'write',
      overwrite_unless_edited: 'keep_existing',
      fill_if_empty: 'keep_existing',
      append_block: 'write',
      create_only: 'keep_existing',
      never: 'never',
    },
  ],
  [
    'what we wrote last',
    { present: 'old', last: 'old' },
    {
      overwrite: 'write',
      overwrite_unless_edited: 'write',
      fill_if_empty: 'keep_existing',
      append_block: 'keep_edited',
      create_only: 'keep_existing',
      never: 'never',
    },
  ],
  [
    'what a person made of what we wrote',
    { present: 'edited', last: 'old' },
    {
      overwrite: 'write',
      overwrite_unless_edited: 'keep_edited',
      fill_if_empty: 'keep_existing',
      append_block: 'keep_edited',
      create_only: 'keep_existing',
      never: 'never',
    },
  ],
  [
    'nothing, where we had written something',
    { present: undefined, last: 'old' },
    {
      overwrite: 'write',
      overwrite_unless_edited: 'keep_edited',
      fill_if_empty: 'keep_edited',
      append_block: 'keep_edited',
      create_only: 'keep_existing',
      never: 'never',
    },
  ],
  [
    'what is wanted already',
    { present: ' new ', last: 'old' },
    {
      overwrite: 'unchanged',
      overwrite_unless_edited: 'unchanged',
      fill_if_empty: 'unchanged',
      append_block: 'keep_edited',
      create_only: 'unchanged',
      never: 'never',
    },
  ],
  [
    'something nobody has looked at',
    { present: UNREAD, last: 'old' },
    {
      overwrite: 'write',
      overwrite_unless_edited: 'keep_existing',
      fill_if_empty: 'keep_existing',
      append_block: 'keep_existing',
      create_only: 'keep_existing',
      never: 'never',
    },
  ],
];

describe('a field is decided by what the CRM holds, what we wrote last, and the mode', () => {
  it.each(TABLE.flatMap(([name, state, modes]) => WRITE_MODES.map((mode) => ({ name, state, mode, is: modes[mode] }))))(
    '$name, $mode: $is',
    ({ state, mode, is }) => {
      expect(decide(mode, 'new', state).decision).toBe(is);
    },
  );
});

describe('an appended block', () => {
  const first = decide('append_block', 'Summary one', { present: 'Notes of Zoë.\n' });

  it('stands below what is there, and is found again', () => {
    expect(first.to).toBe('Notes of Zoë.\n\n[PersonaDesk conv_1]\nSummary one\n[/PersonaDesk conv_1]');
    expect(decide('append_block', 'Summary one', { present: first.to, last: first.to }).decision).toBe('unchanged');
  });

  it('is renewed in its place; what people wrote around it survives', () => {
    const edited = `Above.\n${first.to}\nBelow.`;
    const second = decide('append_block', 'Summary two', { present: edited, last: first.to });
    expect(second).toMatchObject({ decision: 'write', to: edited.replace('Summary one', 'Summary two') });
  });

  it('that a person removed stays removed', () => {
    expect(decide('append_block', 'Summary two', { present: 'Notes of Zoë.', last: first.to }).decision).toBe(
      'keep_edited',
    );
  });

  it('of another conversation is not ours', () => {
    const other = '[PersonaDesk conv_2]\ntheirs\n[/PersonaDesk conv_2]';
    expect(decide('append_block', 'mine', { present: other }).to).toContain(other);
  });

  it('is cut before anything of a person is, and left out when there is no room', () => {
    const present = 'p'.repeat(100);
    const cut = decide('append_block', 's'.repeat(500), { present, limit: 200 });
    expect(cut.to).toHaveLength(200);
    expect(cut.to.startsWith(present)).toBe(true);
    expect(decide('append_block', 'text', { present, limit: 120 }).decision).toBe('keep_existing');
    const again = decide('append_block', 's'.repeat(500), { present: cut.to, last: cut.to, limit: 200 });
    expect(again.decision).toBe('unchanged');
  });

  it('is no longer than the mapping says, whatever else stands in the field', () => {
    const alone = decide('append_block', 's'.repeat(500), { exists: false }, { limit: 200 });
    expect(alone.to).toHaveLength(200);
    const below = decide('append_block', 's'.repeat(500), { present: 'p'.repeat(1000) }, { limit: 200 });
    expect(below.to.endsWith(alone.to)).toBe(true);
  });

  it('survives whatever stands around it and in it, and never splits a code point', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(text, text, text, fc.integer({ min: 60, max: 300 }), (before, ours, after, limit) => {
        fc.pre(!before.includes('PersonaDesk'));
        const made = decide('append_block', ours, { present: before });
        if (made.decision !== 'write') return;
        const around = `${made.to}${after}`;
        const again = decide('append_block', `${ours}!`, { present: around, last: made.to });
        expect(again.to.endsWith(after)).toBe(true);
        const short = decide('append_block', ours, { present: before, limit });
        if (short.decision !== 'write') return;
        expect(short.to.length).toBeLessThanOrEqual(limit);
        expect(short.to.isWellFormed()).toBe(true);
        expect(readBlock(short.to, NAME)).toBeDefined();
      }),
    );
  });
});

describe('the decision is total', () => {
  it('for any texts and states; what is decided once is not decided again', () => {
    const maybe = fc.option(fc.string({ unit: 'binary' }), { nil: undefined });
    fc.assert(
      fc.property(
        fc.constantFrom(...WRITE_MODES),
        fc.string({ unit: 'binary' }),
        fc.boolean(),
        maybe,
        maybe,
        (mode, value, exists, present, last) => {
          const change = decide(mode, value, { exists, present, last });
          if (change.decision !== 'write') return;
          const after = decide(mode, value, { present: change.to, last: change.to });
          expect(after.decision).not.toBe('write');
        },
      ),
      { numRuns: 500 },
    );
  });
});
