import { readStatus } from '../../admin/services/status.ts';
import { statusBlocks } from '../../admin/services/status-text.ts';
import { environmentOfProcess } from '../../runtime/environment.ts';
import type { CommandContext } from '../command-context.ts';
import { done, type CommandOutcome } from '../command-outcome.ts';
import { withServices } from '../with-services.ts';
import { paintStates } from '../paint.ts';

/** Says how fresh each CRM is and what needs a person. */
export function status(context: CommandContext): Promise<CommandOutcome> {
  return withServices(environmentOfProcess(), async ({ store }) => {
    const current = await readStatus(store, context.now());
    const hints = [
      ...(current.connections.length === 0 ? ['add one: crm-sync apply FILE.yaml'] : []),
      ...(current.needsPerson.length === 0 ? [] : ['once it is mended, deliver again: crm-sync retry --reason CODE']),
    ];
    return done({ blocks: paintStates(statusBlocks(current), context.colour), hints, json: current });
  });
}
