import { routes, type Route } from './routes.ts';

type PathParts = Readonly<Record<string, string>>;

/** What a path below a version leads to. */
export type RouteMatch =
  | { readonly kind: 'found'; readonly route: Route; readonly parts: PathParts }
  /** The path is known, the method is not. */
  | { readonly kind: 'wrong-method' }
  | { readonly kind: 'none' };

export interface VersionedPath {
  readonly version: number;
  /** Decoded segments below the version. */
  readonly rest: readonly string[];
}

/** `/services/data/v67.0/...`; null for anything else, a broken percent sign included. */
export function versionedPath(pathname: string): VersionedPath | null {
  const found = /^\/services\/data\/v(\d+)\.0(\/.*)?$/.exec(pathname);
  if (found === null) return null;
  try {
    const rest = (found[2] ?? '')
      .split('/')
      .filter((segment) => segment !== '')
      .map(decodeURIComponent);
    return { version: Number(found[1]), rest };
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

export function matchRoute(method: string, rest: readonly string[]): RouteMatch {
  let isKnown = false;
  for (const route of routes) {
    const parts = matchParts(route.pattern, rest);
    if (parts === null) continue;
    if (route.method === method) return { kind: 'found', route, parts };
    isKnown = true;
  }
  return isKnown ? { kind: 'wrong-method' } : { kind: 'none' };
}

function matchParts(pattern: readonly string[], given: readonly string[]): PathParts | null {
  if (pattern.length !== given.length) return null;
  const parts: Record<string, string> = {};
  for (const [position, wanted] of pattern.entries()) {
    const segment = given[position] ?? '';
    if (wanted.startsWith(':')) parts[wanted.slice(1)] = segment;
    else if (wanted !== segment) return null;
  }
  return parts;
}
