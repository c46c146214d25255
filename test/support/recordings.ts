import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Folder of recorded exchanges with the real vendors; they are not part of this project. Undefined where it is absent:
 * what needs them is then not run.
 */
export const recordings = process.env.RECORDED_DATA;

/** One of the recordings, in its own format. @throws Error when there is none of that name */
export async function readRecording(name: string): Promise<unknown> {
  const folder = recordings ?? '';
  const texts = await Promise.allSettled(
    [join(folder, 'recorded', name), join(folder, name)].map((file) => readFile(file, 'utf8')),
  );
  const text = texts.find((result) => result.status === 'fulfilled')?.value;
  if (text === undefined) throw new Error(`RECORDED_DATA has no ${name}`);
  return JSON.parse(text);
}
