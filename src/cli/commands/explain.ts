import { explainConversation, type ConnectionExplanation } from '../../admin/services/explain.ts';
import { explanationText } from '../../admin/services/explain-text.ts';
import { environmentOfProcess } from '../../runtime/environment.ts';
import { connectionArgument, conversationArgument } from '../arguments.ts';
import type { CommandContext } from '../command-context.ts';
import { done, failed, type CommandOutcome } from '../command-outcome.ts';
import { withServices } from '../with-services.ts';
import { paintStates } from '../paint.ts';

/** Says why a conversation is where it is, at every connection or at one. */
export function explain(
  request: { readonly conversation: string; readonly connection?: string },
  context: CommandContext,
): Promise<CommandOutcome> {
  const conversationId = conversationArgument(request.conversation);
  const connectionId = request.connection === undefined ? undefined : connectionArgument(request.connection);
  return withServices(environmentOfProcess(), async ({ store }) => {
    const explained = await explainConversation({ conversationId, connectionId }, store);
    if (explained.length === 0) return unknown(conversationId, connectionId);
    return done({
      blocks: paintStates(
        explained.map((one) => explanationText(one, context.now())),
        context.colour,
      ),
      hints: explained.flatMap(hintsOf),
      json: { conversationId, connections: explained },
    });
  });
}

function hintsOf({ state, conversationId, connectionId }: ConnectionExplanation): readonly string[] {
  const isOver = state === 'failed' || state === 'needs_review' || state === 'skipped';
  return isOver ? [`deliver again to ${connectionId}: crm-sync retry ${conversationId}`] : [];
}

function unknown(conversationId: string, connectionId: string | undefined): CommandOutcome {
  const who = connectionId === undefined ? 'No connection has' : `${connectionId} has not`;
  return failed({
    blocks: [`${who} heard of ${conversationId}.`],
    hints: ['no webhook named it yet; `crm-sync status` lists the connections'],
    json: { conversationId, connections: [] },
  });
}
