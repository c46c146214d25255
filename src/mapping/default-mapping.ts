import type { CrmKind } from '../domain/crm.ts';
import { defaultHubSpotMapping } from './default-hubspot.ts';
import type { Mapping } from './mapping.ts';

const DEFAULTS: Readonly<Record<CrmKind, Mapping>> = { hubspot: defaultHubSpotMapping };

/** The mapping of a connection for which nobody has published one. */
export function defaultMapping(crm: CrmKind): Mapping {
  return DEFAULTS[crm];
}
