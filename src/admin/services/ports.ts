import type { ConnectionId } from '../../domain/ids.ts';
import type { ConnectionRepository } from '../../store/connection-repository.ts';
import type { SecretRepository } from '../../store/secret-repository.ts';
import type { TenantRepository } from '../../store/tenant-repository.ts';

/** Reads and writes the configuration that is in force. */
export interface ConfigurationStore {
  readonly tenants: Pick<TenantRepository, 'list' | 'upsert'>;
  readonly connections: Pick<ConnectionRepository, 'list' | 'upsert'>;
}

/** Looks behind references to secrets. */
export type SecretSource = Pick<SecretRepository, 'resolve'>;

/** Wakes the loop of a connection; rejects within a deadline when Temporal is not reachable. */
export type Wake = (connectionId: ConnectionId) => Promise<void>;
