import type { AccessTokens } from '../../../connectors/credentials/access-tokens.ts';
import { openAccessTokens } from '../../../connectors/credentials/open-access-tokens.ts';
import type { HttpTransport } from '../../../connectors/transport/http-transport.ts';
import { configurationSchema, type ConnectionConfiguration } from '../../../src/domain/configuration.ts';
import type { SecretRef } from '../../../src/domain/secret-ref.ts';
import type { TokenStore } from '../../../src/domain/tokens.ts';
import { tenantId } from '../../store/open-test-store.ts';

export interface CredentialsOptions {
  readonly access: Readonly<Record<string, unknown>>;
  readonly connectionId: string;
  /** What `{ env: NAME }` says. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly tokens: TokenStore;
  readonly transport: HttpTransport;
  readonly now: () => Date;
}

/** The access tokens of a connection with this part of a configuration file. */
export function openCredentials(options: CredentialsOptions): AccessTokens {
  const { tokens, transport, now, secrets } = options;
  const opened = openAccessTokens(connectionOf(options), {
    tenantId: tenantId('ten_acme'),
    tokens,
    transport,
    now,
    secret: (reference) => resolve(secrets, reference),
  });
  if (opened === undefined) throw new Error('this kind of connection has no tokens');
  return opened;
}

function connectionOf({ access, connectionId }: CredentialsOptions): ConnectionConfiguration {
  const { tenants } = configurationSchema.parse({
    version: 1,
    tenants: [
      {
        id: 'ten_acme',
        name: 'Acme',
        personadesk: { apiKey: { env: 'KEY' } },
        webhook: { verification: { scheme: 'bearer', secrets: [{ env: 'SECRET' }] } },
        connections: [{ id: connectionId, ...access }],
      },
    ],
  });
  const connection = tenants[0]?.connections[0];
  if (connection === undefined) throw new Error('the schema lost the connection');
  return connection;
}

function resolve(secrets: Readonly<Record<string, string>>, reference: SecretRef): Promise<string> {
  const value = 'env' in reference ? secrets[reference.env] : undefined;
  return value === undefined ? Promise.reject(new Error('a secret is missing')) : Promise.resolve(value);
}
