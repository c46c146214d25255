import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { Environment } from './environment.ts';

/** Where Temporal is and how to sign in. */
export interface TemporalTarget {
  readonly connection: ConnectionOptions;
  readonly namespace: string;
}

const DEFAULT_NAMESPACE = 'default';

/**
 * Temporal's own configuration: its variables, and its profile file when one is named. The file in the user's home is
 * left alone otherwise: it is about the `temporal` program, and a sign-in of its would go to our dev server.
 * @throws {Error} when the named profile or file is not there
 */
export function temporalTarget(environment: Environment): TemporalTarget {
  const { TEMPORAL_PROFILE: profile, TEMPORAL_CONFIG_FILE: file } = environment.variables;
  const loaded = loadClientConnectConfig({
    ...(profile === undefined ? {} : { profile }),
    disableFile: profile === undefined && file === undefined,
    overrideEnvVars: definedOnly(environment.variables),
  });
  const { address, tls, apiKey, metadata } = loaded.connectionOptions;
  return {
    connection: {
      ...(address === undefined ? {} : { address }),
      ...(tls === undefined ? {} : { tls }),
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(metadata === undefined ? {} : { metadata }),
    },
    namespace: loaded.namespace ?? DEFAULT_NAMESPACE,
  };
}

/** A client that connects with its first call: a process that uses it starts while Temporal is down. */
export interface LazyTemporalClient {
  readonly client: Client;
  close(): Promise<void>;
}

/** @throws {Error} as {@link temporalTarget} */
export function openTemporalClient(environment: Environment): LazyTemporalClient {
  const target = temporalTarget(environment);
  const connection = Connection.lazy(target.connection);
  return { client: new Client({ connection, namespace: target.namespace }), close: () => connection.close() };
}

function definedOnly(variables: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
