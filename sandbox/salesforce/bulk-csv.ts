/** Column delimiters by the names that a job gives them (Bulk API 2.0 guide, Create a Job). */
export const delimiters = { BACKQUOTE: '`', CARET: '^', COMMA: ',', PIPE: '|', SEMICOLON: ';', TAB: '\t' } as const;

export type Delimiter = keyof typeof delimiters;
export type LineEnding = 'LF' | 'CRLF';

export interface CsvFormat {
  readonly delimiter: Delimiter;
  readonly lineEnding: LineEnding;
}

/** One line of a file; null where the line is not well formed. */
export type CsvLine = readonly string[] | null;

/** The end of a file without a line end, or the line end itself. */
interface Cell {
  readonly text: string;
  readonly isWell: boolean;
  /** Where the next cell begins. */
  readonly next: number;
  readonly endsLine: boolean;
}

/**
 * Reads a file as strictly as the Bulk API 2.0 guide (Prepare CSV Files) says: values are not trimmed, a quote stands at
 * the beginning and the end of a value and is doubled within, and a blank beside it spoils the line. Empty lines are
 * passed over. A byte order mark is no part of the first name (assumed).
 */
export function readCsv(text: string, { delimiter }: Pick<CsvFormat, 'delimiter'>): readonly CsvLine[] {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const lines: CsvLine[] = [];
  let cells: string[] = [];
  let isWell = true;
  let at = 0;
  while (at < source.length || cells.length > 0) {
    const cell = readCell(source, at, delimiters[delimiter]);
    cells.push(cell.text);
    isWell &&= cell.isWell;
    at = cell.next;
    if (!cell.endsLine) continue;
    if (!isWell) lines.push(null);
    else if (cells.length > 1 || cells[0] !== '') lines.push(cells);
    cells = [];
    isWell = true;
  }
  return lines;
}

function readCell(source: string, start: number, delimiter: string): Cell {
  if (source[start] === '"') return readQuoted(source, start + 1, delimiter);
  let end = start;
  while (end < source.length && source[end] !== delimiter && source[end] !== '\n') end++;
  const text = source.slice(start, end).replace(/\r$/, '');
  return { text, isWell: !text.includes('"'), next: end + 1, endsLine: source[end] !== delimiter };
}

function readQuoted(source: string, start: number, delimiter: string): Cell {
  let text = '';
  let at = start;
  for (;;) {
    const quote = source.indexOf('"', at);
    if (quote === -1) return { text, isWell: false, next: source.length, endsLine: true };
    text += source.slice(at, quote);
    if (source[quote + 1] !== '"') {
      at = quote + 1;
      break;
    }
    text += '"';
    at = quote + 2;
  }
  let end = at;
  while (end < source.length && source[end] !== delimiter && source[end] !== '\n') end++;
  const rest = source.slice(at, end).replace(/\r$/, '');
  return { text, isWell: rest === '', next: end + 1, endsLine: source[end] !== delimiter };
}

/** Writes lines with every value in quotes, as Salesforce writes its results. */
export function writeCsv(lines: readonly (readonly string[])[], { delimiter, lineEnding }: CsvFormat): string {
  const end = lineEnding === 'CRLF' ? '\r\n' : '\n';
  const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
  return lines.map((cells) => cells.map(quoted).join(delimiters[delimiter]) + end).join('');
}

/**
 * Whether every line break of a file is the one that the job declared, in values too: a file with another one is refused
 * ("LineEnding is invalid on user data", reported).
 */
export function hasOtherLineEnding(text: string, declared: LineEnding): boolean {
  return declared === 'LF' ? text.includes('\r') : /(?<!\r)\n|\r(?!\n)/.test(text);
}
