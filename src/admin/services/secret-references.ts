import type { Configuration } from '../../domain/configuration.ts';
import type { TenantId } from '../../domain/ids.ts';
import { secretRefSchema, type SecretRef } from '../../domain/secret-ref.ts';
import type { ConfigurationPath } from './configuration-problem.ts';

/** A reference to a secret and where it stands in the configuration. */
export interface PlacedReference {
  readonly tenantId: TenantId;
  readonly path: ConfigurationPath;
  readonly reference: SecretRef;
}

/** Every reference to a secret, in the order of the file. */
export function secretReferences(configuration: Configuration): readonly PlacedReference[] {
  return configuration.tenants.flatMap((tenant, t) => {
    const place = (path: ConfigurationPath, reference: SecretRef) => ({ tenantId: tenant.id, path, reference });
    return [
      place(['tenants', t, 'personadesk', 'apiKey'], tenant.personadesk.apiKey),
      ...tenant.webhook.verification.secrets.map((reference, s) =>
        place(['tenants', t, 'webhook', 'verification', 'secrets', s], reference),
      ),
      ...tenant.connections.flatMap((connection, c) =>
        'credentials' in connection
          ? referencesIn(connection.credentials).map(({ path, reference }) =>
              place(['tenants', t, 'connections', c, 'credentials', ...path], reference),
            )
          : [],
      ),
    ];
  });
}

/** However a connection signs in: what is written as a reference is one, everything else is plain text. */
function referencesIn(value: unknown): readonly Pick<PlacedReference, 'path' | 'reference'>[] {
  const reference = secretRefSchema.safeParse(value);
  if (reference.success) return [{ path: [], reference: reference.data }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    referencesIn(inner).map((found) => ({ ...found, path: [key, ...found.path] })),
  );
}
