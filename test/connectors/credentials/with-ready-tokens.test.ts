import { describe, expect, it } from '@jest/globals';
import type { AccessTokens } from '../../../connectors/credentials/access-tokens.ts';
import { NoAccessTokenError } from '../../../connectors/credentials/access-tokens.ts';
import { withReadyTokens } from '../../../connectors/credentials/with-ready-tokens.ts';
import type { CallContext } from '../../../connectors/connector.ts';
import { createCsvLogConnector } from '../../../connectors/csv-log/connector.ts';

const context: CallContext = { signal: new AbortController().signal };
/** Of the connectors, the one that needs nothing to be made; its folder cannot be. */
const connector = createCsvLogConnector({ folder: '/dev/null/nowhere', defaultCountry: 'US' });

function noToken(kind: 'passing' | 'revoked'): Pick<AccessTokens, 'accessToken'> {
  return { accessToken: () => Promise.reject(new NoAccessTokenError({ kind, code: 'hubspot.token_x' }, 30_000)) };
}

describe('a connector without an access token', () => {
  it.each([
    ['passing', { disposition: 'retry', code: 'hubspot.token_x', retryAfterMs: 30_000 }],
    ['revoked', { disposition: 'reconnect', code: 'hubspot.token_x', retryAfterMs: undefined }],
  ] as const)('is not ready, and who must act follows from why (%s)', async (kind, failure) => {
    const result = await withReadyTokens(connector, noToken(kind)).provision(context);
    expect(result).toMatchObject({ kind: 'failed', failure });
  });

  it.each([
    ['passing', /Nobody needs to act/],
    ['revoked', /admin of the CRM/],
  ] as const)('says in its check what to do (%s)', async (kind, fix) => {
    const findings = await withReadyTokens(connector, noToken(kind)).check(context);
    expect(findings).toMatchObject([{ severity: 'error', code: 'no_access_token', fix: expect.stringMatching(fix) }]);
  });

  it('asks the account itself once there is a token', async () => {
    const ready = withReadyTokens(connector, { accessToken: () => Promise.resolve('token') });
    expect(await ready.provision(context)).toMatchObject({ failure: { code: 'csv-log.ENOTDIR' } });
    expect(await ready.check(context)).toMatchObject([{ code: 'folder_not_writable' }]);
  });

  it('an error of another kind is not taken for a refusal', async () => {
    const broken = { accessToken: () => Promise.reject(new Error('a secret is missing')) };
    await expect(withReadyTokens(connector, broken).provision(context)).rejects.toThrow('a secret is missing');
  });
});
