import { exportConfiguration } from '../../admin/services/export-configuration.ts';
import { environmentOfProcess } from '../../runtime/environment.ts';
import { done, type CommandOutcome } from '../command-outcome.ts';
import { withServices } from '../with-services.ts';

/** Prints the configuration in force, as a file that `apply` takes back. */
export function exportInForce(): Promise<CommandOutcome> {
  return withServices(environmentOfProcess(), async ({ store }) => {
    const { configuration, yaml } = await exportConfiguration(store);
    return done({ blocks: [yaml.trimEnd()], json: configuration });
  });
}
