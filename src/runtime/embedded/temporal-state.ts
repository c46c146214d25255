import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { hasErrorCode } from './error-code.ts';

const temporalStateSchema = z.object({
  port: z.int(),
  /** The dev server that was started last; it may be long gone. */
  process: z.object({ pid: z.int(), startedAt: z.string() }),
});

/** What we remember of the dev server of a data directory, to find it again and to give it the same port. */
export type TemporalState = z.infer<typeof temporalStateSchema>;

/** @returns `undefined` when there is none, or none that makes sense: it only saves time, the truth is in the database file */
export async function readTemporalState(file: string): Promise<TemporalState | undefined> {
  try {
    return temporalStateSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT') || error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

export async function writeTemporalState(file: string, state: TemporalState): Promise<void> {
  const draft = `${file}.draft`;
  await writeFile(draft, `${JSON.stringify(state)}\n`);
  await rename(draft, file);
}
