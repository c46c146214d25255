import type { ConfigurationFor, ConnectionConfiguration } from '../../src/domain/configuration.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import type { TokenStore } from '../../src/domain/tokens.ts';
import type { AccessTokens } from './access-tokens.ts';
import { createConfiguredToken } from './configured-token.ts';
import { openHubSpotOAuth } from './hubspot-oauth.ts';
import { createRenewableTokens } from './renewable-tokens.ts';
import { openClientCredentials, openJwtBearer, openRefreshToken } from './salesforce-flows.ts';
import type { FlowMeans, OpenFlow } from './token-flow.ts';

export interface AccessTokensMeans extends FlowMeans {
  readonly tenantId: TenantId;
  readonly tokens: TokenStore;
}

/**
 * The access tokens of a connection, by the way its configuration names; undefined for what is reached without any.
 * Nothing is asked before the first request.
 */
export function openAccessTokens(
  configuration: ConnectionConfiguration,
  means: AccessTokensMeans,
): AccessTokens | undefined {
  switch (configuration.crm) {
    case 'hubspot':
      return ofHubSpot(configuration, means);
    case 'salesforce':
      return ofSalesforce(configuration, means);
    case 'csv-log':
      return undefined;
  }
}

function ofHubSpot(configuration: ConfigurationFor<'hubspot'>, means: AccessTokensMeans): AccessTokens {
  const { credentials, baseUrl } = configuration;
  if ('accessToken' in credentials) return createConfiguredToken(() => means.secret(credentials.accessToken));
  return renewable(configuration, means, () => openHubSpotOAuth(credentials.oauth, baseUrl, means));
}

function ofSalesforce(configuration: ConfigurationFor<'salesforce'>, means: AccessTokensMeans): AccessTokens {
  const { credentials, baseUrl } = configuration;
  if ('accessToken' in credentials) return createConfiguredToken(() => means.secret(credentials.accessToken));
  if ('clientCredentials' in credentials) {
    return renewable(configuration, means, () => openClientCredentials(credentials.clientCredentials, baseUrl, means));
  }
  if ('jwt' in credentials) {
    return renewable(configuration, means, () => openJwtBearer(credentials.jwt, baseUrl, means));
  }
  return renewable(configuration, means, () => openRefreshToken(credentials.oauth, baseUrl, means));
}

function renewable({ id }: ConnectionConfiguration, means: AccessTokensMeans, open: OpenFlow): AccessTokens {
  const { tenantId, tokens, now } = means;
  return createRenewableTokens({ tenantId, connectionId: id, open, store: tokens, now });
}
