import { retryDeliveries } from '../../admin/services/retry.ts';
import { environmentOfProcess } from '../../runtime/environment.ts';
import { connectionArgument, conversationArgument, reasonArgument } from '../arguments.ts';
import { UsageError } from '../command-failure.ts';
import { done, failed, type CommandOutcome } from '../command-outcome.ts';
import { withServices } from '../with-services.ts';

interface RetryArguments {
  readonly conversation: string | undefined;
  readonly reason?: string;
  readonly connection?: string;
}

/** Delivers again what waits or has ended: one conversation, or all of a reason, a connection, or both. */
export async function retry(named: RetryArguments): Promise<CommandOutcome> {
  const selection = {
    conversationId: named.conversation === undefined ? undefined : conversationArgument(named.conversation),
    reason: named.reason === undefined ? undefined : reasonArgument(named.reason),
    connectionId: named.connection === undefined ? undefined : connectionArgument(named.connection),
  };
  if (Object.values(selection).every((value) => value === undefined)) {
    throw new UsageError('Say what to retry: a conversation id, --reason CODE or --connection ID.');
  }
  return withServices(environmentOfProcess(), async ({ store, wake }) => {
    const result = await retryDeliveries(selection, { ledger: store.ledger, wake, now: () => new Date() });
    if (result.requeued === 0) {
      return failed({
        blocks: ['Nothing to retry: no delivery that waits or has ended matches.'],
        hints: ['`crm-sync status` shows the reasons and their counts'],
        json: result,
      });
    }
    const due = result.requeued === 1 ? '1 delivery is' : `${result.requeued.toLocaleString('en-US')} deliveries are`;
    return done({
      blocks: [`${due} due again at ${result.connections.join(', ')}.`],
      hints: result.notWoken.map((id) => `Temporal did not answer: ${id} goes on within seconds of its return`),
      json: result,
    });
  });
}
