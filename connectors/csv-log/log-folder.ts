import { access, constants, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LINK_COLUMNS, OBJECTS, type CsvObject } from './columns.ts';
import { createCsvFile, type CsvFile } from './csv-file.ts';
import { systemCode } from './file-failure.ts';
import { createRecordFile, type RecordFile } from './record-file.ts';

/** The files of one connection. */
export interface LogFolder {
  readonly records: Readonly<Record<CsvObject, RecordFile>>;
  readonly links: CsvFile;
  /** Makes the folder and the files where they are missing; returns the names of the files it made. */
  prepare(): Promise<readonly string[]>;
  /** Names of the files that are not there. */
  missing(): Promise<readonly string[]>;
  /** Rejects with the file system's error when nothing could be written. Changes nothing. */
  assertWritable(): Promise<void>;
}

export function openLogFolder(folder: string): LogFolder {
  const records = {
    people: createRecordFile(folder, 'people'),
    activities: createRecordFile(folder, 'activities'),
    tasks: createRecordFile(folder, 'tasks'),
  };
  const links = createCsvFile(join(folder, 'links.csv'), LINK_COLUMNS);
  return {
    records,
    links,
    prepare: async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const missing = await missingFiles(folder);
      for (const object of OBJECTS) {
        await records[object].refresh();
        await records[object].append([]);
      }
      return missing;
    },
    missing: () => missingFiles(folder),
    assertWritable: async () => {
      await access(folder, constants.W_OK | constants.X_OK);
      const missing = await missingFiles(folder);
      for (const name of FILE_NAMES) {
        if (!missing.includes(name)) await access(join(folder, name), constants.R_OK | constants.W_OK);
      }
    },
  };
}

const FILE_NAMES = [...OBJECTS, 'links'].map((name) => `${name}.csv`);

async function missingFiles(folder: string): Promise<readonly string[]> {
  const found = await Promise.all(
    FILE_NAMES.map(async (name) => {
      const file = await stat(join(folder, name)).catch((error: unknown) => {
        if (systemCode(error) === 'ENOENT') return undefined;
        throw error;
      });
      return file === undefined ? [name] : [];
    }),
  );
  return found.flat();
}
