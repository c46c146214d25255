import { stringify } from 'yaml';
import type { Configuration } from '../../domain/configuration.ts';
import { configurationInForce } from './configuration-in-force.ts';
import type { ConfigurationStore } from './ports.ts';

/** The configuration in force, as a value and as a file that `apply` takes back without a difference. */
export interface ExportedConfiguration {
  readonly configuration: Configuration;
  readonly yaml: string;
}

/** Prints what the database says, with every default written out. Secrets appear as the references that name them. */
export async function exportConfiguration(store: ConfigurationStore): Promise<ExportedConfiguration> {
  const configuration = await configurationInForce(store);
  return { configuration, yaml: stringify(configuration, { lineWidth: 120 }) };
}
