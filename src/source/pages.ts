import { isDeepStrictEqual } from 'node:util';
import { invalidResponse } from './errors.ts';
import type { HttpReader } from './http.ts';
import { pageSchema } from './schemas.ts';
import type { SourceFailure } from './source.ts';

/** One step through a list. After anything but a page with a cursor there is no further step. */
export type PageOutcome =
  | { readonly kind: 'page'; readonly items: readonly unknown[]; readonly nextCursor: string | null }
  | { readonly kind: 'missing'; readonly status: number }
  | { readonly kind: 'failed'; readonly failure: SourceFailure };

export interface PageRequest {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly cursor?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Walks cursor lists. Cursors are opaque: sent back as they came. */
export interface PageWalker {
  walk(request: PageRequest): AsyncGenerator<PageOutcome, void>;
}

/**
 * Assumed: the page size is asked for by `limit`. If the API refuses it (400 on a first page), the page is asked for
 * again without, and that is remembered.
 */
const LIMIT_PARAMETER = 'limit';

/**
 * Creates a walker. `cursorParameter` is assumed to be `cursor` and can be set otherwise; if it is wrong, the API answers
 * the same page again, which ends the walk as an invalid response instead of going round for ever.
 */
export function createPageWalker(http: HttpReader, cursorParameter: string): PageWalker {
  let limitRefused = false;

  const readPage = async (request: PageRequest, cursor: string | undefined): Promise<PageOutcome> => {
    const query = new URLSearchParams(request.query);
    if (limitRefused) query.delete(LIMIT_PARAMETER);
    if (cursor !== undefined) query.set(cursorParameter, cursor);
    const outcome = await http.get(request.path, query, request.signal);
    if (outcome.kind === 'missing') return outcome;
    if (outcome.kind === 'json') return parsePage(outcome.value);
    const { failure } = outcome;
    if (failure.kind !== 'bad_request') return outcome;
    // Only a list that was given a cursor can have refused it; the caller's remedy is to start over.
    if (cursor !== undefined) return { kind: 'failed', failure: { ...failure, code: 'cursor_rejected' } };
    if (!query.has(LIMIT_PARAMETER)) return outcome;
    limitRefused = true;
    const without = await readPage(request, cursor);
    limitRefused = without.kind === 'page';
    return without;
  };

  return {
    async *walk(request) {
      let cursor = request.cursor;
      let previous: readonly unknown[] = [];
      for (;;) {
        const outcome = await readPage(request, cursor);
        const stuck = outcome.kind === 'page' && isSamePage(outcome, cursor, previous);
        yield stuck ? { kind: 'failed', failure: invalidResponse('cursor_not_advancing') } : outcome;
        if (stuck || outcome.kind !== 'page' || outcome.nextCursor === null) return;
        cursor = outcome.nextCursor;
        previous = outcome.items;
      }
    },
  };
}

function parsePage(json: unknown): PageOutcome {
  const parsed = pageSchema.safeParse(json);
  if (!parsed.success) return { kind: 'failed', failure: invalidResponse('not_a_page', 200) };
  const { data, next_cursor } = parsed.data;
  return { kind: 'page', items: data, nextCursor: next_cursor === '' ? null : (next_cursor ?? null) };
}

function isSamePage(
  page: PageOutcome & { kind: 'page' },
  cursor: string | undefined,
  previous: readonly unknown[],
): boolean {
  if (cursor !== undefined && page.nextCursor === cursor) return true;
  return page.items.length > 0 && isDeepStrictEqual(page.items, previous);
}
