import type { ConnectionConfiguration, TenantConfiguration } from './configuration.ts';
import type { ConnectionId, TenantId } from './ids.ts';

/**
 * Whether a connection may make calls.
 * - `active`, possibly parked until an instant the CRM asked for;
 * - `paused` by a person; - `broken` because the CRM refused our credentials. Both wait for a person.
 */
export type ConnectionState =
  | { readonly kind: 'active'; readonly parkedUntil: Date | undefined; readonly parkReason: string | undefined }
  | { readonly kind: 'paused' }
  | { readonly kind: 'broken'; readonly code: string };

/** A connection with what its delivery needs of its tenant. */
export interface Connection {
  readonly id: ConnectionId;
  readonly tenantId: TenantId;
  readonly state: ConnectionState;
  readonly configuration: ConnectionConfiguration;
  readonly tenant: Pick<
    TenantConfiguration,
    'id' | 'name' | 'timezone' | 'defaultCountry' | 'businessHours' | 'personadesk'
  >;
}
