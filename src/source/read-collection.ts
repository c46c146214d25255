import type { Normaliser } from './normalise-related.ts';
import { invalidResponse } from './errors.ts';
import type { PageRequest, PageWalker } from './pages.ts';
import type { SourceFailure } from './source.ts';

/** A list that is read to its end. */
export type CollectionOutcome<T> =
  | { readonly kind: 'items'; readonly items: readonly T[] }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly failure: SourceFailure };

/** More pages than any transcript or agent list has; a list that goes on is not one we understand. */
const MAX_PAGES = 200;

/**
 * Reads a whole list. Items that do not parse are left out, but a list of which nothing parses is an invalid response:
 * an empty answer must mean that there is nothing.
 */
export async function readCollection<T>(
  walker: PageWalker,
  request: PageRequest,
  normalise: Normaliser<T>,
): Promise<CollectionOutcome<T>> {
  const items: T[] = [];
  let received = 0;
  let pages = 0;
  for await (const outcome of walker.walk(request)) {
    if (outcome.kind !== 'page') return outcome.kind === 'missing' ? { kind: 'missing' } : outcome;
    received += outcome.items.length;
    items.push(...outcome.items.map(normalise).filter((item) => item !== undefined));
    pages += 1;
    if (pages >= MAX_PAGES && outcome.nextCursor !== null) {
      return { kind: 'failed', failure: invalidResponse('too_many_pages') };
    }
  }
  if (received > 0 && items.length === 0) return { kind: 'failed', failure: invalidResponse('no_usable_item') };
  return { kind: 'items', items };
}
