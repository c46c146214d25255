import { examineConnections, type DoctorResult } from '../../admin/services/doctor.ts';
import { doctorBlocks, doctorHints } from '../../admin/services/doctor-text.ts';
import { environmentOfProcess } from '../../runtime/environment.ts';
import { connectionArgument } from '../arguments.ts';
import type { CommandContext } from '../command-context.ts';
import { done, failed, type CommandOutcome } from '../command-outcome.ts';
import { paintSeverities } from '../paint-severities.ts';
import { withServices } from '../with-services.ts';

interface DoctorArguments {
  readonly connection: string | undefined;
  /** Create in the CRM what writing needs and may be created. */
  readonly fix: boolean;
}

/** Looks at one connection or all of them as the integration user does, and says who mends what where. */
export async function doctor({ connection, fix }: DoctorArguments, context: CommandContext): Promise<CommandOutcome> {
  const connectionId = connection === undefined ? undefined : connectionArgument(connection);
  const environment = environmentOfProcess();
  return withServices(environment, async ({ store }) => {
    // The CRM's and PersonaDesk's clients are loaded only here: a mistyped argument is answered without them.
    const { createDoctorClients } = await import('../../runtime/doctor-clients.ts');
    const clients = createDoctorClients({
      store,
      onCloseFailure: () => context.print('A connection to the CRM did not close in order.'),
    });
    try {
      const { connections, tenants, secrets, inbox } = store;
      const result = await examineConnections(
        { connectionId, fix },
        { ...clients, connections, tenants, secrets, inbox, intakeUrl: environment.publicUrl, now: context.now },
      );
      return outcomeOf(result, fix, context.colour);
    } finally {
      await clients.close();
    }
  });
}

function outcomeOf(result: DoctorResult, fix: boolean, colour: boolean): CommandOutcome {
  if (result.kind === 'unknown_connection') {
    return failed({
      blocks: [`There is no connection ${result.connectionId}.`],
      hints: ['`crm-sync status` lists the connections'],
      json: result,
    });
  }
  const isEmpty = result.connections.length === 0;
  const outcome = {
    blocks: paintSeverities(doctorBlocks(result), colour),
    hints: isEmpty ? ['add one: crm-sync apply FILE.yaml'] : doctorHints(result, fix),
    json: result,
  };
  return result.errors === 0 ? done(outcome) : failed(outcome);
}
