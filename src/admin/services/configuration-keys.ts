import { configurationSchema } from '../../domain/configuration.ts';
import { knownKeysAt } from '../../domain/document-keys.ts';
import type { ConfigurationPath } from './configuration-problem.ts';

/** The keys that may stand at a place of the configuration file; empty for what is no block. */
export function configurationKeysAt(path: ConfigurationPath): readonly string[] {
  return knownKeysAt(configurationSchema, path);
}
