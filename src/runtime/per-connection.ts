import type { Connection } from '../domain/connection.ts';

/** Things that are made once per connection and kept between batches. */
export interface PerConnection<T> {
  get(connection: Connection): T;
  close(): Promise<void>;
}

/**
 * Keeps one of each per connection, made anew when the connection's configuration has changed: a new token, host or
 * policy is in force with the next batch, and a remembered "the account is ready" does not outlive the account.
 */
export function perConnection<T extends { close(): Promise<void> }>(
  make: (connection: Connection) => T,
  onCloseFailure: (error: unknown) => void,
): PerConnection<T> {
  const kept = new Map<string, { readonly fingerprint: string; readonly value: T }>();
  return {
    get(connection) {
      const fingerprint = JSON.stringify([connection.configuration, connection.tenant]);
      const before = kept.get(connection.id);
      if (before?.fingerprint === fingerprint) return before.value;
      const value = make(connection);
      kept.set(connection.id, { fingerprint, value });
      before?.value.close().catch(onCloseFailure);
      return value;
    },
    async close() {
      await Promise.all([...kept.values()].map(({ value }) => value.close()));
    },
  };
}
