import type { Configuration } from '../../domain/configuration.ts';
import type { SecretRef } from '../../domain/secret-ref.ts';
import { SecretMissingError } from '../../store/secret-repository.ts';
import { pathText, type ConfigurationProblem } from './configuration-problem.ts';
import type { LineOf } from './parse-configuration.ts';
import type { SecretSource } from './ports.ts';
import { secretReferences, type PlacedReference } from './secret-references.ts';
import { looksLikeSecret } from './secret-shape.ts';

/** A secret that is not there yet: worth saying, no reason to refuse, since the worker may run elsewhere. */
export interface SecretWarning {
  readonly path: string;
  readonly line: number | undefined;
  readonly warning: string;
}

export interface SecretCheck {
  readonly problems: readonly ConfigurationProblem[];
  readonly warnings: readonly SecretWarning[];
}

/** Looks behind every reference to a secret. What it finds there is dropped at once. */
export async function checkSecrets(
  configuration: Configuration,
  lineOf: LineOf,
  secrets: SecretSource,
): Promise<SecretCheck> {
  const problems: ConfigurationProblem[] = [];
  const warnings: SecretWarning[] = [];
  for (const placed of secretReferences(configuration)) {
    if (await isThere(placed, secrets)) continue;
    const place = { path: pathText(placed.path), line: lineOf(placed.path) };
    if (isValueInPlaceOfName(placed.reference)) problems.push({ ...place, ...VALUE_IN_PLACE_OF_NAME });
    else warnings.push({ ...place, warning: warningOf(placed.reference) });
  }
  return { problems, warnings };
}

const VALUE_IN_PLACE_OF_NAME = {
  problem: 'this looks like the secret itself, where the name of a variable belongs',
  fix: 'put the value into an environment variable such as HUBSPOT_TOKEN and write `{ env: HUBSPOT_TOKEN }`',
};

async function isThere(placed: PlacedReference, secrets: SecretSource): Promise<boolean> {
  try {
    await secrets.resolve(placed.tenantId, placed.reference);
    return true;
  } catch (error) {
    if (error instanceof SecretMissingError) return false;
    throw error;
  }
}

function isValueInPlaceOfName(reference: SecretRef): boolean {
  return 'env' in reference && looksLikeSecret(reference.env);
}

function warningOf(reference: SecretRef): string {
  if ('env' in reference) {
    return `the environment variable ${reference.env} is not set here; set it where the worker and the intake run`;
  }
  if ('file' in reference) {
    return `the file ${reference.file} cannot be read here; put it where the worker and the intake run`;
  }
  return `no secret is stored under the name ${reference.stored}`;
}
