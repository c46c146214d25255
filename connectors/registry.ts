import type { CrmKind } from '../src/domain/crm.ts';
import type { Connector } from './connector.ts';
import { createHubSpotConnector } from './hubspot/connector.ts';
import type { HttpTransport } from './transport/http-transport.ts';

/** What every CRM's connector is made from. */
export interface ConnectorOptions {
  readonly baseUrl: string;
  /** Asked before every request. */
  readonly accessToken: () => Promise<string>;
  /** ISO 3166 alpha-2. */
  readonly defaultCountry: string;
  /** CRM fields that hold phone numbers, beside the CRM's own. */
  readonly phoneFields: readonly string[];
  /** Shared by connectors, closed by whoever made it. */
  readonly transport: HttpTransport;
}

/** A new CRM is a new folder and one line here. */
const CONNECTORS: Readonly<Record<CrmKind, (options: ConnectorOptions) => Connector>> = {
  hubspot: createHubSpotConnector,
};

/** @throws TypeError for a base URL that may not be used. */
export function createConnector(kind: CrmKind, options: ConnectorOptions): Connector {
  return CONNECTORS[kind](options);
}
