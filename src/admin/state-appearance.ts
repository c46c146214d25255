import type { LedgerState } from '../domain/ledger.ts';

/** One look per ledger state, on every page and in the terminal. Never colour alone: an icon and a word go with it. */
export interface StateAppearance {
  readonly icon: string;
  readonly word: string;
  readonly colour: StateColour;
}

export type StateColour = 'green' | 'grey' | 'blue' | 'violet' | 'red' | 'teal';

export const STATE_APPEARANCE: Readonly<Record<LedgerState, StateAppearance>> = {
  due: { icon: '▸', word: 'due', colour: 'teal' },
  in_progress: { icon: '↻', word: 'in progress', colour: 'teal' },
  waiting: { icon: '◷', word: 'waiting', colour: 'blue' },
  synced: { icon: '✓', word: 'synced', colour: 'green' },
  skipped: { icon: '–', word: 'skipped', colour: 'grey' },
  needs_review: { icon: '?', word: 'needs review', colour: 'violet' },
  failed: { icon: '✗', word: 'failed', colour: 'red' },
};
