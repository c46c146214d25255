import { readCsvRow } from '../../transport/csv-rows.ts';
import type { Payload } from '../collections.ts';

/** A value that stands for "empty this field" in the Bulk API's CSV (Bulk API 2.0 guide, Prepare CSV Files). */
const EMPTIES_THE_FIELD = '#N/A';
/** Characters of one value and of one record (Bulk API 2.0 guide, Limits and Allocations). */
const MAX_VALUE = 32_000;
const MAX_RECORD = 400_000;

/** Quotes inside, what parts values and lines, and blanks at the ends, which are not trimmed. */
const NEEDS_QUOTES = /[",\n]|^\s|\s$/;

/** A record as a line of CSV takes it: every value a text, and nothing that is no field. */
type Cells = Readonly<Record<string, string>>;

/** A record's values as CSV would carry them; undefined for a record that has to go another way. */
export function cellsOf(payload: Payload): Cells | undefined {
  const cells: Record<string, string> = {};
  let length = 0;
  for (const [field, value] of Object.entries(payload)) {
    if (field === 'attributes') continue;
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
    const text = withOneLineBreak(String(value));
    length += text.length;
    if (text.trim() === EMPTIES_THE_FIELD || text.length > MAX_VALUE || length > MAX_RECORD) return undefined;
    cells[field] = text;
  }
  return cells;
}

/**
 * A file may hold one kind of line break only, values included: with another one than the job's own the whole job is
 * refused ("LineEnding is invalid on user data", as users report it).
 */
function withOneLineBreak(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n');
}

/** A CSV text with a header. A field that a record does not have is empty, which leaves it alone (Prepare CSV Files). */
export function toCsv(columns: readonly string[], records: readonly Cells[]): string {
  const lines = [columns, ...records.map((record) => columns.map((column) => record[column] ?? ''))];
  return lines.map((cells) => `${cells.map(toCell).join(',')}\n`).join('');
}

function toCell(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The columns of some records, in the order in which they turn up. */
export function columnsOf(records: readonly Cells[]): readonly string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record)))];
}

/**
 * Reads a result file up to the last line that can be read.
 *
 * @returns one record per line, by column; undefined for a text that has none of the columns that must be there
 */
export function readResults(text: string, needed: readonly string[]): readonly Cells[] | undefined {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const whole = body.endsWith('\n') ? body : `${body}\n`;
  const header = readCsvRow(whole, 0);
  if (header === undefined || !needed.every((column) => header.cells.includes(column))) return undefined;
  const records: Cells[] = [];
  for (let row = readCsvRow(whole, header.end); row !== undefined; row = readCsvRow(whole, row.end)) {
    const { cells } = row;
    if (cells.length !== header.cells.length) continue;
    records.push(Object.fromEntries(header.cells.map((column, at) => [column, cells[at] ?? ''])));
  }
  return records;
}
