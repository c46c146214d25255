import type { Connection } from '../../domain/connection.ts';
import { SecretMissingError } from '../../store/secret-repository.ts';
import type { Store } from '../../store/store.ts';
import { pathText, type ConfigurationPath } from './configuration-problem.ts';
import { fault, type DoctorArea, type DoctorFinding } from './doctor-finding.ts';
import type { SecretSource } from './ports.ts';
import { secretReferences } from './secret-references.ts';

/** A tenant as it is stored. */
export type StoredTenant = NonNullable<Awaited<ReturnType<Store['tenants']['get']>>>;

/** Looks behind every reference to a secret that the connection needs. What it finds there is dropped at once. */
export async function examineSecrets(
  connection: Connection,
  tenant: StoredTenant,
  secrets: SecretSource,
): Promise<readonly DoctorFinding[]> {
  const references = secretReferences({
    version: 1,
    tenants: [{ ...tenant.settings, connections: [connection.configuration] }],
  });
  const findings: DoctorFinding[] = [];
  for (const { tenantId, path, reference } of references) {
    try {
      await secrets.resolve(tenantId, reference);
    } catch (error) {
      if (!(error instanceof SecretMissingError)) throw error;
      findings.push(missing(path, error));
    }
  }
  return findings;
}

/** The error names the place (a variable, a file, a stored name), never a value. */
function missing(path: ConfigurationPath, error: SecretMissingError): DoctorFinding {
  const { area, name } = placeOf(path);
  return fault(
    area,
    'secret_missing',
    `${name}: ${error.message}.`,
    'An operator puts the secret where the configuration points, for the worker and the intake, and runs the doctor where they run.',
  );
}

/** The path leads through a configuration of this one connection: its positions mean nothing to a reader. */
function placeOf(path: ConfigurationPath): { readonly area: DoctorArea; readonly name: string } {
  const [, , part] = path;
  if (part === 'connections') return { area: 'crm', name: pathText(path.slice(4)) };
  return { area: part === 'webhook' ? 'webhooks' : 'personadesk', name: pathText(path.slice(2)) };
}
