import { open, readFile, stat, truncate, type FileHandle } from 'node:fs/promises';
import { formatRow, parseCsv } from './csv.ts';
import { systemCode } from './file-failure.ts';

/** A CSV file that only grows. */
export interface CsvFile {
  /**
   * The rows below the head, when the file has changed since this was last asked by other hands than `append`;
   * undefined when it has not. Makes the file when it is missing.
   */
  readIfChanged(): Promise<readonly (readonly string[])[] | undefined>;
  /** Adds rows in one write and waits until they are on the disk. */
  append(rows: readonly (readonly string[])[]): Promise<void>;
}

/** People's data: for nobody but the user we run as. */
const OWNER_ONLY = 0o600;

/** Every method rejects with the file system's own error. */
export function createCsvFile(path: string, columns: readonly string[]): CsvFile {
  let knownSize: number | undefined;

  async function appendText(text: string): Promise<void> {
    const file = await open(path, 'a', OWNER_ONLY);
    try {
      await writeThrough(file, text);
      knownSize = (await file.stat()).size;
    } finally {
      await file.close();
    }
  }

  return {
    readIfChanged: async () => {
      const size = await sizeOf(path);
      if (size !== undefined && size === knownSize) return undefined;
      if (size === undefined || size === 0) {
        await appendText(formatRow(columns));
        return [];
      }
      const text = await readFile(path, 'utf8');
      const { rows, wholeLength } = parseCsv(text);
      const wholeSize = Buffer.byteLength(text.slice(0, wholeLength));
      // A process died while it wrote the last row: the delivery that wrote it is made again.
      if (wholeSize < size) await truncate(path, wholeSize);
      knownSize = wholeSize;
      if (wholeSize === 0) await appendText(formatRow(columns));
      return rows.slice(1);
    },
    append: (rows) => appendText(rows.map(formatRow).join('')),
  };
}

async function writeThrough(file: FileHandle, text: string): Promise<void> {
  await file.appendFile(text);
  await file.datasync();
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
