import type { AccessTokens } from './access-tokens.ts';

/**
 * A token that stands in the configuration. It is read before every request, so that a file that somebody replaces is in
 * force at once; nothing here can renew it.
 *
 * @param read rejects when there is nothing where the configuration points.
 */
export function createConfiguredToken(read: () => Promise<string>): AccessTokens {
  return {
    accessToken: read,
    refused: async (token) => ((await read()) === token ? 'broken' : 'renewed'),
  };
}
