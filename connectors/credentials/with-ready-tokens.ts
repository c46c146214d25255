import type { CrmFailure, Finding } from '../../src/domain/crm.ts';
import type { Connector } from '../connector.ts';
import { NoAccessTokenError, type AccessTokens } from './access-tokens.ts';

/**
 * A connector that sees to its access token before it prepares or examines the account. Every batch begins with
 * `provision`, so a token endpoint that says no, or nothing, is an outcome like any other refusal of the CRM.
 */
export function withReadyTokens(connector: Connector, tokens: Pick<AccessTokens, 'accessToken'>): Connector {
  return {
    ...connector,
    provision: async (context) => {
      const failure = await whyNoToken(tokens);
      return failure === undefined ? connector.provision(context) : { kind: 'failed', failure };
    },
    check: async (context) => {
      const failure = await whyNoToken(tokens);
      return failure === undefined ? connector.check(context) : [noToken(failure)];
    },
  };
}

async function whyNoToken(tokens: Pick<AccessTokens, 'accessToken'>): Promise<CrmFailure | undefined> {
  try {
    await tokens.accessToken();
    return undefined;
  } catch (error) {
    if (error instanceof NoAccessTokenError) return error.failure;
    throw error;
  }
}

function noToken({ code, disposition }: CrmFailure): Finding {
  return {
    severity: 'error',
    code: 'no_access_token',
    what: `The CRM's token endpoint gave no access token (${code}).`,
    fix:
      disposition === 'retry'
        ? 'Nobody needs to act if this passes; else see whether this machine reaches the CRM.'
        : 'An admin of the CRM authorises the app anew: by `crm-sync authorize CONNECTION`, where the connection signs in by OAuth; else put the new credentials into the configuration, apply it and resume the connection.',
    fixable: false,
  };
}
