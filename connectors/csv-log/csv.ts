import { readCsvRow } from '../transport/csv-rows.ts';

/**
 * CSV as RFC 4180 has it, with one addition: text that a spreadsheet would run as a formula gets an apostrophe in front,
 * and loses it again when it is read. A caller's name can be `=HYPERLINK(...)`, and these files are made to be opened.
 */

const FORMULA_START = /^'*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;
const NEUTRALISED = /^''*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;
/** Semicolons and tabs too: spreadsheets of some countries part cells there. */
const NEEDS_QUOTES = /[",;\t\r\n]|^\s|\s$/;

/** One row with its line end. */
export function formatRow(cells: readonly string[]): string {
  return `${cells.map(formatCell).join(',')}\r\n`;
}

function formatCell(text: string): string {
  const safe = FORMULA_START.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** What stands in a CSV text. */
export interface ParsedCsv {
  readonly rows: readonly (readonly string[])[];
  /** Length of the whole rows; what follows is a row whose writing was cut off. */
  readonly wholeLength: number;
}

/** Reads rows up to the last one that was written to its end. */
export function parseCsv(text: string): ParsedCsv {
  const rows: (readonly string[])[] = [];
  let wholeLength = 0;
  for (;;) {
    const row = readCsvRow(text, wholeLength);
    if (row === undefined) return { rows, wholeLength };
    rows.push(row.cells.map(denatured));
    wholeLength = row.end;
  }
}

function denatured(cell: string): string {
  return NEUTRALISED.test(cell) ? cell.slice(1) : cell;
}
