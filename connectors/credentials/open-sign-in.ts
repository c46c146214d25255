import type { SignIn } from '../../src/domain/authorization.ts';
import type { ConnectionConfiguration } from '../../src/domain/configuration.ts';
import { createHubSpotSignIn } from './hubspot-sign-in.ts';
import { createSalesforceSignIn } from './salesforce-sign-in.ts';
import type { FlowMeans } from './token-flow.ts';

/**
 * How a person signs in for a connection; undefined for one whose configuration lets it in another way.
 *
 * @returns a promise that rejects when a refresh token is configured and nothing is where it should be.
 */
export async function openSignIn(
  configuration: ConnectionConfiguration,
  means: FlowMeans,
): Promise<SignIn | undefined> {
  switch (configuration.crm) {
    case 'hubspot': {
      const { credentials, baseUrl } = configuration;
      return 'oauth' in credentials ? createHubSpotSignIn(credentials.oauth, baseUrl, means) : undefined;
    }
    case 'salesforce': {
      const { credentials, baseUrl } = configuration;
      return 'oauth' in credentials ? createSalesforceSignIn(credentials.oauth, baseUrl, means) : undefined;
    }
    case 'csv-log':
      return undefined;
  }
}
