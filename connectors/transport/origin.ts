/** Where a connector may send: one origin, fixed when it is made, and the path prefix of the configured base URL. */
export interface PinnedBase {
  /** `https://api.hubapi.com`, without a path. */
  readonly origin: string;
  /** Empty, or a path that starts with a slash and does not end with one. */
  readonly prefix: string;
}

/**
 * Reads a configured base URL.
 *
 * @throws TypeError when it is no URL, carries credentials or a query, or is plain HTTP to anything but this machine:
 *   every request carries a token.
 */
export function pinBase(baseUrl: string): PinnedBase {
  const url = URL.parse(baseUrl);
  if (url === null) throw new TypeError('The base URL of the CRM is not a URL.');
  assertConfidential(url);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new TypeError('The base URL of the CRM may hold a scheme, a host, a port and a path, nothing else.');
  }
  return { origin: url.origin, prefix: url.pathname.replace(/\/+$/, '') };
}

/**
 * The address of a request; its path cannot lead to another host.
 *
 * @throws TypeError for an origin that is not allowed and for a path that leaves it.
 */
export function resolveOnOrigin(origin: string, path: string): URL {
  const base = URL.parse(origin);
  if (base === null) throw new TypeError('The origin of a request is not a URL.');
  assertConfidential(base);
  const target = path.startsWith('/') ? URL.parse(path, base.origin) : null;
  if (target?.origin !== base.origin) throw new TypeError('The path of a request must stay on its origin.');
  return target;
}

function assertConfidential(url: URL): void {
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return;
  throw new TypeError('A CRM is reached over https; plain http is for this machine only.');
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    // The URL parser has already brought every way to write an IPv4 address into this form.
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
  );
}
