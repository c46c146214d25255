import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { hasErrorCode } from '../../runtime/embedded/error-code.ts';
import { UsageError } from '../command-failure.ts';

const REASONS = [
  ['ENOENT', 'does not exist'],
  ['EISDIR', 'is a folder'],
  ['EACCES', 'may not be read by this user'],
] as const;

/**
 * Reads a file named on the command line, or standard input for `-`.
 * @throws UsageError when there is nothing to read.
 */
export async function readNamedFile(path: string): Promise<string> {
  if (path === '-') return text(process.stdin);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const reason = REASONS.find(([code]) => hasErrorCode(error, code))?.[1];
    if (reason === undefined) throw error;
    throw new UsageError(`${path} ${reason}: name a file that can be read.`);
  }
}
