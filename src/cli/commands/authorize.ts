import { beginAuthorization, CALLBACK_PATH, type BegunSignIn } from '../../admin/services/authorize.ts';
import { expiredText, outcomeText, type SignInText } from '../../admin/services/authorize-text.ts';
import type { ConnectionId } from '../../domain/ids.ts';
import { environmentOfProcess, type Environment } from '../../runtime/environment.ts';
import { readServicesFile } from '../../runtime/services-file.ts';
import { connectionArgument } from '../arguments.ts';
import type { CommandContext } from '../command-context.ts';
import { ServiceUnreachableError } from '../command-failure.ts';
import { done, failed, type CommandOutcome } from '../command-outcome.ts';
import { waitForSignIn, type WaitedSignIn } from '../wait-for-sign-in.ts';
import { withServices } from '../with-services.ts';

interface AuthorizeArguments {
  readonly connection: string;
  /** Take another account than the connection has worked with so far. */
  readonly replace: boolean;
}

/** Prints the address at which a person lets a connection in, and waits until somebody has. */
export async function authorize(
  { connection, replace }: AuthorizeArguments,
  context: CommandContext,
): Promise<CommandOutcome> {
  const connectionId = connectionArgument(connection);
  const environment = environmentOfProcess();
  const redirectUri = await callbackAddress(environment);
  return withServices(environment, async ({ store }) => {
    // The CRM's client is loaded only here: a mistyped argument is answered without it.
    const { createSignIns } = await import('../../runtime/sign-in.ts');
    const signIns = createSignIns(store);
    try {
      const { connections, authorizations } = store;
      const { signInFor } = signIns;
      const begun = await beginAuthorization(
        { connectionId, replace, redirectUri },
        { connections, authorizations, signInFor, now: context.now },
      );
      if (begun.kind !== 'begun') return refused(begun, connectionId);
      announce(begun, connectionId, redirectUri, context);
      const outcome = await waitForSignIn(begun, authorizations, context);
      return outcomeOf(outcome, connectionId, redirectUri);
    } finally {
      await signIns.close();
    }
  });
}

/** The admin that `start` runs on this data directory, else the one that the settings name. */
async function callbackAddress({ adminUrl, dataDirectory, ports }: Environment): Promise<string> {
  if (adminUrl !== undefined) return `${adminUrl}${CALLBACK_PATH}`;
  const port = (await readServicesFile(dataDirectory))?.adminPort ?? ports.admin;
  await mustAnswer(port);
  return `http://localhost:${port}${CALLBACK_PATH}`;
}

const PROBE_MS = 3_000;

/** Without the admin nobody would be there to take the person back, which they would learn only after they signed in. */
async function mustAnswer(port: number): Promise<void> {
  const url = `http://127.0.0.1:${port}/healthz`;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(PROBE_MS) });
    await answer.arrayBuffer();
    if (answer.ok) return;
  } catch (error) {
    // Whatever fetch could not do, nobody answered; what is no Error of its own is a fault of ours.
    if (!(error instanceof Error)) throw error;
  }
  throw new ServiceUnreachableError(
    'admin',
    `The admin does not answer on port ${port}, and a sign-in ends there: start it with \`npm start\` or \`crm-sync admin\`, or set CRM_SYNC_ADMIN_URL.`,
  );
}

function announce(
  { url, expiresAt, crm }: Extract<BegunSignIn, { kind: 'begun' }>,
  connectionId: ConnectionId,
  redirectUri: string,
  { print }: CommandContext,
): void {
  print(`Open this address and sign in to ${crm} as the user that ${connectionId} is to write as:`);
  print('');
  print(url);
  print('');
  print(`It is good for one use until ${expiresAt.toISOString()}. The app's callback URL is ${redirectUri}.`);
  print('Waiting; Ctrl-C ends the waiting only.');
}

function refused(begun: Exclude<BegunSignIn, { kind: 'begun' }>, connectionId: ConnectionId): CommandOutcome {
  if (begun.kind === 'unknown_connection') {
    return failed({
      blocks: [`There is no connection ${connectionId}.`],
      hints: ['`crm-sync status` lists the connections'],
      json: begun,
    });
  }
  return failed({
    blocks: [`${connectionId} (${begun.crm}) does not sign in by browser.`],
    hints:
      begun.crm === 'csv-log'
        ? []
        : ['write `credentials: { oauth: { clientId: ..., clientSecret: { env: NAME } } }`, apply it, and try again'],
    json: begun,
  });
}

function outcomeOf(outcome: WaitedSignIn, connectionId: ConnectionId, redirectUri: string): CommandOutcome {
  const { answer, next } = textOf(outcome, connectionId, redirectUri);
  const told = { blocks: [answer], hints: [next], json: { connectionId, ...outcome } };
  return outcome.kind === 'signed_in' ? done(told) : failed(told);
}

function textOf(outcome: WaitedSignIn, connectionId: ConnectionId, redirectUri: string): SignInText {
  switch (outcome.kind) {
    case 'expired':
      return expiredText(connectionId);
    case 'interrupted':
      return {
        answer: 'Somebody came back from the CRM, but the admin stopped before the sign-in was complete.',
        next: `Run \`crm-sync authorize ${connectionId}\` again.`,
      };
    case 'signed_in':
    case 'denied':
    case 'exchange_failed':
    case 'elsewhere':
    case 'other_account':
    case 'configuration_changed':
      return outcomeText(outcome, { connectionId, redirectUri });
  }
}
