import type { TokenFailure } from '../../src/domain/tokens.ts';

/**
 * What tokens of a person's consent descend from. Without the client secret: it may be replaced while the refresh token,
 * rotated since, stays in force.
 *
 * @param configured the refresh token in the configuration, where one stands.
 */
export function oauthLineage(
  vendor: string,
  baseUrl: string,
  clientId: string,
  configured: string | undefined,
): string {
  return JSON.stringify([`${vendor}-oauth`, baseUrl, clientId, ...(configured === undefined ? [] : [configured])]);
}

/** Nobody has signed in, and no refresh token is configured. */
export function signInNeeded(vendor: string): TokenFailure {
  return { kind: 'refused', code: `${vendor}.sign_in_needed` };
}
