import { SourceConfigurationError } from './errors.ts';

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);

/**
 * Checks the base URL (with its version path) and returns it without a slash at the end.
 * PersonaDesk's API is HTTPS only; plain HTTP would show the key to the network, so it is for loopback hosts only,
 * unless `allowInsecure`. Throws `SourceConfigurationError`.
 */
export function checkedBaseUrl(baseUrl: string, allowInsecure: boolean): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new SourceConfigurationError('The PersonaDesk base URL must be a URL such as https://api.personadesk.ai/v1.');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new SourceConfigurationError('The PersonaDesk base URL must hold no user, password, query or fragment.');
  }
  if (url.protocol === 'http:' && !allowInsecure && !isLoopback(url.hostname)) {
    throw new SourceConfigurationError(
      'The PersonaDesk base URL must begin with https:// (http is for localhost only).',
    );
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
