import type { ConnectionConfiguration } from '../domain/configuration.ts';
import type { RecordRef } from '../domain/crm.ts';

/** Salesforce's My Domain guide: the org's own address, in sandboxes with one label more. */
const MY_DOMAIN = '.my.salesforce.com';

/**
 * The page of a record in the CRM, where the base URL is enough to know it. HubSpot's pages carry the id of the account,
 * which no base URL tells.
 *
 * Assumed: an org leads `/<record id>` to the record's page, as the links in Salesforce's own notifications go.
 */
export function recordLink(configuration: ConnectionConfiguration, { id }: RecordRef): string | undefined {
  if (configuration.crm !== 'salesforce') return undefined;
  const base = URL.parse(configuration.baseUrl);
  return base?.hostname.endsWith(MY_DOMAIN) === true ? new URL(encodeURIComponent(id), base.origin).href : undefined;
}
