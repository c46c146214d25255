import { styleText } from 'node:util';
import { SEVERITY_TEXT } from '../admin/services/doctor-text.ts';

const TERMINAL_COLOUR = {
  [SEVERITY_TEXT.error]: 'red',
  [SEVERITY_TEXT.warning]: 'yellow',
  [SEVERITY_TEXT.ok]: 'green',
} as const;

/**
 * Colours the severities (icon and word) that begin the lines of finished text, so that the text is laid out before it has
 * colours and is the same without them.
 */
export function paintSeverities(blocks: readonly string[], colour: boolean): readonly string[] {
  if (!colour) return blocks;
  return blocks.map((block) => block.split('\n').map(paintLine).join('\n'));
}

function paintLine(line: string): string {
  const [text, name] = Object.entries(TERMINAL_COLOUR).find(([severity]) => line.startsWith(`${severity} `)) ?? [];
  if (text === undefined || name === undefined) return line;
  // The decision was made by who opened the terminal; a second look at the stream could contradict it.
  return `${styleText(name, text, { validateStream: false })}${line.slice(text.length)}`;
}
