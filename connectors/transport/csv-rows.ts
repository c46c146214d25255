/** One row of a CSV text as RFC 4180 has it, and where the next one begins. */
export interface CsvRow {
  readonly cells: readonly string[];
  readonly end: number;
}

/** A cell, quoted or plain, and what ends it. Sticky: each match begins where the last one ended. */
const CELL = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r?\n)/y;

/** Reads the row that begins at `start`; undefined where there is none that was written to its end. */
export function readCsvRow(text: string, start: number): CsvRow | undefined {
  const cells: string[] = [];
  const cell = new RegExp(CELL);
  cell.lastIndex = start;
  for (;;) {
    const match = cell.exec(text);
    if (match === null) return undefined;
    const [, quoted, plain = '', end] = match;
    cells.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end !== ',') return { cells, end: cell.lastIndex };
  }
}
