import { routes, type PathParts, type Route } from './routes.ts';

/** What a path leads to. */
export type RouteMatch =
  | { readonly kind: 'found'; readonly route: Route; readonly parts: PathParts; readonly version: string }
  /** The path is known, the method is not. */
  | { readonly kind: 'wrong-method'; readonly allowed: readonly string[] }
  | { readonly kind: 'none' };

const none: RouteMatch = { kind: 'none' };

/** Finds the endpoint of a path, whichever of HubSpot's two ways of naming the version it uses. */
export function matchRoute(method: string, pathname: string, apiVersions: readonly string[]): RouteMatch {
  const place = locate(pathname);
  if (place === null || !apiVersions.includes(place.version)) return none;
  const allowed: string[] = [];
  for (const route of routes) {
    if (route.area !== place.area || !existsIn(route, place.version)) continue;
    const parts = matchParts(route.pattern, place.rest);
    if (parts === null) continue;
    if (route.method === method) return { kind: 'found', route, parts, version: place.version };
    allowed.push(route.method);
  }
  return allowed.length === 0 ? none : { kind: 'wrong-method', allowed: [...new Set(allowed)] };
}

interface Place {
  readonly area: string;
  readonly version: string;
  readonly rest: readonly string[];
}

/** `/crm/v3/objects/...`, `/crm/objects/2026-09/...` and `/account-info/v3/...` in one form. */
function locate(pathname: string): Place | null {
  const segments = segmentsOf(pathname);
  if (segments === null) return null;
  const [root, first, second, ...rest] = segments;
  if (root === undefined || first === undefined) return null;
  if (root === 'account-info') {
    return { area: root, version: first, rest: second === undefined ? [] : [second, ...rest] };
  }
  if (root !== 'crm' || second === undefined) return null;
  return /^v\d$/.test(first) ? { area: second, version: first, rest } : { area: first, version: second, rest };
}

function segmentsOf(pathname: string): readonly string[] | null {
  try {
    return pathname
      .split('/')
      .filter((segment) => segment !== '')
      .map(decodeURIComponent);
  } catch (error) {
    // A path with a broken percent sign leads nowhere.
    if (error instanceof URIError) return null;
    throw error;
  }
}

function existsIn(route: Route, version: string): boolean {
  return version.startsWith('v') ? route.classicVersion === version : true;
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
