import type { ConnectionConfiguration } from '../src/domain/configuration.ts';
import type { Connector } from './connector.ts';
import { createCsvLogConnector } from './csv-log/connector.ts';
import { createHubSpotConnector } from './hubspot/connector.ts';
import { createSalesforceConnector } from './salesforce/connector.ts';
import type { HttpTransport } from './transport/http-transport.ts';

/** What a connector works with beside its connection's configuration. */
export interface ConnectorMeans {
  /** Asked before every request. */
  readonly accessToken: () => Promise<string>;
  /** ISO 3166 alpha-2. */
  readonly defaultCountry: string;
  /** Shared by connectors, closed by whoever made it. */
  readonly transport: HttpTransport;
}

/**
 * A new CRM is a new folder and one case here.
 *
 * @throws TypeError for a base URL that may not be used.
 */
export function createConnector(configuration: ConnectionConfiguration, means: ConnectorMeans): Connector {
  const { phoneFields } = configuration.matching;
  switch (configuration.crm) {
    case 'hubspot': {
      const { baseUrl, apiVersion } = configuration;
      return createHubSpotConnector({
        ...means,
        baseUrl,
        phoneFields,
        ...(apiVersion === undefined ? {} : { apiVersion }),
      });
    }
    case 'salesforce': {
      const { baseUrl, objectOrder, createAs } = configuration;
      return createSalesforceConnector({
        ...means,
        baseUrl,
        phoneFields,
        ...(objectOrder === undefined ? {} : { objectOrder }),
        ...(createAs === undefined ? {} : { createAs }),
      });
    }
    case 'csv-log':
      return createCsvLogConnector({ folder: configuration.folder, defaultCountry: means.defaultCountry });
  }
}
