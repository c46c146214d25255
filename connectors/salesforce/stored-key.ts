import { createHash } from 'node:crypto';

/**
 * A key as it fits in a field of so many characters. What does not fit keeps its beginning, for people, and ends in a
 * digest of the whole, so that two keys stay two.
 */
export function storedKey(key: string, length: number): string {
  if (length <= 0 || key.length <= length) return key;
  const digest = createHash('sha256').update(key).digest('hex');
  return length > digest.length + 1 ? `${key.slice(0, length - digest.length - 1)}~${digest}` : digest.slice(0, length);
}
