import { userInfo } from 'node:os';
import { listForReview, showForReview } from '../../admin/services/review.ts';
import { chooseForConversation, forgetChoice } from '../../admin/services/review-choice.ts';
import { choiceText, forgetText, notFoundText, reviewBlocks, reviewedText } from '../../admin/services/review-text.ts';
import type { CallerDecision } from '../../domain/caller-choice.ts';
import type { ConnectionId, ConversationId } from '../../domain/ids.ts';
import { environmentOfProcess } from '../../runtime/environment.ts';
import { connectionArgument, conversationArgument } from '../arguments.ts';
import type { CommandContext } from '../command-context.ts';
import { UsageError } from '../command-failure.ts';
import { done, failed, type CommandOutcome } from '../command-outcome.ts';
import { paintStates } from '../paint.ts';
import { withServices } from '../with-services.ts';

interface ReviewArguments {
  readonly conversation: string | undefined;
  readonly connection?: string;
  readonly choose?: string;
  readonly create?: true;
  readonly skip?: true;
  readonly always?: true;
  readonly forget?: true;
}

/** Lists what waits for a person to choose, shows one conversation, chooses for it, or takes a choice back. */
export async function review(named: ReviewArguments, context: CommandContext): Promise<CommandOutcome> {
  const connectionId = named.connection === undefined ? undefined : connectionArgument(named.connection);
  const conversationId = named.conversation === undefined ? undefined : conversationArgument(named.conversation);
  const decisions = decisionsOf(named);
  const [decision] = decisions;
  if (decisions.length + (named.forget === true ? 1 : 0) > 1) {
    throw new UsageError('Say one of --choose OBJECT:ID, --create, --skip and --forget.');
  }
  if (named.always === true && decision === undefined) {
    throw new UsageError('--always says for how long: say what as well, with --choose OBJECT:ID, --create or --skip.');
  }
  if (conversationId === undefined) {
    if (decisions.length === 0 && named.forget !== true) return list(connectionId, context);
    throw new UsageError('Say which conversation is meant: crm-sync review CONVERSATION ...');
  }
  if (named.forget === true) return forget({ conversationId, connectionId, by: osUser() });
  if (decision === undefined) return show(conversationId, connectionId, context);
  const request = { conversationId, connectionId, by: osUser(), decision, always: named.always === true };
  return choose(request, context);
}

function decisionsOf({ choose: chosen, create, skip }: ReviewArguments): readonly CallerDecision[] {
  return [
    ...(chosen === undefined ? [] : [{ action: 'choose' as const, ref: recordArgument(chosen) }]),
    ...(create === true ? [{ action: 'create' as const }] : []),
    ...(skip === true ? [{ action: 'skip' as const }] : []),
  ];
}

function recordArgument(text: string) {
  const { object, id } = /^(?<object>[A-Za-z]\w{0,63}):(?<id>[\w-]{1,64})$/.exec(text)?.groups ?? {};
  if (object !== undefined && id !== undefined) return { object, id };
  throw new UsageError('--choose takes a record as OBJECT:ID, such as contacts:5123 or Contact:003Dn00000XyZabIAV.');
}

/** Who sits at this machine; somebody without a name there has a number. */
function osUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

function list(connectionId: ConnectionId | undefined, context: CommandContext): Promise<CommandOutcome> {
  return withServices(environmentOfProcess(), async ({ store }) => {
    const result = await listForReview({ connectionId }, store);
    if (result.kind === 'unknown_connection') {
      return failed({
        blocks: [`There is no connection ${result.connectionId}.`],
        hints: ['`crm-sync status` lists the connections'],
        json: result,
      });
    }
    return done({
      blocks: reviewBlocks(result, context.now()),
      hints: result.total === 0 ? [] : howToChoose('CONVERSATION'),
      json: result,
    });
  });
}

function howToChoose(conversation: string): readonly string[] {
  return [
    `choose with: crm-sync review ${conversation} --connection ID --choose OBJECT:ID, or --create, or --skip`,
    'for all later conversations of the caller as well: --always',
    `what was looked at: crm-sync explain ${conversation}`,
  ];
}

function show(
  conversationId: ConversationId,
  connectionId: ConnectionId | undefined,
  context: CommandContext,
): Promise<CommandOutcome> {
  return withServices(environmentOfProcess(), async ({ store }) => {
    const reviewed = await showForReview({ conversationId, connectionId }, store);
    const json = { conversationId, connections: reviewed };
    if (reviewed.length === 0) {
      const blocks = [notFoundText(conversationId, { kind: 'unknown_conversation', connectionId })];
      return failed({ blocks, hints: hintsOf('unknown_conversation'), json });
    }
    const waits = reviewed.some(({ state }) => state === 'needs_review');
    return done({
      blocks: paintStates(
        reviewed.map((one) => reviewedText(one, context.now())),
        context.colour,
      ),
      hints: waits ? howToChoose(conversationId) : [],
      json,
    });
  });
}

function choose(
  request: Parameters<typeof chooseForConversation>[0],
  context: CommandContext,
): Promise<CommandOutcome> {
  return withServices(environmentOfProcess(), async ({ store, wake }) => {
    // The CRM's clients are loaded only here: lists and mistyped arguments are answered without them.
    const { createDoctorClients } = await import('../../runtime/doctor-clients.ts');
    const clients = createDoctorClients({
      store,
      onCloseFailure: () => context.print('A connection to the CRM did not close in order.'),
    });
    try {
      const result = await chooseForConversation(request, { ...store, ...clients, wake, now: context.now });
      const { conversationId } = request;
      const outcome = { blocks: [choiceText(conversationId, result)], json: { conversationId, ...result } };
      if (result.kind !== 'chosen') return failed({ ...outcome, hints: hintsOf(result.kind) });
      return done({
        ...outcome,
        hints: [
          ...(result.woken
            ? []
            : [`Temporal did not answer: ${result.connectionId} goes on within seconds of its return`]),
          ...(result.always ? [`take it back with: crm-sync review ${conversationId} --forget`] : []),
        ],
      });
    } finally {
      await clients.close();
    }
  });
}

function hintsOf(kind: string): readonly string[] {
  return kind === 'not_in_review' || kind === 'unknown_conversation'
    ? ['`crm-sync review` lists what waits for a person']
    : [];
}

function forget(request: {
  readonly conversationId: ConversationId;
  readonly connectionId: ConnectionId | undefined;
  readonly by: string;
}): Promise<CommandOutcome> {
  return withServices(environmentOfProcess(), async ({ store }) => {
    const result = await forgetChoice(request, { ...store, now: () => new Date() });
    const { conversationId } = request;
    const outcome = { blocks: [forgetText(conversationId, result)], json: { conversationId, ...result } };
    if (result.kind !== 'forgotten') return failed(outcome);
    return done({ ...outcome, hints: [`deliver this one again: crm-sync retry ${conversationId}`] });
  });
}
