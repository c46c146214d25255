import { styleText } from 'node:util';
import { STATE_APPEARANCE, type StateColour } from '../admin/state-appearance.ts';

/** Colours of a terminal; grey is the one that light and dark backgrounds both show as faint. */
const TERMINAL_COLOUR = {
  green: 'green',
  grey: 'gray',
  blue: 'blue',
  violet: 'magenta',
  red: 'red',
  teal: 'cyan',
} as const satisfies Record<StateColour, Parameters<typeof styleText>[0]>;

/**
 * Colours every ledger state (icon and word) in finished text, so that the text is laid out before it has colours and is
 * the same without them.
 */
export function paintStates(blocks: readonly string[], colour: boolean): readonly string[] {
  if (!colour) return blocks;
  return blocks.map((block) =>
    Object.values(STATE_APPEARANCE).reduce((text, { icon, word, colour: name }) => {
      // The decision was made by who opened the terminal; a second look at the stream could contradict it.
      const painted = styleText(TERMINAL_COLOUR[name], `${icon} ${word}`, { validateStream: false });
      return text.replaceAll(`${icon} ${word}`, painted);
    }, block),
  );
}
