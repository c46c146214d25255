import { open, readFile, stat, truncate, type FileHandle } from 'node:fs/promises';
import { formatRow, parseCsv } from './csv.ts';
import { systemCode } from './file-failure.ts';

/** A CSV file that only grows. */
export interface CsvFile {
  /**
   * The rows below the head, when the file has changed since this was last asked by other hands than `append`;
   * undefined when it has not. Changes nothing: a row that somebody is writing just now is left out, and so is the rest
   * of one that was never finished.
   */
  readIfChanged(): Promise<readonly (readonly string[])[] | undefined>;
  /**
   * Adds rows in one write and waits until they are on the disk. Makes the file when it is missing, and takes away a row
   * that a process died over: the delivery that wrote it is made again.
   */
  append(rows: readonly (readonly string[])[]): Promise<void>;
}

/** People's data: for nobody but the user we run as. */
const OWNER_ONLY = 0o600;

/** Every method rejects with the file system's own error. */
export function createCsvFile(path: string, columns: readonly string[]): CsvFile {
  /** How long the file was when it was last looked at, and how much of it whole rows are, in bytes. */
  let known: { readonly size: number; readonly whole: number } | undefined;

  async function appendText(text: string): Promise<void> {
    const size = await sizeOf(path);
    const whole = size === known?.size ? known.whole : (await read(path, size)).whole;
    if (whole < size) await truncate(path, whole);
    const file = await open(path, 'a', OWNER_ONLY);
    try {
      await writeThrough(file, whole === 0 ? formatRow(columns) + text : text);
      const after = (await file.stat()).size;
      known = { size: after, whole: after };
    } finally {
      await file.close();
    }
  }

  return {
    readIfChanged: async () => {
      const size = await sizeOf(path);
      if (size > 0 && size === known?.size) return undefined;
      const { rows, whole } = await read(path, size);
      known = { size, whole };
      return rows.slice(1);
    },
    append: (rows) => appendText(rows.map(formatRow).join('')),
  };
}

/** The rows that were written to their end, and how many bytes they are. */
async function read(path: string, size: number) {
  if (size === 0) return { rows: [], whole: 0 };
  const text = await readFile(path, 'utf8');
  const { rows, wholeLength } = parseCsv(text);
  return { rows, whole: Buffer.byteLength(text.slice(0, wholeLength)) };
}

async function writeThrough(file: FileHandle, text: string): Promise<void> {
  await file.appendFile(text);
  await file.datasync();
}

/** 0 for a file that is missing. */
async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 0;
    throw error;
  }
}
