import { htmlParagraph } from '../../mapping/body.ts';
import { plainText } from '../../mapping/transforms/plain-text.ts';
import { escapeHtml, truncate } from '../../mapping/text.ts';
import { danglingTags, hasBlocks } from './dangling-tags.ts';

/**
 * Our part of a long text that people write in too. It stands between two lines that name it; what is around them is
 * never touched.
 */
export interface ManagedBlock {
  /** Tells our block from that of another conversation in the same text. Free of white space. */
  readonly name: string;
  readonly text: string;
  /** The text is HTML, and so is the field. */
  readonly isHtml: boolean;
}

/** Characters there are; undefined where nobody knows. */
export interface Room {
  /** Of our block, its two lines included. */
  readonly block?: number | undefined;
  /** Of the whole field. */
  readonly field?: number | undefined;
}

/** What stands in our block now; undefined when the text has none, or only one end of it. */
export function readBlock(present: string, name: string): string | undefined {
  return locate(present, name)?.inside.trim();
}

/**
 * The text with our block in it: renewed between its lines as they stand, or appended below what is there.
 *
 * Our block is cut before anything of a person's is; undefined when it has no room.
 */
export function withBlock(present: string, block: ManagedBlock, room: Room = {}): string | undefined {
  const text = withoutMarkers(block.text, block.name);
  const opening = lineOf('', block);
  const closing = lineOf('/', block);
  const found = locate(present, block.name);
  const [before, after] =
    found === undefined ? [`${appendable(present, block)}${opening}`, closing] : [found.before, found.after];
  const [start, end] = block.isHtml ? tagsAround(found?.inside) : ['\n', '\n'];
  const left = Math.min(
    (room.block ?? Number.MAX_SAFE_INTEGER) - opening.length - closing.length - '\n\n'.length,
    (room.field ?? Number.MAX_SAFE_INTEGER) - [before, start, end, after].join('').length,
  );
  if (left < 1) return undefined;
  const fitted = fit(text, left, { isHtml: block.isHtml, isInline: found !== undefined && isInline(found.inside) });
  return fitted === undefined ? undefined : [before, start, fitted, end, after].join('');
}

const OPENS = 'PersonaDesk';

/** Plain words that survive a rich text editor, a paragraph of their own where there are such. */
function lineOf(slash: '' | '/', { name, isHtml }: ManagedBlock): string {
  return isHtml ? `<p>[${slash}${OPENS} ${escapeHtml(name)}]</p>` : `[${slash}${OPENS} ${name}]`;
}

interface Place {
  /** Up to and with the opening line, as it stands. */
  readonly before: string;
  readonly inside: string;
  /** From the closing line on. */
  readonly after: string;
}

function locate(present: string, name: string): Place | undefined {
  const opening = marker('', name).exec(present);
  if (opening === null) return undefined;
  const from = opening.index + opening[0].length;
  const inside = present.slice(from);
  const closing = marker('/', name).exec(inside);
  if (closing === null) return undefined;
  return { before: present.slice(0, from), inside: inside.slice(0, closing.index), after: inside.slice(closing.index) };
}

/** What an editor may put between the words of a line: white space, and tags such as those of bold type. */
const GAP = String.raw`(?:<[^<>]{0,500}>|\s|&nbsp;)*`;

function marker(slash: '' | '/', name: string): RegExp {
  const names = [...new Set([name, escapeHtml(name)])].map(literally).join('|');
  return new RegExp([String.raw`\[`, slash, OPENS, `(?:${names})`, String.raw`\]`].filter(Boolean).join(GAP));
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);
}

/** A text that held a line of ours would end the block early the next time: it gets other brackets. */
function withoutMarkers(text: string, name: string): string {
  return (['', '/'] as const).reduce(
    (all, slash) =>
      all.replace(new RegExp(marker(slash, name), 'g'), (line) => line.replaceAll('[', '(').replaceAll(']', ')')),
    text,
  );
}

/** Tags that begin before our block and end in it, and the other way round: the lines' own paragraphs, mostly. */
function tagsAround(inside: string | undefined): readonly [string, string] {
  const { closing, opening } = danglingTags(inside ?? '');
  return [closing, opening];
}

/** Somebody has made one paragraph of the lines and what is between them. */
function isInline(inside: string): boolean {
  return !hasBlocks(inside);
}

interface Form {
  readonly isHtml: boolean;
  readonly isInline: boolean;
}

/** Undefined when nothing of it fits. */
function fit(text: string, room: number, { isHtml, isInline }: Form): string | undefined {
  if (!isHtml) return truncate(text, room);
  if (!isInline && text.length <= room) return text;
  const paragraph = htmlParagraph(plainText(text), room);
  if (paragraph === '') return text === '' ? '' : undefined;
  return isInline ? paragraph.replace(/^<p>/, '<br>').replace(/<\/p>$/, '<br>') : paragraph;
}

function appendable(present: string, { isHtml }: ManagedBlock): string {
  if (present.trim() === '') return '';
  return isHtml ? present : `${present.trimEnd()}\n\n`;
}
