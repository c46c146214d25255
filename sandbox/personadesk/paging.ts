import { hashText } from './random.ts';
import type { Keyed } from './conversation-store.ts';

/** Makes and reads opaque cursors. A cursor names the last item of a page, so items added meanwhile shift nothing. */
export interface CursorMint {
  issue(list: string, lastKey: string): string;
  read(list: string, cursor: string, ttlMs: number | null): CursorReading;
  /** From now on every cursor issued so far is answered as expired. */
  expireAll(): void;
}

type CursorReading = { readonly kind: 'after'; readonly key: string } | { readonly kind: 'invalid' | 'expired' };

export function createCursorMint(clock: () => number): CursorMint {
  let generation = 0;
  const seal = (payload: string): string => hashText(`sandbox cursor ${payload}`).toString(36);
  return {
    issue: (list, lastKey) => {
      const payload = [list, generation, clock(), lastKey].join('\n');
      return Buffer.from(`${seal(payload)}\n${payload}`).toString('base64url');
    },
    read: (list, cursor, ttlMs) => {
      const text = Buffer.from(cursor, 'base64url').toString();
      const [sealed, forList, issuedIn, issuedAt, ...key] = text.split('\n');
      const genuine = sealed === seal(text.slice(text.indexOf('\n') + 1)) && forList === list;
      if (!genuine) return { kind: 'invalid' };
      const tooOld = ttlMs !== null && clock() - Number(issuedAt) > ttlMs;
      if (Number(issuedIn) !== generation || tooOld) return { kind: 'expired' };
      return { kind: 'after', key: key.join('\n') };
    },
    expireAll: () => (generation += 1),
  };
}

/** Index of the first item whose key is greater than `key`. */
function firstAfter(items: readonly Keyed<unknown>[], key: string): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && item.key <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The items after `key` (from the start without one), and the key to go on from, or `null` at the end. */
export function pageAfter<T>(
  items: readonly Keyed<T>[],
  key: string | undefined,
  limit: number,
): { readonly page: readonly T[]; readonly lastKey: string | null } {
  const start = key === undefined ? 0 : firstAfter(items, key);
  const taken = items.slice(start, start + limit);
  const more = start + limit < items.length;
  return { page: taken.map(({ value }) => value), lastKey: more ? (taken.at(-1)?.key ?? null) : null };
}
