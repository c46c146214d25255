import type { CrmKind } from '../domain/crm.ts';
import { defaultCsvLogMapping } from './default-csv-log.ts';
import { defaultHubSpotMapping } from './default-hubspot.ts';
import { defaultSalesforceMapping } from './default-salesforce.ts';
import type { Mapping } from './mapping.ts';

const DEFAULTS: Readonly<Record<CrmKind, Mapping>> = {
  hubspot: defaultHubSpotMapping,
  salesforce: defaultSalesforceMapping,
  'csv-log': defaultCsvLogMapping,
};

/** The mapping of a connection for which nobody has published one. */
export function defaultMapping(crm: CrmKind): Mapping {
  return DEFAULTS[crm];
}
