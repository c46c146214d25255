import { slices } from './slices.ts';

export interface ReadingInParts<R> {
  /** Ids to a part. */
  readonly size: number;
  readonly read: (ids: readonly string[]) => Promise<R>;
  /** Whether the answer was longer than a client takes: a hundred transcripts may be. */
  readonly isTooLarge: (reading: R) => boolean;
}

/**
 * Reads records by id, one part after the other. A part whose answer is too large is read in halves, down to a single
 * record.
 *
 * @returns what was read of each part; only of a single record is it what was too large
 */
export async function readInParts<R>(ids: readonly string[], reading: ReadingInParts<R>): Promise<readonly R[]> {
  const readings: R[] = [];
  for (const part of slices(ids, reading.size)) {
    const answer = await reading.read(part);
    if (part.length > 1 && reading.isTooLarge(answer)) {
      readings.push(...(await readInParts(part, { ...reading, size: Math.ceil(part.length / 2) })));
    } else {
      readings.push(answer);
    }
  }
  return readings;
}
