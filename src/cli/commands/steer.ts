import { pauseConnection, resumeConnection } from '../../admin/services/steer-connection.ts';
import { environmentOfProcess } from '../../runtime/environment.ts';
import { connectionArgument } from '../arguments.ts';
import { done, failed, type CommandOutcome } from '../command-outcome.ts';
import { withServices } from '../with-services.ts';

/** Pauses or resumes a connection. */
export async function steer(verb: 'pause' | 'resume', connection: string): Promise<CommandOutcome> {
  const connectionId = connectionArgument(connection);
  return withServices(environmentOfProcess(), async ({ store, wake }) => {
    const act = verb === 'pause' ? pauseConnection : resumeConnection;
    const result = await act(connectionId, { connections: store.connections, wake });
    if (result.kind === 'unknown_connection') {
      return failed({
        blocks: [`There is no connection ${connectionId}.`],
        hints: ['`crm-sync status` lists the connections'],
        json: result,
      });
    }
    const answer =
      verb === 'pause'
        ? `${connectionId} is paused; what comes in waits in the ledger and is not lost.`
        : `${connectionId} is active; what waited for it is due now.`;
    return done({
      blocks: [answer],
      hints: [
        ...(result.woken ? [] : [`Temporal did not answer: ${connectionId} finds out within seconds of its return`]),
        ...(verb === 'pause' ? [`go on with: crm-sync resume ${connectionId}`] : []),
      ],
      json: result,
    });
  });
}
