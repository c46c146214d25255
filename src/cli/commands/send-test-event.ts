import { randomUUID } from 'node:crypto';
import { sendTestEvent as send, type TestEventResult } from '../../admin/services/send-test-event.ts';
import { environmentOfProcess, type Environment } from '../../runtime/environment.ts';
import { readServicesFile } from '../../runtime/services-file.ts';
import { tenantArgument } from '../arguments.ts';
import { ServiceUnreachableError, UsageError } from '../command-failure.ts';
import { done, failed, type CommandOutcome } from '../command-outcome.ts';
import { withServices } from '../with-services.ts';

interface TestEventArguments {
  readonly tenant: string;
  readonly type?: string;
  readonly conversation?: string;
  readonly from?: string;
  readonly eventId?: string;
}

/** Sends one signed event through the real intake and tells what it answered. */
export async function sendTestEvent(named: TestEventArguments): Promise<CommandOutcome> {
  const tenantId = tenantArgument(named.tenant);
  const environment = environmentOfProcess();
  const { type, conversation: conversationId, from: fromNumber, eventId } = named;
  return withServices(environment, async ({ store }) => {
    const result = await send(
      { tenantId, type, conversationId, fromNumber, eventId },
      {
        tenants: store.tenants,
        secrets: store.secrets,
        intakeUrl: await intakeUrl(environment),
        fetch,
        now: () => new Date(),
        newEventId: () => `evt_test_${randomUUID()}`,
      },
    );
    return outcomeOf(result, tenantId);
  });
}

/** The intake that `start` runs on this data directory, else the one PersonaDesk would reach. */
async function intakeUrl({ dataDirectory, publicUrl }: Environment): Promise<string> {
  const services = await readServicesFile(dataDirectory);
  return services === undefined ? publicUrl : `http://127.0.0.1:${services.intakePort}`;
}

function outcomeOf(result: TestEventResult, tenantId: string): CommandOutcome {
  switch (result.kind) {
    case 'unknown_tenant':
      return failed({
        blocks: [`There is no tenant ${tenantId}.`],
        hints: ['`crm-sync export` lists the tenants'],
        json: result,
      });
    case 'invalid':
      throw new UsageError(`The event cannot be sent: ${result.problem}.`);
    case 'unreachable':
      throw new ServiceUnreachableError(
        'intake',
        `The intake is not reachable at ${result.url}: start it with \`npm start\`, or correct CRM_SYNC_PUBLIC_URL.`,
      );
    case 'answered':
      return answered(result);
  }
}

function answered(result: Extract<TestEventResult, { readonly kind: 'answered' }>): CommandOutcome {
  const { status, body, eventId, conversationId } = result;
  const accepted = status === 202;
  const outcome = {
    blocks: [`The intake ${accepted ? 'accepted' : 'refused'} ${eventId}: ${status} ${body.trim()}`],
    json: result,
  };
  if (!accepted) return failed(outcome);
  return done({
    ...outcome,
    hints: [
      `see what becomes of it: crm-sync explain ${conversationId}`,
      'an event id counts once; send another event with --event-id',
    ],
  });
}
