import { truncate } from '../../mapping/text.ts';

/**
 * Our part of a long text that people write in too. It stands between two lines that name it; what is around them is
 * never touched.
 */
export interface ManagedBlock {
  /** Tells our block from that of another conversation in the same text. Free of white space and brackets. */
  readonly name: string;
  readonly text: string;
}

const OPENS = 'PersonaDesk';

/** Lines that survive a rich text editor: plain words, nothing that is markup anywhere. */
function openingOf(name: string): string {
  return `[${OPENS} ${name}]`;
}

function closingOf(name: string): string {
  return `[/${OPENS} ${name}]`;
}

/** What stands in our block now; undefined when the text has none, or only one end of it. */
export function readBlock(present: string, name: string): string | undefined {
  const found = locate(present, name);
  return found === undefined ? undefined : present.slice(found.textFrom, found.textTo).trim();
}

/**
 * The text with our block in it: renewed in its place, or appended below what is there.
 *
 * @param limit characters the field takes. Our block is cut before anything of a person's is; undefined when it has no room.
 */
export function withBlock(present: string, block: ManagedBlock, limit = Number.MAX_SAFE_INTEGER): string | undefined {
  const found = locate(present, block.name);
  const before = found === undefined ? appendable(present) : present.slice(0, found.from);
  const after = found === undefined ? '' : present.slice(found.to);
  const frame = `${openingOf(block.name)}\n\n${closingOf(block.name)}`;
  const room = limit - before.length - after.length - frame.length;
  if (room < 1) return undefined;
  // A text that held our own closing line would end the block early the next time.
  const text = truncate(block.text.replaceAll(closingOf(block.name), ''), room);
  return `${before}${openingOf(block.name)}\n${text}\n${closingOf(block.name)}${after}`;
}

interface Place {
  readonly from: number;
  readonly textFrom: number;
  readonly textTo: number;
  readonly to: number;
}

function locate(present: string, name: string): Place | undefined {
  const opening = openingOf(name);
  const closing = closingOf(name);
  const from = present.indexOf(opening);
  if (from === -1) return undefined;
  const textFrom = from + opening.length;
  const textTo = present.indexOf(closing, textFrom);
  return textTo === -1 ? undefined : { from, textFrom, textTo, to: textTo + closing.length };
}

function appendable(present: string): string {
  return present.trim() === '' ? '' : `${present.trimEnd()}\n\n`;
}
